import { expect, it } from 'vitest';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';
import { stem } from './stem.ts';

it('beats “always two syllables” after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'syllables',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 6000 },
      training: { ...document.training, epochs: 3, batchSize: 32 },
    }),
    (baseline) => baseline + 0.15,
  );
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(headline.baseline).toBeLessThan(0.55);
  expect(best).toBeGreaterThan(goal);
});

it('counts vowel phonemes, leaves ambiguous spellings out, and groups inflections', { timeout: 600_000 }, async () => {
  const counts = new Map<string, string>();
  const groups = new Map<string, string | null>();
  for await (const row of rows()) {
    if (row.input.kind !== 'text' || row.target.kind !== 'class') throw new Error('expected a word with a class');
    expect(counts.has(row.input.text)).toBe(false);
    counts.set(row.input.text, row.target.label);
    groups.set(row.input.text, row.group);
  }
  expect(counts.size).toBeGreaterThan(100_000);
  expect(counts.get('language')).toBe('2');
  expect(counts.get('strengths')).toBe('1');
  expect(counts.get('university')).toBe('5');
  // FAMILY is said with two and with three syllables.
  expect(counts.has('family')).toBe(false);
  expect(groups.get('walking')).toBe(groups.get('walks'));
  expect(groups.get('stopped')).toBe(groups.get('stop'));
});

it.each([
  ["walker's", 'walk'],
  ['running', 'run'],
  ['cities', 'cit'],
  ['city', 'cit'],
  ['cat', 'cat'],
])('the stem of %s is %s', (word, expected) => {
  expect(stem(word)).toBe(expected);
});
