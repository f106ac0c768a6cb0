import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochBatches, makeBatch } from './batches.ts';
import { batchesPerRound } from './bucket.ts';
import type { EncodedSplit } from './dataset.ts';

/** Example i holds `lengths[i]` tokens, each (i + 1) * 100 + t, with the tag t. */
function splitOf(lengths: readonly number[]): EncodedSplit {
  const offsets = [0];
  const tokens: number[] = [];
  const tags: number[] = [];
  lengths.forEach((length, i) => {
    for (let t = 0; t < length; t++) {
      tokens.push((i + 1) * 100 + t);
      tags.push(t);
    }
    offsets.push(tokens.length);
  });
  return {
    count: lengths.length,
    offsets: Uint32Array.from(offsets),
    tokens: Int32Array.from(tokens),
    series: null,
    classTargets: null,
    tagTargets: Int32Array.from(tags),
    numberTargets: null,
    lines: Uint32Array.from(lengths, (_length, i) => i + 1),
  };
}

const lengthLists = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 200 });

describe('epochBatches', () => {
  it('covers every example once, in batches of the wanted size', () => {
    fc.assert(
      fc.property(
        lengthLists,
        fc.integer({ min: 1, max: 40 }),
        fc.nat(100),
        fc.boolean(),
        (lengths, batchSize, seed, shuffle) => {
          const batches = epochBatches(splitOf(lengths), { batchSize, seed, epoch: 3, shuffle });
          const all = batches.flatMap((batch) => [...batch]).sort((a, b) => a - b);
          expect(all).toEqual(lengths.map((_length, i) => i));
          expect(batches).toHaveLength(Math.ceil(lengths.length / batchSize));
          expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(batchSize);
        },
      ),
    );
  });

  it('repeats with the seed and epoch, and changes with either', () => {
    const split = splitOf(Array.from({ length: 100 }, (_unused, i) => 1 + (i % 7)));
    const options = { batchSize: 8, seed: 1, epoch: 0, shuffle: true };
    expect(epochBatches(split, options)).toEqual(epochBatches(split, options));
    expect(epochBatches(split, { ...options, epoch: 1 })).not.toEqual(epochBatches(split, options));
    expect(epochBatches(split, { ...options, seed: 2 })).not.toEqual(epochBatches(split, options));
  });

  it('is that of runs that were begun with earlier versions, so that they go on in it', () => {
    const split = splitOf(Array.from({ length: 400 }, (_unused, i) => 1 + ((i * 31) % 17)));
    const batches = epochBatches(split, { batchSize: 3, seed: 7, epoch: 2, shuffle: true }).map((batch) => [...batch]);
    expect(createHash('sha256').update(JSON.stringify(batches)).digest('hex').slice(0, 16)).toBe('0c041e47fc28e790');
  });

  it('keeps the order without shuffling', () => {
    const batches = epochBatches(splitOf([3, 1, 2]), { batchSize: 2, seed: 1, epoch: 0, shuffle: false });
    expect(batches.map((batch) => [...batch])).toEqual([[0, 1], [2]]);
  });

  it('puts examples of equal length together by the length of their targets, and never targets before inputs', () => {
    const targetLengths = Array.from({ length: 64 }, (_unused, i) => 1 + ((i * 5) % 8));
    const targets = {
      offsets: Uint32Array.from([0, ...targetLengths.map((_length, i) => targetLengths.slice(0, i + 1).reduce((a, b) => a + b))]),
      tokens: new Uint8Array(targetLengths.reduce((a, b) => a + b)),
    };
    const of = (lengths: readonly number[], list: readonly number[]) =>
      epochBatches({ ...splitOf(lengths), targets }, { batchSize: 8, seed: 1, epoch: 0, shuffle: true })
        .map((batch) => [...new Set(Array.from(batch, (i) => list[i]))])
        .sort();
    const eight = [[1], [2], [3], [4], [5], [6], [7], [8]];
    expect(of(new Array<number>(64).fill(3), targetLengths)).toEqual(eight);
    const inputs = Array.from({ length: 64 }, (_unused, i) => 1 + Math.floor(i / 8));
    expect(of(inputs, inputs)).toEqual(eight);
  });

  it('puts batches of all lengths into every few steps, whatever the epoch', () => {
    const lengths = Array.from({ length: 3200 }, (_unused, i) => 1 + ((i * 7919) % 40));
    const mean = 20.5;
    for (const epoch of [0, 1, 2]) {
      const batches = epochBatches(splitOf(lengths), { batchSize: 16, seed: 1, epoch, shuffle: true });
      const means = batches.map((batch) => batch.reduce((sum, i) => sum + (lengths[i] ?? 0), 0) / batch.length);
      const farthest = (window: number): number =>
        Math.max(
          ...Array.from({ length: Math.floor(means.length / window) }, (_unused, k) => {
            const part = means.slice(k * window, (k + 1) * window);
            return Math.abs(part.reduce((sum, length) => sum + length, 0) / window - mean);
          }),
        );
      expect(farthest(1)).toBeGreaterThan(15);
      expect(farthest(batchesPerRound)).toBeLessThan(3);
    }
  });

  it('pads far less than unsorted batches would', () => {
    const lengths = Array.from({ length: 2000 }, (_unused, i) => 1 + ((i * 7919) % 100));
    const padded = (shuffle: boolean): number =>
      epochBatches(splitOf(lengths), { batchSize: 32, seed: 1, epoch: 0, shuffle }).reduce(
        (sum, batch) => sum + batch.length * Math.max(...[...batch].map((i) => lengths[i] ?? 0)),
        0,
      );
    const real = lengths.reduce((sum, length) => sum + length, 0);
    expect(padded(true)).toBeLessThan(real * 1.1);
    expect(padded(false)).toBeGreaterThan(real * 1.5);
  });
});

describe('makeBatch', () => {
  it('holds every step at its place, and zeros as padding', () => {
    fc.assert(
      fc.property(lengthLists, fc.integer({ min: 1, max: 40 }), (lengths, minimum) => {
        const indices = Uint32Array.from(lengths, (_length, i) => lengths.length - 1 - i);
        const batch = makeBatch(splitOf(lengths), indices, null, minimum);
        expect(batch.steps).toBe(Math.max(minimum, ...lengths));
        for (let row = 0; row < batch.rows; row++) {
          const example = indices[row] ?? 0;
          expect(batch.lengths[row]).toBe(lengths[example]);
          for (let t = 0; t < batch.steps; t++) {
            const real = t < (lengths[example] ?? 0);
            expect(batch.tokens?.[t * batch.rows + row]).toBe(real ? (example + 1) * 100 + t : 0);
            expect(batch.tagTargets?.[t * batch.rows + row]).toBe(real ? t : 0);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('reads overlapping windows from one stored series', () => {
    const split: EncodedSplit = {
      count: 3,
      offsets: Uint32Array.of(0, 2, 4, 6),
      starts: Uint32Array.of(0, 1, 2),
      tokens: null,
      series: Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5),
      classTargets: null,
      tagTargets: null,
      numberTargets: Float32Array.of(20, 30, 40),
      lines: Uint32Array.of(3, 4, 5),
    };
    const batch = makeBatch(split, Uint32Array.of(2, 0), 2);
    expect([...(batch.series ?? [])]).toEqual([2, 2.5, 0, 0.5, 3, 3.5, 1, 1.5]);
    expect([...(batch.numberTargets ?? [])]).toEqual([40, 20]);
    expect([...batch.lengths]).toEqual([2, 2]);
  });
});

it('a long epoch is put in order in little memory', () => {
  const main = fileURLToPath(new URL('epoch-order-main.test-support.ts', import.meta.url));
  const bytes = Number(execFileSync(process.execPath, ['--import', 'tsx', main], { encoding: 'utf8' }));
  // Of each of a million examples its length, its place and that of its batch, with room for what is not collected yet.
  expect(bytes).toBeLessThan(65e6);
});
