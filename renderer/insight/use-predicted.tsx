import type { ReactNode } from 'react';
import type { Trace, TracedRecurrence } from '../../engine/protocol/inspect.ts';
import { lastReached, predictedGradient } from './predicted-gradient.ts';
import { shown } from './step-equations.ts';
import type { Place } from './store.ts';
import type { TimeSeries } from './time-chart.tsx';
import { useFlow, useSpectrum } from './use-answers.ts';
import { WorkNote } from './work-note.tsx';

/** Up to so many numbers of a state, products of Jacobians are quick enough to be asked for unasked. */
export const fewUnits = 160;

export const stateUnits = ({ states }: TracedRecurrence): number => states.reduce((sum, { units }) => sum + units, 0);

interface Asked {
  readonly trace: Trace;
  readonly recurrence: TracedRecurrence;
  readonly place: Place;
  /** What was measured, a line for each part of the state. */
  readonly lines: readonly { readonly norm: readonly number[] }[];
  /** Of the steps. */
  readonly names: readonly string[];
  readonly wanted: boolean;
}

/** What theory says of a gradient that was measured (row L22): lines to stand beside it, and words. */
export function usePredicted({ trace, recurrence, place, lines, names, wanted }: Asked): {
  readonly series: readonly TimeSeries[];
  readonly words: ReactNode;
} {
  const backward = recurrence.direction === 'backward';
  const run = { states: lines.map(({ norm }) => norm), backward };
  const from = wanted ? lastReached(run) : null;
  const flow = useFlow(trace.trace, place, from);
  const bounds = useBounds(trace, recurrence, place, from !== null);
  if (from === null) return { series: [], words: null };
  const label = `“${names[from]}”`;
  if (flow.failure) return { series: [], words: <p className="view-head__words">{flow.failure.message}</p> };
  if (flow.progress !== null || flow.cancelled || !flow.result)
    return { series: [], words: <WorkNote label="Multiplying Jacobians …" work={flow} /> };
  const { jacobians, singular } = predictedGradient(run, from, flow.result.norms, bounds);
  const [exponent] = flow.result.exponents;
  return {
    series: [
      { label: `at most left of ${label}, by Jacobians`, color: '--dim', dashed: true, values: jacobians },
      ...(singular === null
        ? []
        : [{ label: `at most left of ${label}, by σ₁`, color: '--warn', dashed: true, values: singular }]),
    ],
    words: (
      <p className="view-head__words kept">
        Dashed: the most that can be left of what {label} sends back, by the product of the steps’ Jacobians
        {bounds !== null && (
          <>
            {' '}
            and by γσ₁ = <b>{shown(bounds)}</b> a step alone (Pascanu et al. 2013)
          </>
        )}
        . What was measured lies under it, unless steps before that one have something of their own to send.
        {exponent !== undefined && Number.isFinite(exponent) && (
          <>
            {' '}
            The largest Lyapunov exponent is <b>{shown(exponent)}</b> a step: on average a step multiplies what lasts longest by{' '}
            <b>{shown(Math.exp(exponent))}</b>.
          </>
        )}
      </p>
    ),
  };
}

/** γσ₁ of a cell without gates; `null` of all others, which are not asked. */
function useBounds(trace: Trace, recurrence: TracedRecurrence, place: Place, wanted: boolean): number | null {
  const plain = recurrence.states.length === 1 && recurrence.values.every(({ role }) => role !== 'gate');
  const { result } = useSpectrum(wanted && plain ? trace.trace : null, place, null);
  return result?.bounds?.perStep ?? null;
}
