import { useMemo, useState } from 'react';
import type { GradientSummary } from '../../engine/protocol/inspect.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { useTrainingStore } from '../training/store.ts';
import { Spinner } from '../ui/spinner.tsx';
import { Switch } from '../ui/switch.tsx';
import { comparedMomentWords } from './compared-moment.ts';
import { compareSteps, comparisonWords } from './compared-steps.ts';
import { Connectivity } from './connectivity.tsx';
import { lineLabel } from './line-words.ts';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { comparedAnswerWords, saidAt } from './said.ts';
import { stepNames } from './step-names.ts';
import { type Place, recurrenceOf, setCursor, useInsight } from './store.ts';
import { TargetSelect, useTarget } from './target-select.tsx';
import { cursorAt, rowAt } from './time-axis.ts';
import { TimeChart, type TimeSeries } from './time-chart.tsx';
import { gradientAt, useGradient } from './use-answers.ts';
import { fewUnits, stateUnits, usePredicted } from './use-predicted.tsx';
import { ViewHead } from './view-head.tsx';

const sameSteps = { kind: 'same' } as const;

/** Gradients back in time, of this run and of another one on the same sentence. */
export function GradientView({ trace, recurrence, place }: RecurrenceViewProps) {
  const cursor = useInsight((s) => s.cursor);
  const range = useInsight((s) => s.range);
  const input = useInsight((s) => s.input);
  const other = useInsight((s) => s.comparedTrace);
  const otherFailure = useInsight((s) => s.comparedFailure);
  const { of, label } = useTarget(trace);
  const own = useGradient(trace.trace, of);
  const compared = useGradient(other?.trace ?? null, of);
  const beside = useMemo(() => other && recurrenceOf(other, place), [other, place]);
  const names = useMemo(() => stepNames(recurrence.steps, trace.steps), [recurrence.steps, trace.steps]);
  const [ownName, theirName] = [useRunName(trace.run), useRunName(other?.run ?? '')];
  const [name, otherName] = ownName === theirName ? ['this run', 'the other'] : [ownName, theirName];
  const lines = statesOf(own.result, place);
  const others = beside ? statesOf(compared.result, beside.place) : [];
  // What is typed is read by both; a row is one of the run's own data.
  const sameRows = input?.kind !== 'example' || other?.data === trace.data;
  const comparison = beside === null ? sameSteps : compareSteps(recurrence.steps, beside.recurrence.steps, sameRows);
  const aligned = comparison.kind === 'same' || comparison.kind === 'unknown';
  const told = comparisonWords(comparison, name, otherName);
  const both = aligned && others.length > 0;
  const series: TimeSeries[] = [
    ...lines.map(({ state, norm }, place) => ({
      label: `${both ? `${name} ` : ''}‖∂/∂${state}‖`,
      color: ['--accent', '--vector', '--sequence'][place % 3] ?? '--accent',
      values: norm,
    })),
    ...(aligned ? others : []).map(({ state, norm }, place) => ({
      label: `${otherName} ‖∂/∂${state}‖`,
      color: ['--tokens', '--state', '--pictures'][place % 3] ?? '--tokens',
      dashed: true,
      values: norm,
    })),
  ];
  const failure = own.failure ?? compared.failure ?? otherFailure;
  const [predicting, setPredicting] = useState(() => stateUnits(recurrence) <= fewUnits);
  const backward = recurrence.direction === 'backward';
  const step = cursor < trace.steps.length ? cursor : null;
  // Of weights that stand still: those that train are others before their Jacobians are known.
  const still = trace.weights !== 'live';
  const predicted = usePredicted({ trace, recurrence, place, lines, names, wanted: predicting && still && !both });
  return (
    <div className="microscope__columns">
      <section className="microscope__main" aria-label="Gradient back in time">
        <ViewHead
          title="Gradient back in time"
          shows={`How much ${label} would change with what the cell remembers after each step, on powers of ten.`}
          lookFor="Look for how far back a line holds its height: what lies where it has fallen is not learned from."
          tex={'\\left\\| \\frac{\\partial L}{\\partial h_t} \\right\\|'}
        >
          <TargetSelect trace={trace} />
          {still && !both && (
            <span className="predicted-switch">
              <Switch label="Predicted" checked={predicting} onChange={setPredicting} /> Predicted
            </span>
          )}
        </ViewHead>
        {failure && <FailureNote failure={failure} />}
        {lines.length > 0 ? (
          <TimeChart
            label={`Gradient of ${label} back in time`}
            series={[...series, ...predicted.series]}
            names={names}
            form="log-lines"
            cursor={rowAt(cursor, recurrence.steps, trace.steps)}
            onCursor={(step) => setCursor(cursorAt(step, recurrence.steps, trace.steps))}
          />
        ) : (
          !failure && <Spinner label="Following the gradient back …" />
        )}
        {both && other && (
          <>
            <p className="view-head__words">{comparedAnswerWords(saidAt(trace, step), saidAt(other, step), name, otherName)}</p>
            <p className="view-head__words">{comparedMomentWords(trace, other, name, otherName)}</p>
          </>
        )}
        {told !== null && (
          <p className="view-head__words" role="alert">
            {told}
          </p>
        )}
        {series.length > 0 && <Kept series={series} names={names} range={range} backward={backward} />}
        {predicted.words}
      </section>
      <Connectivity trace={trace} />
    </div>
  );
}

/** A run's name as far as it says what the network is. */
function useRunName(run: string): string {
  const name = useTrainingStore((s) => s.runs.find(({ id }) => id === run)?.name ?? '');
  return name.split(' · ')[0] ?? name;
}

function statesOf(
  gradient: GradientSummary | null,
  place: Place,
): readonly { readonly state: string; readonly norm: readonly number[] }[] {
  return Object.entries(gradientAt(gradient, place)?.states ?? {}).map(([state, norm]) => ({ state: lineLabel(state), norm }));
}

interface KeptProps {
  readonly series: readonly TimeSeries[];
  readonly names: readonly string[];
  readonly range: { readonly from: number; readonly to: number } | null;
  readonly backward: boolean;
}

/** What is left of a gradient at the step that is read first, of what there was at the last. */
function Kept({ series, names, range, backward }: KeptProps) {
  const [low, high] = range ? [range.from, range.to] : [0, names.length - 1];
  const [first, last] = backward ? [high, low] : [low, high];
  return (
    <p className="view-head__words kept">
      Back to “{names[first]}” the gradient keeps, of what it was at the last step that it reaches:{' '}
      {series.map(({ label, values }, place) => (
        <span key={label}>
          {place > 0 && ', '}
          {label} <b>{share(keptShare(values, first, last))}</b>
        </span>
      ))}
      .
    </p>
  );
}

/** Of what there is at the last step that has any: after the last step a cell's inner state is of no use, and has none. */
function keptShare(values: readonly number[], first: number, last: number): number {
  const direction = last >= first ? -1 : 1;
  for (let step = last; step !== first + direction; step += direction)
    if ((values[step] ?? 0) !== 0) return (values[first] ?? Number.NaN) / (values[step] ?? Number.NaN);
  return Number.NaN;
}

/** A ratio in percent, however small. */
function share(ratio: number): string {
  if (Number.isNaN(ratio)) return 'nothing: there is none';
  const percent = 100 * ratio;
  if (percent !== 0 && percent < 1e-3) return `${percent.toExponential(1)} %`;
  return `${Number(percent.toPrecision(percent < 10 ? 2 : 3))} %`;
}
