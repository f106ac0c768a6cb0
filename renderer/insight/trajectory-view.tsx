import { useCallback, useMemo, useState } from 'react';
import { engine } from '../bridge/engine.ts';
import { splitOptions } from '../data/split-options.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { visibleToken } from '../ui/visible-token.ts';
import { FixedPoints, type FoundPoints } from './fixed-points.tsx';
import { lineLabel } from './line-words.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { SampleBar } from './sample-bar.tsx';
import { chooseSplit, useSample } from './sample-store.ts';
import type { TextSequence } from './sample-texts.ts';
import { tokenOf, useColourTables, useFigureColours } from './scale-colours.ts';
import { stepNames } from './step-names.ts';
import { chooseInput, setCursor, useInsight } from './store.ts';
import { tokenColours } from './text-colours.ts';
import { axisOf, cursorAt, rowAt } from './time-axis.ts';
import { kindColours, pointKinds, type TrajectoryColours } from './trajectory-colours.ts';
import { type NamedColour, TrajectoryPlot } from './trajectory-plot.tsx';
import './trajectory-view.css';
import { useSampleText } from './use-sample-values.ts';
import { useWork } from './use-work.ts';
import { ViewHead } from './view-head.tsx';
import { WorkNote } from './work-note.tsx';

/** States of many sequences on the directions in which they differ most, with the sentence's path and the cell's fixed points. */
export function TrajectoryView({ trace, node, recurrence, place }: RecurrenceViewProps) {
  const cursor = useInsight((s) => s.cursor);
  const [part, setPart] = useState<string | null>(null);
  const [axes, setAxes] = useState({ x: 0, y: 1 });
  const [wantedBy, setBy] = useState<TrajectoryColours>('label');
  const [found, setFound] = useState<FoundPoints | null>(null);
  const [anew, setAnew] = useState<string | null>(null);
  const states = recurrence.states.filter(({ units }) => units > 1);
  const state = states.find(({ name }) => name === part) ?? states[0];
  const { sample, of, progress, failure, split } = useSample(trace, place, `${state?.name ?? ''}'`);
  const sequences = useSampleText(sample?.sample ?? null);
  const projection = useProjection(sample?.sample ?? null, trace.trace, anew === sample?.sample);
  const ready = projection.result?.sample === sample?.sample ? projection.result : null;
  const tagged = sequences.some(({ label, tags }) => label !== null || tags !== null);
  const by = wantedBy === 'label' && !tagged ? 'time' : wantedBy === 'token' && sample?.level == null ? 'time' : wantedBy;
  const { colourOf, legend } = useColours(sequences, by);
  const steps = useMemo(() => stepNames(recurrence.steps, trace.steps), [recurrence.steps, trace.steps]);
  const row = rowAt(cursor, recurrence.steps, trace.steps);
  const onInput = axisOf(recurrence.steps, trace.steps) === 'input';
  const look = useCallback(
    (sequence: TextSequence, step: number) =>
      chooseInput({ kind: 'example', split: of?.split ?? 'test', index: sequence.example }, onInput ? { cursor: step } : {}),
    [of?.split, onInput],
  );
  // On other axes, or of other weights, they would stand somewhere else.
  const standing = found !== null && found.of === ready?.id ? found : null;
  const points = useMemo(() => standing?.points.filter(({ converged }) => converged) ?? noPoints, [standing]);
  if (!state) return <p className="microscope__none">The state of this cell is one number: it has no directions.</p>;
  const label = lineLabel(state.name);
  const count = ready?.explained.length ?? 0;
  const axisOptions = Array.from({ length: count }, (_, axis) => ({
    value: String(axis),
    label: `axis ${axis + 1} · ${(100 * (ready?.explained[axis] ?? 0)).toFixed(0)} %`,
  }));
  const pair = { x: Math.min(axes.x, Math.max(0, count - 1)), y: Math.min(axes.y, Math.max(0, count - 1)) };
  return (
    <div className="trajectory">
      <ViewHead
        title="Trajectory"
        shows={`Each line is a sequence: ${label} after each of its steps, on two of the directions in which the states differ most; the thick one is the sentence.`}
        lookFor="Look for lines that part where the network must tell two cases apart, and for points that they are drawn to."
        tex={`p = A(${label}_t - \\bar ${label})`}
      >
        {states.length > 1 && (
          <Segmented
            label="State"
            value={state.name}
            onChange={setPart}
            options={states.map(({ name }) => ({ value: name, label: lineLabel(name) }))}
          />
        )}
        {count > 0 && (
          <>
            <Select
              label="Axis to the right"
              value={String(pair.x)}
              onChange={(x) => setAxes({ ...pair, x: Number(x) })}
              options={axisOptions}
            />
            <Select
              label="Axis upwards"
              value={String(pair.y)}
              onChange={(y) => setAxes({ ...pair, y: Number(y) })}
              options={axisOptions}
            />
          </>
        )}
        <Segmented<TrajectoryColours>
          label="Colour by"
          value={by}
          onChange={setBy}
          options={[
            ...(tagged ? [{ value: 'label' as const, label: 'label' }] : []),
            { value: 'time', label: 'time' },
            ...(sample?.level == null ? [] : [{ value: 'token' as const, label: 'token' }]),
          ]}
        />
        <Select label="Sequences of" value={split} onChange={chooseSplit} options={splitOptions} />
      </ViewHead>
      <div className="units__bar">
        <ul className="trajectory__legend" aria-label="Colours">
          {legend.map(({ name, colour }) => (
            <li key={name}>
              <i style={{ background: colour }} aria-hidden /> {name}
            </li>
          ))}
        </ul>
        <SampleBar progress={progress} trace={trace} />
      </div>
      {failure && <FailureNote failure={failure} />}
      {projection.failure && sample && <FailureNote failure={projection.failure} />}
      <div className="trajectory__columns">
        <section className="trajectory__plane" aria-label="States in a plane">
          {sample && <WorkNote label="Looking for the directions …" work={projection} />}
          {ready ? (
            <TrajectoryPlot
              label={`States ${label} of ${node.title} on axes ${pair.x + 1} and ${pair.y + 1}`}
              points={ready.points}
              sequences={sequences}
              rowName={(sequence) => `${of?.split ?? split} row ${sequence.example + 1}`}
              colourOf={colourOf}
              legend={legend}
              path={ready.path?.rows === steps.length ? ready.path : null}
              words={steps}
              cursor={row}
              axes={pair}
              explained={ready.explained}
              fixed={points}
              onCursor={(step) => setCursor(cursorAt(step, recurrence.steps, trace.steps))}
              onLook={look}
            />
          ) : (
            sample === null && !failure && <Spinner label="Reading the states …" />
          )}
        </section>
        <section className="trajectory__side scroll-region" aria-label="Axes and fixed points">
          {ready && sample && (
            <>
              <p className="unit-panel__hint kept">
                Together <b>{(100 * together(ready.explained, pair)).toFixed(0)} %</b> of the variance. Axes of step{' '}
                {ready.fitted.step.toLocaleString('en')}, fitted to {ready.fitted.steps.toLocaleString('en')} states; they stay
                for this run’s other weights.{' '}
                <button
                  type="button"
                  className="unit-panel__unpin"
                  disabled={!ready.fitted.kept}
                  onClick={() => setAnew(sample.sample)}
                >
                  Fit anew
                </button>
              </p>
              <FixedPoints
                sample={sample.sample}
                of={ready.id}
                trace={trace.trace}
                step={row}
                stepName={row === null ? null : (steps[row] ?? null)}
                found={standing}
                name={`Fixed points of ${node.title}`}
                onFound={setFound}
              />
            </>
          )}
        </section>
      </div>
    </div>
  );
}

const noPoints: FoundPoints['points'] = [];

const together = (explained: readonly number[], { x, y }: { readonly x: number; readonly y: number }): number =>
  (explained[x] ?? 0) + (x === y ? 0 : (explained[y] ?? 0));

interface Projected {
  /** Rises with each fit and sample. */
  readonly id: string;
  readonly sample: string;
  readonly fitted: { readonly step: number; readonly steps: number; readonly kept: boolean };
  readonly explained: readonly number[];
  readonly points: Matrix;
  readonly path: Matrix | null;
}

/** A sample and a sentence on the kept axes, or on new ones. */
function useProjection(sample: string | null, trace: string, anew: boolean) {
  const key = sample === null ? null : JSON.stringify([sample, trace, anew]);
  return useWork<Projected>(key, JSON.stringify([sample, anew]), async (id) => {
    const asked = { id, sample: sample ?? '', trace, axes: anew ? 'new' : 'kept' } as const;
    const { points, path, ...rest } = await engine.call('inspect.projection', asked);
    const fit = JSON.stringify([sample, rest.fitted.step, rest.fitted.steps, anew]);
    return { ...rest, id: fit, sample: asked.sample, points: matrixOf(points), path: path && matrixOf(path) };
  });
}

/** Steps of time that have a colour each. */
const times = 8;

interface Colours {
  colourOf(step: number): string;
  readonly legend: readonly NamedColour[];
}

function useColours(sequences: readonly TextSequence[], by: TrajectoryColours): Colours {
  const table = useColourTables().share;
  const figure = useFigureColours();
  return useMemo(() => {
    if (by === 'time') {
      // From what is seen on the page on.
      const colours = Array.from(
        { length: times },
        (_, at) => tokenColours(0.3 + (0.7 * at) / (times - 1), { kind: 'share', extent: 1 }, table)?.background ?? figure.dim,
      );
      const all: string[] = [];
      for (const { words } of sequences)
        for (let t = 0; t < words.length; t++) all.push(colours[Math.floor((t / words.length) * times)] ?? figure.dim);
      const legend = [
        { name: 'first step', colour: colours[0] ?? figure.dim },
        { name: 'last step', colour: colours[times - 1] ?? figure.dim },
      ];
      return { colourOf: (step) => all[step] ?? figure.dim, legend };
    }
    const { names, kinds } = pointKinds(sequences, by);
    const colours = names.map((_, at) => tokenOf(kindColours[at] ?? '--dim'));
    const some = kinds.includes(-1);
    const legend = [
      ...names.map((name, at) => ({ name: visibleToken(name), colour: colours[at] ?? figure.dim })),
      ...(some ? [{ name: by === 'token' ? 'other tokens' : 'others', colour: figure.dim }] : []),
    ];
    return { colourOf: (step) => colours[kinds[step] ?? -1] ?? figure.dim, legend };
  }, [sequences, by, table, figure]);
}
