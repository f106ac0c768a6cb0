import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { RankedScores } from './ranked-scores.ts';

type Scored = readonly [positive: boolean, score: number];

function auroc(scored: readonly Scored[]): number | undefined {
  const ranked = new RankedScores();
  for (const [positive, score] of scored) ranked.add(positive, score);
  return ranked.values()['auroc'];
}

/** The definition: every pair of a positive and a negative example is looked at. */
function countPairs(scored: readonly Scored[]): number {
  let [wins, pairs] = [0, 0];
  for (const [positive, score] of scored) {
    for (const [other, otherScore] of scored) {
      if (!positive || other) continue;
      pairs += 1;
      wins += score > otherScore ? 1 : score === otherScore ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

describe('AUROC', () => {
  it.each([
    ['without ties', 100_000],
    ['with many ties', 7],
    ['with two scores', 2],
  ])('equals the count over all pairs %s', (_name, levels) => {
    const random = new Random(levels, 'auroc');
    // More than the first buffer holds.
    const scored = Array.from({ length: 1500 }, (): Scored => {
      const positive = random.below(3) === 0;
      return [positive, random.below(levels) / levels - (positive ? 0 : 0.2)];
    });
    expect(auroc(scored)).toBeCloseTo(countPairs(scored), 12);
  });

  it('is 1 in the right order, 0 in the wrong one, a half for one score', () => {
    const right: Scored[] = [
      [false, Number.NEGATIVE_INFINITY],
      [false, -1],
      [true, 0],
      [true, Number.POSITIVE_INFINITY],
    ];
    expect(auroc(right)).toBe(1);
    expect(auroc(right.map(([positive, score]) => [!positive, score] as const))).toBe(0);
    expect(auroc(right.map(([positive]) => [positive, 3] as const))).toBe(0.5);
  });

  it('is not said of one class, of nothing, nor of scores that are not numbers', () => {
    expect(auroc([])).toBeUndefined();
    expect(auroc([[true, 1]])).toBeUndefined();
    expect(auroc([[false, 1]])).toBeUndefined();
    expect(
      auroc([
        [true, 1],
        [false, Number.NaN],
      ]),
    ).toBeUndefined();
  });
});
