import { expect, it } from 'vitest';
import type { EncodedSplit } from './dataset.ts';
import { streamBatches } from './streams.ts';

const chunks = (count: number): EncodedSplit => ({
  count,
  offsets: new Uint32Array(count + 1),
  running: true,
  tokens: new Uint8Array(),
  series: null,
  classTargets: null,
  tagTargets: null,
  numberTargets: null,
  lines: new Uint32Array(count),
});

it('goes on in each row where the batch before ended, and holds every chunk once', () => {
  expect(streamBatches(chunks(7), 3).map((batch) => [...batch])).toEqual([
    [0, 3, 6],
    [1, 4],
    [2, 5],
  ]);
  expect(streamBatches(chunks(2), 5).map((batch) => [...batch])).toEqual([[0, 1]]);
  expect(streamBatches(chunks(0), 5)).toEqual([]);
  for (let count = 1; count < 40; count++) {
    for (let size = 1; size < 12; size++) {
      const batches = streamBatches(chunks(count), size).map((batch) => [...batch]);
      expect(batches.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_unused, i) => i));
      expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(size);
      batches.slice(1).forEach((batch, k) => {
        batch.forEach((chunk, row) => {
          expect(chunk).toBe((batches[k]?.[row] ?? Number.NaN) + 1);
        });
      });
    }
  }
});
