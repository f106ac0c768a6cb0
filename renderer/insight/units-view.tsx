import { useId, useMemo, useState } from 'react';
import type { TracedRecurrence } from '../../engine/protocol/inspect.ts';
import { splitOptions } from '../data/split-options.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { ColouredSentence } from './coloured-sentence.tsx';
import { FigureTools } from './figure-tools.tsx';
import { lineLabel } from './line-words.ts';
import { columnOf, largest } from './matrix.ts';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { emptyDraft, PatternForm, patternOf, patternWords } from './pattern-form.tsx';
import { SampleBar } from './sample-bar.tsx';
import { chooseSplit, useSample } from './sample-store.ts';
import { SampleText } from './sample-text.tsx';
import { useColourTables } from './scale-colours.ts';
import { ScaleLegend } from './scale-legend.tsx';
import { SimilarPlaces } from './similar-places.tsx';
import { shown } from './step-equations.ts';
import { namingToken, stepNames } from './step-names.ts';
import { chooseInput, pinUnit, type StepRange, setCursor, setLine, setRange, useInsight } from './store.ts';
import { axisOf, cursorAt, rowAt } from './time-axis.ts';
import { textSvg } from './token-lines.ts';
import { UnitList, unitRanking } from './unit-list.tsx';
import {
  type ColourBy,
  inSurpriseUnit,
  type SurpriseUnit,
  surpriseScale,
  surprises,
  unitScale,
  usualThreshold,
} from './units-colour.ts';
import './units-view.css';
import { useSampleText, useSampleValues, useUnitScores } from './use-sample-values.ts';
import { useValues } from './use-values.ts';
import { ViewHead } from './view-head.tsx';
import { WorkNote } from './work-note.tsx';

/** Text coloured by a unit or by surprise; which unit tells a pattern; where units that are on together are on again (LSTMVis). */
export function UnitsView({ trace, node, recurrence, place }: RecurrenceViewProps) {
  const id = useId();
  const wide = recurrence.values.filter(({ units }) => units > 1);
  const lines = wide.length > 0 ? wide : recurrence.values;
  const wantedLine = useInsight((s) => s.line);
  const cursor = useInsight((s) => s.cursor);
  const pinned = useInsight((s) => s.unit);
  const input = useInsight((s) => s.input);
  const usual = lines.find(({ name }) => name === `${recurrence.states[0]?.name}'`) ?? lines[0];
  const line = lines.find(({ name }) => name === wantedLine) ?? usual;
  const [draft, setDraft] = useState(emptyDraft);
  const [wantedBy, setBy] = useState<ColourBy>('unit');
  const [measure, setMeasure] = useState<SurpriseUnit>('bits');
  const [hover, setHover] = useState<{ readonly sequence: number | null; readonly step: number } | null>(null);
  const [range, chooseRange] = useRange(trace.steps, recurrence.steps);

  const { sample, of, progress, failure, split } = useSample(trace, place, line?.name ?? '');
  const sequences = useSampleText(sample?.sample ?? null);
  const pattern = sample && patternOf(sample, draft);
  const scores = useUnitScores(sample?.sample ?? null, pattern);
  const auroc = pattern === null ? null : (scores.result?.auroc ?? null);
  const best = useMemo(() => (sample ? unitRanking(sample.units, auroc)[0] : undefined), [sample, auroc]);
  const unit = pinned ?? best ?? 0;

  const names = useMemo(() => (line ? [line.name] : []), [line]);
  const matrix = useValues(trace.trace, place, names)?.matrices.get(line?.name ?? '') ?? null;
  const said = useMemo(() => surprises(trace, recurrence), [trace, recurrence]);
  const surprising = sample !== null && sample.guess !== null && said !== null;
  const by = surprising ? wantedBy : 'unit';
  const tagged = trace.target?.kind === 'tags';
  const factor = by === 'surprise' ? inSurpriseUnit(1, measure) : 1;
  const values = useSampleValues(sample?.sample ?? null, by === 'unit' ? unit : null);
  const scale = useMemo(
    () =>
      by === 'surprise' && sample
        ? surpriseScale(sample, measure)
        : unitScale(line?.range ?? 'free', Math.max(sample?.largest ?? 0, matrix ? largest(matrix) : 0)),
    [by, sample, measure, line?.range, matrix],
  );
  const own = useMemo(
    () => (by === 'surprise' ? (said ?? []).map((nats) => factor * nats) : matrix ? columnOf(matrix, unit) : []),
    [by, said, factor, matrix, unit],
  );
  const table = useColourTables()[scale.kind];
  const steps = useMemo(() => stepNames(recurrence.steps, trace.steps), [recurrence.steps, trace.steps]);
  if (!line) return null;
  // As in the text under it, whose steps have none where they are numbers.
  const words = recurrence.steps.map(({ token }) => (sample?.level === null ? '' : namingToken(token)));
  const wordless = words.every((word) => word === '');
  const here = input?.kind === 'example' && input.split === split ? input.index : null;
  const row = rowAt(cursor, recurrence.steps, trace.steps);
  const label = lineLabel(line.name);
  const quantity = by === 'unit' ? `unit ${unit} of ${label}` : `surprise in ${measure}`;
  const name = `Text coloured by ${quantity}, ${node.title}`;
  const look = (example: number, steps?: StepRange): void => {
    chooseInput({ kind: 'example', split: of?.split ?? split, index: example }, steps && { range: steps });
  };
  return (
    <div className="units">
      <ViewHead
        title="Units in text"
        shows={
          by === 'unit'
            ? `Each ${wordless ? 'step' : 'token'} stands on the colour of ${quantity} after it was read.`
            : `Each token stands on the colour of −log p of ${tagged ? 'its right tag' : 'the token'}: none is sure, full is a guess among all.`
        }
        lookFor={
          by === 'unit'
            ? wordless
              ? 'Look for a unit whose colour turns where what is read does: at a beginning, a peak, an end.'
              : 'Look for a unit whose colour turns where the text does: at quotes, names, the number of the subject.'
            : tagged
              ? 'Look for full colour: there the network is wrong.'
              : 'Look for words that lose their colour after some letters: there the network knows how they end.'
        }
        tex={
          by === 'surprise' ? (tagged ? '-\\log p(y_t)' : '-\\log p(x_t \\mid x_{<t})') : unitTex(label, unit, pattern !== null)
        }
      >
        {surprising && (
          <Segmented<ColourBy>
            label="Colour by"
            value={by}
            onChange={setBy}
            options={[
              { value: 'unit', label: 'a unit' },
              { value: 'surprise', label: 'surprise' },
            ]}
          />
        )}
        {by === 'surprise' ? (
          <Segmented<SurpriseUnit>
            label="Surprise in"
            value={measure}
            onChange={setMeasure}
            options={[
              { value: 'bits', label: 'bits' },
              { value: 'nats', label: 'nats' },
            ]}
          />
        ) : (
          <Select
            label="Line of the cell"
            value={line.name}
            onChange={setLine}
            options={lines.map((one) => ({ value: one.name, label: lineLabel(one.name) }))}
          />
        )}
        <Select label="Text of" value={split} onChange={chooseSplit} options={splitOptions} />
        <ScaleLegend scale={scale} />
      </ViewHead>
      {failure && <FailureNote failure={failure} />}
      <div className="units__bar">
        {sample && <PatternForm sample={sample} draft={draft} onChange={setDraft} />}
        <p className="units__told" role="status">
          {sample &&
            (pattern === null
              ? 'Units that move most stand first.'
              : scores.result && toldOf(patternWords(pattern, sample), scores.result))}
        </p>
        <SampleBar progress={progress} trace={trace} />
      </div>
      {scores.failure && pattern !== null && <FailureNote failure={scores.failure} />}
      {pattern !== null && <WorkNote label="Comparing each unit …" work={scores} />}
      <div className="units__columns">
        <section className="units__list" aria-label="Units">
          {sample ? (
            <UnitList figures={sample.units} auroc={auroc} unit={unit} name={`${label} of ${node.title}`} onPin={pinUnit} />
          ) : (
            !failure && <Spinner label="Reading the text …" />
          )}
        </section>
        <section className="units__text" aria-label="Text">
          <ColouredSentence
            label={`The sentence coloured by ${quantity}`}
            words={words}
            level={sample?.level ?? (words.some((word) => word !== '') ? 'word' : null)}
            values={own}
            scale={scale}
            cursor={row}
            range={range}
            describedBy={`${id}-read`}
            onCursor={(step) => setCursor(cursorAt(step, recurrence.steps, trace.steps))}
            onRange={chooseRange}
            onHover={(step) => setHover(step === null ? null : { sequence: null, step })}
          />
          <SampleText
            label={`${split} text coloured by ${quantity}`}
            sequences={sequences}
            level={sample?.level ?? null}
            values={values}
            factor={factor}
            scale={scale}
            ranges={pattern === null ? noRanges : (scores.result?.ranges ?? noRanges)}
            here={here}
            onLook={look}
            onHover={setHover}
          />
          <div className="heat-map__foot">
            <span id={`${id}-read`} className="heat-map__read" role="status">
              {read(hover ?? (row === null ? null : { sequence: null, step: row }))}
            </span>
            <FigureTools
              name={name}
              table={() => ({
                head: ['', 'step', 'token', quantity],
                rows: [
                  ...words.map((word, step) => ['the sentence', step + 1, word, own[step] ?? Number.NaN]),
                  ...sequences.flatMap(({ example, start, words: all }) =>
                    all.map((word, step) => [
                      `${split} row ${example + 1}`,
                      step + 1,
                      word,
                      factor * (values?.[start + step] ?? Number.NaN),
                    ]),
                  ),
                ],
              })}
              svg={() =>
                textSvg(
                  name,
                  [
                    { words, values: own },
                    ...sequences.map(({ start, words: all }) => ({
                      words: all,
                      values: all.map((_, step) => factor * (values?.[start + step] ?? Number.NaN)),
                    })),
                  ],
                  sample?.level ?? null,
                  scale,
                  table,
                )
              }
            />
          </div>
        </section>
        <section className="units__similar" aria-label="Similar places in the text">
          {sample && (
            <SimilarPlaces
              sample={sample.sample}
              sequences={sequences}
              level={sample.level}
              here={here}
              words={words}
              range={range}
              usual={usualThreshold(line.range, sample.largest)}
              unit={unit}
              onPin={pinUnit}
              onLook={look}
            />
          )}
        </section>
      </div>
    </div>
  );

  function read(at: { readonly sequence: number | null; readonly step: number } | null) {
    if (at === null) return 'Point at a step to read its number; a drag across the sentence chooses steps.';
    const sequence = at.sequence === null ? null : sequences[at.sequence];
    const word = sequence ? (sequence.words[at.step] ?? '') : (steps[at.step] ?? '');
    const value = sequence ? factor * (values?.[sequence.start + at.step] ?? Number.NaN) : (own[at.step] ?? Number.NaN);
    return (
      <>
        <b>{word || at.step + 1}</b> (step {at.step + 1}
        {sequence ? ` of ${split} row ${sequence.example + 1}` : ''}): {quantity} ={' '}
        <b>{Number.isNaN(value) ? 'nothing was said before' : shown(value)}</b>
      </>
    );
  }
}

const noRanges: readonly (readonly [number, number])[] = [];

const toldOf = (pattern: string, { holds, steps }: { readonly holds: number; readonly steps: number }): string => {
  const count = `${holds.toLocaleString('en')} of ${steps.toLocaleString('en')} steps: ${pattern}`;
  return holds === 0 || holds === steps ? `${count}; there is nothing to tell apart.` : `${count}`;
};

/** Steps that are chosen: those of the sentence everywhere, of a decoder or joined steps here alone. */
function useRange(
  input: RecurrenceViewProps['trace']['steps'],
  steps: TracedRecurrence['steps'],
): readonly [StepRange | null, (range: StepRange | null) => void] {
  const shared = useInsight((s) => s.range);
  const [local, setLocal] = useState<StepRange | null>(null);
  if (axisOf(steps, input) === 'input') return [shared, setRange];
  return [local !== null && local.to < steps.length ? local : null, setLocal];
}

/** What the text is coloured by; with a pattern, what units are compared by: t where it is, s where it is not. */
const unitTex = (line: string, unit: number, compared: boolean): string =>
  compared ? `\\text{AUROC} = P(\\mathit{${line}}_t > \\mathit{${line}}_s)` : `\\mathit{${line}}_{${unit},t}`;
