import { expect, it } from 'vitest';
import { inputText, splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('tells promoters from decoys better than chance after a short training', { timeout: 1_200_000 }, async () => {
  const { headline, reached, report } = await trainBriefly('dna-promoter', (document) => ({
    ...document,
    nodes: document.nodes.map((node) => (node.id === 'cell' ? { ...node, params: { ...node.params, hidden: 32 } } : node)),
    data: document.data && { ...document.data, limit: 5000 },
    training: { ...document.training, epochs: 6, schedule: { kind: 'constant' } },
  }));
  expect(report.leakage.count).toBe(0);
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(headline.baseline).toBeLessThan(0.52);
  expect(Math.max(...reached)).toBeGreaterThan(headline.baseline + 0.05);
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
