import { expect, it } from 'vitest';
import type { DataReport } from '../protocol/data.ts';
import { dataFindings } from './data-findings.ts';

const fine: DataReport = {
  key: 'k',
  fingerprint: 'f',
  task: 'sequence-classification',
  facts: { vocabulary: 10, classes: 2, features: null, targets: null },
  counts: { train: 8, validation: 1, test: 1 },
  classes: [],
  lengths: { edges: [0, 1], counts: [1] },
  truncated: 0,
  empty: 0,
  outOfVocabulary: null,
  frequentTokens: [],
  leakage: { count: 0, examples: [] },
  imbalance: 1,
  badRowCount: 0,
  badRows: [],
  baseline: { name: 'majority', metric: 'accuracy', value: 0.5 },
  warnings: [],
};

it('finds nothing in a report without faults', () => {
  expect(dataFindings(fine)).toEqual([]);
});

it('says all that the report holds against the data, each once', () => {
  const found = dataFindings({
    ...fine,
    badRowCount: 1,
    badRows: [{ line: 7, reason: 'no label' }],
    leakage: { count: 2, examples: ['a b', 'a b'] },
    imbalance: 3,
    truncated: 2,
    warnings: ['The dates jump.', 'The dates jump.'],
  });
  expect(found.map(({ kind, message, count }) => [kind, message, count])).toEqual([
    ['bad-rows', '1 row could not be read and is left out', 1],
    ['leakage', '2 inputs appear in two splits: validation looks better than it is', 2],
    ['imbalance', 'the largest class has 3.0 times as many examples as the smallest', undefined],
    ['truncated', '2 sequences are longer than the longest length, and cut to it', 2],
    ['warning', 'The dates jump.', undefined],
  ]);
  expect(found[0]?.rows).toEqual([{ line: 7, reason: 'no label' }]);
  expect(found[1]?.examples).toEqual(['a b']);
});
