import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NamedTensor } from '../files/safetensors.ts';
import { mostMoments } from './film.ts';
import { leastMissed, loadMoment, momentSteps, rewindMoments, saveMoment } from './moments.ts';

let run = '';
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'unroll-moments-'));
});
afterEach(() => rm(run, { recursive: true, force: true }));

const weights = (value: number, numbers = 2): Map<string, NamedTensor> =>
  new Map([['fc.weight', { dtype: 'F32', shape: [numbers], data: new Float32Array(numbers).fill(value) }]]);

/** What is left of a training with so many validations, one each step. */
function thinned(validations: number, most: number): number[] {
  let kept: number[] = [];
  for (let step = 0; step < validations; step++) {
    const gaps = kept.slice(1).map((one, place) => one - (kept[place] ?? 0));
    if (kept.length >= most && step - (kept.at(-1) ?? 0) < Math.min(...gaps)) continue;
    kept = [...kept, step];
    if (kept.length <= most) continue;
    const spared = leastMissed(kept);
    kept = kept.filter((one) => one !== spared);
  }
  return kept;
}

describe('which validations a film keeps', () => {
  it('are all of them while they fit', () => {
    expect(thinned(16, 16)).toEqual(Array.from({ length: 16 }, (_, step) => step));
    expect(thinned(17, 16)).toHaveLength(16);
  });

  it('are the first and others up to its end, spread evenly however long it trains', () => {
    for (const most of [3, 8, 64])
      for (const validations of [most + 1, 2 * most, 3 * most + 1, 10 * most + 3]) {
        const kept = thinned(validations, most);
        expect(kept).toHaveLength(most);
        expect(kept[0]).toBe(0);
        const even = (validations - 1) / (most - 1);
        const gaps = [...kept.slice(1), validations - 1].map((step, place) => step - (kept[place] ?? 0));
        expect(Math.max(...gaps), `${validations} validations, ${most} kept`).toBeLessThanOrEqual(Math.ceil(2 * even));
      }
  });

  it('are fewer of a large network, and none of one that would fill the disk', () => {
    expect(mostMoments(1000)).toBe(64);
    expect(mostMoments(4 * 2 ** 20)).toBe(16);
    expect(mostMoments(64 * 2 ** 20)).toBe(1);
  });
});

it('weights come back as they were, those of steps gone back over are dropped, and what is damaged says so', async () => {
  for (const step of [0, 3, 12, 1_000_000_000])
    expect(await saveMoment(run, weights(step), step)).toEqual({ kept: true, dropped: 0 });
  expect(await saveMoment(run, weights(99), 3), 'the end of a run saves its last validation twice').toEqual({
    kept: true,
    dropped: 0,
  });
  expect(await momentSteps(run)).toEqual([0, 3, 12, 1_000_000_000]);
  expect((await loadMoment(run, 3))?.weights).toEqual(weights(3));
  expect(await loadMoment(run, 4)).toBeNull();
  await rewindMoments(run, 12);
  expect(await momentSteps(run)).toEqual([0, 3, 12]);
  await writeFile(join(run, 'moments', 'step-000000003.safetensors'), 'no weights');
  await expect(loadMoment(run, 3)).rejects.toMatchObject({ failure: { code: 'moment-damaged' } });
});

it('their number is bounded, and so are their bytes; of a long training ever fewer are written', async () => {
  const written: number[] = [];
  let dropped = 0;
  for (let step = 0; step < 200; step++) {
    const saved = await saveMoment(run, weights(step), step);
    if (saved.kept) written.push(step);
    dropped += saved.dropped;
  }
  expect(await readdir(join(run, 'moments'))).toHaveLength(64);
  expect(await momentSteps(run)).toEqual(thinned(200, 64));
  expect(dropped).toBe(200 - 64);
  expect(written.filter((step) => step < 64)).toHaveLength(64);
  expect(written.filter((step) => step >= 130).length).toBeLessThanOrEqual(36);
  const large = 22 * 2 ** 20;
  await rm(join(run, 'moments'), { recursive: true });
  const kept = [];
  for (const step of [1, 2, 3]) kept.push(await saveMoment(run, weights(step, large), step));
  expect(kept.map((saved) => saved.dropped)).toEqual([0, 0, 1]);
  expect(await momentSteps(run)).toEqual([1, 3]);
});
