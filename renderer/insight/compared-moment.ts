import type { Trace } from '../../engine/protocol/inspect.ts';

/** Of the steps whose weights a run keeps, the one nearest to another run's, the earlier of two as near; `null` where it keeps none. */
export function nearestMoment(kept: readonly number[], step: number): number | null {
  const byDistance = [...kept].sort((a, b) => Math.abs(a - step) - Math.abs(b - step) || a - b);
  return byDistance[0] ?? null;
}

type Moment = Pick<Trace, 'step' | 'weights'>;

const kinds = { best: 'its best weights', last: 'its last weights', live: 'as it trains' } as const;

const stepWords = ({ step }: Moment): string => `step ${step.toLocaleString('en')}`;

/** Which weights of two runs stand in one chart: a curve says little where nobody knows when it was. */
export function comparedMomentWords(own: Moment, other: Moment, name: string, otherName: string): string {
  const usual = (moment: Moment): string =>
    typeof moment.weights === 'object' ? stepWords(moment) : `${kinds[moment.weights]}, ${stepWords(moment)}`;
  if (typeof own.weights !== 'object') return `${name}: ${usual(own)}. ${otherName}: ${usual(other)}.`;
  if (typeof other.weights !== 'object')
    return `${name}: ${stepWords(own)}. ${otherName} keeps no moment of its training: ${usual(other)}.`;
  if (own.step === other.step) return `Both at ${stepWords(own)}.`;
  return `${name}: ${stepWords(own)}. ${otherName}: ${stepWords(other)}, the nearest that it keeps.`;
}
