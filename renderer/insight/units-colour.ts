import type { Trace, TracedRecurrence } from '../../engine/protocol/inspect.ts';
import type { UnitSample } from '../../engine/protocol/inspect-units.ts';
import type { NumberScale } from './colour-scale.ts';
import { axisOf } from './time-axis.ts';

export type ColourBy = 'unit' | 'surprise';
export type SurpriseUnit = 'nats' | 'bits';

/** Nats in one. */
const natsOf: Readonly<Record<SurpriseUnit, number>> = { nats: 1, bits: Math.LN2 };

/** A surprise in another unit. */
export const inSurpriseUnit = (nats: number, unit: SurpriseUnit): number => nats / natsOf[unit];

/** The scale of a line of a cell: the same for all of its units. */
export function unitScale(range: TracedRecurrence['values'][number]['range'], largest: number): NumberScale {
  if (range === '0..1') return { kind: 'share', extent: 1 };
  return { kind: 'signed', extent: range === '-1..1' ? 1 : largest || 1 };
}

/** Full is what a guess among all would surprise. */
export const surpriseScale = ({ guess }: Pick<UnitSample, 'guess'>, unit: SurpriseUnit): NumberScale => ({
  kind: 'share',
  extent: inSurpriseUnit(guess ?? 1, unit) || 1,
});

/**
 * −log p of what stands at each step of a recurrence, in nats: of a tag where it stands, of a token as the step before it made it. NaN where
 * nothing was said; `null` where steps of this axis say nothing.
 */
export function surprises(
  { losses, target, steps: input, prediction }: Pick<Trace, 'losses' | 'target' | 'steps' | 'prediction'>,
  { steps }: Pick<TracedRecurrence, 'steps'>,
): readonly number[] | null {
  const axis = axisOf(steps, input);
  if (losses === null || target === null || (axis !== 'input' && axis !== 'target')) return null;
  if (target.kind === 'tags') return axis === 'input' ? steps.map((_, t) => losses[t] ?? Number.NaN) : null;
  const says = prediction.kind === 'sequence' ? 'target' : 'input';
  if (target.kind !== 'tokens' || axis !== says) return null;
  return steps.map((_, t) => (t === 0 ? Number.NaN : (losses[t - 1] ?? Number.NaN)));
}

/** Above which a unit is called on, to begin with (of a state, as in LSTMVis). */
export function usualThreshold(range: TracedRecurrence['values'][number]['range'], largest: number): number {
  if (range === '0..1') return 0.5;
  return range === '-1..1' ? 0.3 : Number((0.3 * largest).toPrecision(1));
}
