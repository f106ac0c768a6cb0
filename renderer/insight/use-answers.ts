import { useEffect, useState } from 'react';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { GradientOf, GradientSummary } from '../../engine/protocol/inspect.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import type { Place } from './store.ts';

interface Asked<R> {
  readonly result: R | null;
  readonly failure: Failure | null;
}

const nothing = { result: null, failure: null };

/** An answer about a trace: the one before stays until the next is there. */
function useAnswer<R>(key: string | null, ask: () => Promise<R>): Asked<R> {
  const [answer, setAnswer] = useState<Asked<R>>(nothing);
  const [asks] = useState(() => ({ now: ask }));
  useEffect(() => {
    asks.now = ask;
  });
  useEffect(() => {
    if (key === null) {
      setAnswer(nothing);
      return undefined;
    }
    let current = true;
    asks.now().then(
      (result) => current && setAnswer({ result, failure: null }),
      (error: unknown) => current && setAnswer(({ result }) => ({ result, failure: failureOf(error) })),
    );
    return () => {
      current = false;
    };
  }, [key, asks]);
  return answer;
}

/** Gradients of a target with respect to everything inside. */
export function useGradient(trace: string | null, of: GradientOf): Asked<GradientSummary> {
  const key = trace === null ? null : JSON.stringify([trace, of]);
  return useAnswer(key, () => engine.call('inspect.gradient', { trace: trace ?? '', of }));
}

/** What of a gradient arrives at a recurrence. */
export const gradientAt = (gradient: GradientSummary | null, { node, layer, direction }: Place) =>
  gradient?.nodes.find((one) => one.node === node)?.recurrent.find((one) => one.layer === layer && one.direction === direction);

/** How much each thing that is said depends on each step of the input. */
export function useConnectivity(trace: string) {
  return useAnswer(trace, () => engine.call('inspect.connectivity', { trace }));
}

/** Eigenvalues of what carries the state on, those of the Jacobian of a step among them. */
export function useSpectrum(trace: string, place: Place, step: number | null) {
  const asked = { trace, ...place, ...(step === null ? {} : { step }) };
  return useAnswer(JSON.stringify(asked), () => engine.call('inspect.spectrum', asked));
}
