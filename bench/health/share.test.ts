import { expect, test } from 'vitest';
import { Random } from '../../engine/random.ts';
import type { HealthSteps } from './compare.tf.ts';
import { shareOfHealth, shareText } from './share.ts';
import type { Took } from './took.ts';

const took = (clock: number): Took => ({ clock, processor: 2 * clock });

test('what measured steps take beyond others is a share of all steps', () => {
  const steps = { without: [90, 110, 100, 100].map(took), others: [80, 120, 100].map(took), measured: [180].map(took) };
  expect(shareOfHealth(steps, 'clock').share).toBeCloseTo(80 / 400);
  expect(shareOfHealth(steps, 'processor').share).toBeCloseTo(80 / 400);
});

test('how far chance puts it off is what many measurements of the same differ by', () => {
  const random = new Random(4);
  const draw = (count: number, more = 0): Took[] =>
    Array.from({ length: count }, () => took(100 + more + 40 * (random.uniform() + random.uniform() - 1)));
  const found = Array.from({ length: 2000 }, () => {
    const steps: HealthSteps = { without: draw(20), others: draw(15), measured: draw(5, 10) };
    return shareOfHealth(steps, 'clock');
  });
  const mean = (of: (one: (typeof found)[number]) => number): number =>
    found.reduce((sum, one) => sum + of(one), 0) / found.length;
  expect(mean(({ share }) => share)).toBeCloseTo((5 * 10) / (20 * 100), 2);
  const spread = Math.sqrt(mean(({ share }) => (share - 0.025) ** 2));
  expect(mean(({ chance }) => chance) / spread).toBeGreaterThan(0.93);
  expect(mean(({ chance }) => chance) / spread).toBeLessThan(1.07);
});

test('a share says how far off it may be, where that is known', () => {
  expect(shareText({ share: 0.0134, chance: 0.004 })).toBe('1.3 % ± 0.4');
  expect(shareText({ share: -0.002, chance: Number.NaN })).toBe('-0.2 %');
});
