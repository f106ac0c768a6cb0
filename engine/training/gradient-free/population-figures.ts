/** Names of what a population's losses are logged as; one more for how far the search spreads. */
export const populationNames = ['population-best', 'population-mean', 'population-worst'] as const;

/** Best, mean and worst of the losses that are numbers; all 0 when none is. */
export function populationFigures(losses: ArrayLike<number>): [best: number, mean: number, worst: number] {
  const finite = Array.from(losses).filter(Number.isFinite);
  if (finite.length === 0) return [0, 0, 0];
  const sum = finite.reduce((total, loss) => total + loss, 0);
  return [Math.min(...finite), sum / finite.length, Math.max(...finite)];
}
