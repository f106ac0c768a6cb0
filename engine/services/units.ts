import { givingWay } from '../event-loop.ts';
import { ThreadTimeout } from '../inspect/analysis/in-thread.ts';
import { matchingRanges, unitsOn } from '../inspect/analysis/matching-ranges.ts';
import { expressionOf } from '../inspect/analysis/unit-places.ts';
import { sent } from '../inspect/arrays.tf.ts';
import { blockOfSequence, describeSample } from '../inspect/describe-sample.ts';
import { lineOfSameCell, type SampleStore } from '../inspect/state-sample.ts';
import type { KeptRecurrence, KeptTrace } from '../inspect/trace.tf.ts';
import type { RunInspections } from '../manage/run-inspections.ts';
import type { Handlers } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Place } from '../protocol/inspect.ts';
import type { UnitPattern, unitMethods } from '../protocol/inspect-units.ts';
import type { InspectWork } from './inspect-work.ts';

/** How long a pattern may take, ms: an expression that backtracks without end is given up. */
const longestPattern = 30_000;

/** What the units of a cell do over a split. */
export function unitService(
  inspections: RunInspections,
  samples: SampleStore,
  recurrenceAt: (trace: KeptTrace, place: Place) => KeptRecurrence,
  work: InspectWork,
): Pick<Handlers, keyof typeof unitMethods> {
  return {
    'inspect.statistics': ({ id, ...wanted }) =>
      work.run(id, async (tell, signal) => {
        const sample = await inspections.sample(wanted, (done, of) => tell({ done, of }), signal);
        return givingWay(describeSample(samples.add(sample), sample));
      }),
    'inspect.sampleText': async ({ sample, from, count }) => {
      const { sequences, classes, labels, labelKind } = samples.get(sample);
      const nameOf = (id: number): string => (id < 0 ? '' : (classes[id] ?? `#${id}`));
      return {
        sequences: sequences.slice(from, from + count).map(({ words, label, start, example }) => ({
          example,
          start,
          words: [...words],
          label: label === null ? null : nameOf(label),
          tags: labelKind === 'tag' && labels ? Array.from(labels.subarray(start, start + words.length), nameOf) : null,
        })),
      };
    },
    'inspect.sampleValues': async ({ sample, unit }) => {
      const { values, units, surprise } = samples.get(sample);
      if (unit === null) {
        if (surprise === null) throw noSurprise;
        return sent({ shape: [surprise.length], data: surprise });
      }
      if (unit >= units) throw noUnit(unit, units);
      const column = new Float32Array(values.length / units);
      for (let row = 0; row < column.length; row++) column[row] = values[row * units + unit] ?? 0;
      return sent({ shape: [column.length], data: column });
    },
    'inspect.unitScores': async ({ id, sample, of }) => {
      const { level, sequences, labels, labelKind, classes, values, units } = samples.get(sample);
      checkPattern(
        of,
        labelKind === null ? null : classes,
        sequences.some(({ words }) => words.some((word) => word !== '')),
      );
      const placed = { level, sequences: sequences.map(({ start, words }) => ({ start, words })), labels, classes };
      try {
        return await work.thread(id, { kind: 'unitScores', of, values, units, ...placed }, { limit: longestPattern });
      } catch (error) {
        if (error instanceof ThreadTimeout) throw tooSlow;
        throw error;
      }
    },
    'inspect.similar': async ({ sample, trace, from, to, least, limit, ...rule }) => {
      const kept = samples.get(sample);
      const line = lineOfSameCell(recurrenceAt(inspections.traces.get(trace), kept.place), kept.line.name, kept.units);
      const states = { rows: line.shape[0] ?? 0, width: kept.units, data: Float64Array.from(line.data) };
      if (from > to || to >= states.rows) throw noRange(states.rows);
      const on = unitsOn(states, { from, to }, rule);
      const wanted = { least: least ?? Math.ceil(on.length / 2), limit };
      const matches = on.length === 0 ? [] : await givingWay(matchingRanges(blocksOf(kept), on, rule, wanted));
      return { on: [...on], matches: [...matches] };
    },
  };
}

function* blocksOf(sample: Parameters<typeof blockOfSequence>[0]) {
  for (let place = 0; place < sample.sequences.length; place++) yield blockOfSequence(sample, place);
}

/** @throws UserError `bad-pattern`, `wrong-target` */
function checkPattern(of: UnitPattern, classes: readonly string[] | null, words: boolean): void {
  if (of.kind === 'text') {
    if (!words) throw badPattern('these steps have no words');
    try {
      expressionOf(of);
    } catch (error) {
      throw badPattern(error instanceof Error ? error.message : String(error));
    }
  } else if (of.kind === 'label' && classes?.includes(of.label) !== true)
    throw new UserError({
      code: 'wrong-target',
      message: classes === null ? 'These steps have no labels.' : `There is no ${JSON.stringify(of.label)} among the labels.`,
      hint: 'Choose another pattern.',
    });
}

const badPattern = (why: string): UserError =>
  new UserError({
    code: 'bad-pattern',
    message: `The pattern cannot be looked for: ${why}.`,
    hint: 'It is a regular expression: a dot stands for any character, and ( ) [ ] { } * + ? . \\ | ^ $ for themselves after a \\.',
  });

const tooSlow = new UserError({
  code: 'pattern-too-slow',
  message: `The pattern took longer than ${longestPattern / 1000} seconds, and was given up.`,
  hint: 'Repetitions inside of repetitions, such as (a+)+, take that long; or read fewer sequences.',
});

const noSurprise = new UserError({
  code: 'no-surprise',
  message: 'Nothing is said at each of these steps, so none is surprising.',
  hint: 'Colour the text by a unit.',
});

const noUnit = (unit: number, units: number): UserError =>
  new UserError({ code: 'no-unit', message: `There is no unit ${unit}: there are ${units}, from 0.`, hint: 'Choose another.' });

const noRange = (steps: number): UserError =>
  new UserError({ code: 'no-step', message: `There are no such steps: there are ${steps}.`, hint: 'Choose others.' });
