import { expect, it } from 'vitest';
import { inputText, splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('tells promoters from decoys better than chance after a short training', { timeout: 1_200_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'dna-promoter',
    (document) => ({
      ...document,
      nodes: document.nodes.map((node) => (node.id === 'cell' ? { ...node, params: { ...node.params, hidden: 32 } } : node)),
      data: document.data && { ...document.data, limit: 5000 },
      training: { ...document.training, epochs: 6, schedule: { kind: 'constant' } },
    }),
    (baseline) => baseline + 0.05,
  );
  expect(report.leakage.count).toBe(0);
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(headline.baseline).toBeLessThan(0.52);
  expect(best).toBeGreaterThan(goal);
});

/** The most bases of `box` that stand at one place of `text`, from `start` on. */
function bestMatch(text: string, box: string): number {
  let best = 0;
  for (let at = 0; at + box.length <= text.length; at++) {
    best = Math.max(best, [...box].filter((base, i) => text[at + i] === base).length);
  }
  return best;
}

it('has as many decoys as promoters, and decoys with both boxes', async () => {
  const counts = new Map<string, number>();
  let decoysWithBoth = 0;
  for await (const row of rows()) {
    if (row.target.kind !== 'class') throw new Error('expected a class');
    const text = inputText(row);
    expect(text).toMatch(/^[acgt]{70}$/);
    counts.set(row.target.label, (counts.get(row.target.label) ?? 0) + 1);
    if (row.target.label === 'other' && Math.min(bestMatch(text, 'ttgaca'), bestMatch(text, 'tataat')) >= 5) decoysWithBoth += 1;
  }
  expect(Object.fromEntries(counts)).toEqual({ promoter: 5000, other: 5000 });
  // Both boxes, nearly as they should be, yet no promoter: two decoys of five have them, mutated, and noise has some.
  expect(decoysWithBoth / 5000).toBeGreaterThan(0.25);
});

it('has every sequence in one split only', { timeout: 120_000 }, async () => {
  const { train, validation, test } = await splitRows('dna-promoter');
  const known = new Set(train.map(inputText));
  expect([train.length, validation.length, test.length]).toEqual([8000, 1000, 1000]);
  expect([...validation, ...test].filter((row) => known.has(inputText(row)))).toEqual([]);
});

/** At each place, how many times more probable its bases are as a mutated `box` than as noise. */
function likelihoods(text: string, box: string): number[] {
  const [kept, changed] = [0.85 + 0.15 / 4, 0.15 / 4].map((probability) => probability / 0.25);
  return Array.from({ length: text.length - box.length + 1 }, (_unused, at) =>
    [...box].reduce((ratio, base, i) => ratio * ((text[at + i] === base ? kept : changed) ?? Number.NaN), 1),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The odds that a sequence is a promoter, for who knows the generator: no model can rank better. */
function odds(text: string): number {
  const [first, second] = [likelihoods(text, 'ttgaca'), likelihoods(text, 'tataat')];
  const apart = (one: readonly number[], other: readonly number[], spacers: readonly number[]): number =>
    mean(spacers.map((spacer) => mean(one.slice(0, text.length - 11 - spacer).map((r, i) => r * (other[i + 6 + spacer] ?? 0)))));
  const right = [16, 17, 18];
  const wrong = [4, 6, 8, 10, 12, 23, 25, 28, 31];
  const decoys = [1, mean(first), mean(second), apart(first, second, wrong), apart(second, first, right)];
  return apart(first, second, right) / mean(decoys);
}

it('can be solved as well as the README says, and no better', async () => {
  const promoters: number[] = [];
  const others: number[] = [];
  for await (const row of rows()) {
    if (row.target.kind !== 'class') throw new Error('expected a class');
    (row.target.label === 'promoter' ? promoters : others).push(odds(inputText(row)));
  }
  const right = promoters.filter((each) => each > 1).length + others.filter((each) => each <= 1).length;
  expect(right / 10_000).toBeCloseTo(0.947, 3);
  others.sort((a, b) => a - b);
  const below = (value: number): number => {
    let [low, high] = [0, others.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((others[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low / others.length;
  };
  expect(mean(promoters.map(below))).toBeCloseTo(0.986, 3);
});
