import type { Curve, CurveAxis } from './run-curves.ts';
import { average, meanAndDeviation } from './spread.ts';

/** Several runs as one: their mean at each step that all of them have, and a standard deviation (with n − 1) to either side. */
export interface MeanCurve {
  readonly x: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** @returns `null` for fewer than two curves */
export function meanCurve(curves: readonly Curve[], axis: CurveAxis): MeanCurve | null {
  const [first, ...others] = curves;
  if (!first || others.length === 0) return null;
  const places = curves.map((curve) => new Map(curve.step.map((step, i) => [step, i])));
  const shared = first.step.filter((step) => places.every((place) => place.has(step)));
  const points = shared.map((step) => {
    const at = curves.map((curve, i) => ({ curve, index: places[i]?.get(step) ?? 0 }));
    const values = at.map(({ curve, index }) => curve.value[index] ?? Number.NaN);
    const { mean, deviation } = meanAndDeviation(values);
    return {
      x: average(at.map(({ curve, index }) => curve[axis][index] ?? 0)),
      mean,
      low: mean - deviation,
      high: mean + deviation,
    };
  });
  return {
    x: points.map(({ x }) => x),
    mean: points.map(({ mean }) => mean),
    low: points.map(({ low }) => low),
    high: points.map(({ high }) => high),
  };
}
