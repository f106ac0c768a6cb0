export type Complex = readonly [re: number, im: number];

/** Eigenvalues at one moment of the training. */
export interface TrailMoment {
  readonly step: number;
  readonly eigenvalues: readonly Complex[];
}

/**
 * The ways that eigenvalues took from each moment to the next: each is joined to the nearest one that is still free, the closest pairs first.
 * Between two moments far apart that is a guess, as good as the moments are close.
 *
 * @returns one way for each eigenvalue of the last moment, oldest place first; it begins later where a moment has fewer
 */
export function eigenvalueTrails(moments: readonly TrailMoment[]): readonly (readonly Complex[])[] {
  let trails: Complex[][] = [];
  for (const { eigenvalues } of moments) {
    const pairs = trails.flatMap((trail, from) =>
      eigenvalues.map((to, place) => {
        const [re, im] = trail.at(-1) ?? [Number.NaN, Number.NaN];
        return { from, place, far: Math.hypot(to[0] - re, to[1] - im) };
      }),
    );
    const [left, taken] = [new Set<number>(), new Map<number, number>()];
    for (const { from, place } of pairs.sort((a, b) => a.far - b.far)) {
      if (left.has(from) || taken.has(place)) continue;
      left.add(from);
      taken.set(place, from);
    }
    trails = eigenvalues.map((value, place) => [...(trails[taken.get(place) ?? -1] ?? []), value]);
  }
  return trails;
}
