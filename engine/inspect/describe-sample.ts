import type { Block } from '../cells/step/evaluate.ts';
import type { UnitSample } from '../protocol/inspect-units.ts';
import type { StateSample } from './state-sample.ts';
import { piece, unitFigures } from './unit-figures.ts';

/** Labels that are told at most. */
const mostLabels = 200;

/** What a window is told of a sample at first. Other work has its turn at each `yield`. */
export function* describeSample(id: string, sample: StateSample): Generator<void, UnitSample> {
  const { step, sequences, of, units, values, ended, surprise, classes, level, running } = sample;
  const figures = yield* unitFigures(sample);
  return {
    sample: id,
    step,
    examples: sequences.length,
    of,
    steps: values.length / Math.max(1, units),
    ended,
    ...figures,
    level: sequences.some(({ words }) => words.some((word) => word !== '')) ? level : null,
    running,
    labels: yield* labelsOf(sample),
    guess: surprise === null ? null : Math.log(Math.max(2, classes.length)),
  };
}

function* labelsOf({ labels, labelKind, classes }: StateSample): Generator<void, UnitSample['labels']> {
  if (labels === null || labelKind === null) return null;
  const counts = new Map<number, number>();
  for (let from = 0; from < labels.length; from += piece) {
    for (const label of labels.subarray(from, from + piece)) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
    yield;
  }
  const names = [...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([label]) => classes[label] ?? `#${label}`);
  return { kind: labelKind, names: names.slice(0, mostLabels), more: names.length > mostLabels };
}

/** One sequence's values `[T, H]`. */
export function blockOfSequence({ sequences, values, units }: StateSample, place: number): Block {
  const start = sequences[place]?.start ?? 0;
  const end = sequences[place + 1]?.start ?? values.length / units;
  return { rows: end - start, width: units, data: Float64Array.from(values.subarray(start * units, end * units)) };
}
