import type { GradientOf, GradientSummary } from '../../engine/protocol/inspect.ts';
import { engine } from '../bridge/engine.ts';
import { type Answer, useAnswer } from '../bridge/use-answer.ts';
import type { Place } from './store.ts';
import { useWork } from './use-work.ts';

/** Gradients of a target with respect to everything inside. */
export function useGradient(trace: string | null, of: GradientOf): Answer<GradientSummary> {
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
export function useSpectrum(trace: string | null, place: Place, step: number | null) {
  const asked = { trace: trace ?? '', ...place, ...(step === null ? {} : { step }) };
  return useAnswer(trace === null ? null : JSON.stringify(asked), () => engine.call('inspect.spectrum', asked));
}

/** How gradients flow back from a step; `null` asks nothing. */
export function useFlow(trace: string, { node, layer, direction }: Place, from: number | null) {
  const asked = { trace, node, layer, direction, ...(from === null ? {} : { from }) };
  const key = from === null ? null : JSON.stringify(asked);
  return useWork(key, key ?? '', (id) => engine.call('inspect.flow', { ...asked, id }));
}

/** Where repeated products with a matrix of the cell bring any vector. */
export function useArrow(trace: string, { node, layer, direction }: Place, matrix: string) {
  const asked = { trace, node, layer, direction, matrix };
  return useAnswer(JSON.stringify(asked), () => engine.call('inspect.arrow', asked));
}
