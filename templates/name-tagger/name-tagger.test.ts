import { expect, it } from 'vitest';
import { trainBriefly } from '../train-briefly.ts';
import { isCapitalised, rows } from './data.ts';
import { splitSentences } from './sentences.ts';

it('beats “never a name” after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'name-tagger',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 5000 },
      training: { ...document.training, epochs: 2, batchSize: 32 },
    }),
    (baseline) => baseline + 0.008,
  );
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(best).toBeGreaterThan(goal);
});

it('tags what is capitalised inside a sentence, and the first word by what it is elsewhere', { timeout: 600_000 }, async () => {
  let sentences = 0;
  const first = new Map<string, Set<string>>();
  for await (const { input, target } of rows()) {
    if (input.kind !== 'tokens' || target.kind !== 'tags') throw new Error('expected tagged tokens');
    expect(target.labels).toHaveLength(input.tokens.length);
    sentences++;
    const start = input.tokens.findIndex((token) => /^[\p{L}\p{N}]/u.test(token));
    const word = (input.tokens[start] ?? '').toLowerCase();
    first.set(word, (first.get(word) ?? new Set()).add(target.labels[start] ?? ''));
    input.tokens.forEach((token, i) => {
      if (i > start && target.labels[i] !== (isCapitalised(token) ? '1' : '0'))
        throw new Error(`${token} is tagged ${target.labels[i]}`);
    });
  }
  expect(sentences).toBeGreaterThan(40_000);
  expect([...(first.get('the') ?? [])]).toEqual(['0']);
  expect([...(first.get('congress') ?? [])]).toEqual(['1']);
});

it.each([
  [
    ['We', 'met', 'Mr', '.', 'Adams', '.', 'He', 'left', '.'],
    ['We met Mr . Adams .', 'He left .'],
  ],
  [['In', 'the', 'U', '.', 'S', '.', 'it', 'rained', '.'], ['In the U . S . it rained .']],
  [
    ['It', 'cost', '3', '.', '5', 'dollars', '!', '"', 'Why', '?'],
    ['It cost 3 . 5 dollars ! "', 'Why ?'],
  ],
])('cuts %j into sentences', (tokens, expected) => {
  expect(splitSentences(tokens).map((sentence) => sentence.join(' '))).toEqual(expected);
});
