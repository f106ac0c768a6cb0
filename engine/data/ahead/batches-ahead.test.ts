import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { dataBinding } from '../../document/data-binding.ts';
import { Random } from '../../random.ts';
import type { Batch, EncodedSplit } from '../dataset.ts';
import { prepareData } from '../prepare.ts';
import { sharedFloat32, sharedIds, sharedInt32, sharedUint32 } from '../shared-memory.ts';
import { type BatchPlan, batchesOf } from './batch-source.ts';
import { batchesAhead, threadedBatches } from './batches-ahead.ts';

const random = new Random(4, 'batches ahead');
const ids = (length: number): NonNullable<EncodedSplit['tokens']> => sharedIds(length, 300).map(() => random.below(300));
const shared = (values: Float32Array): Float32Array => {
  const out = sharedFloat32(values.length);
  out.set(values);
  return out;
};

/** Examples of 1 to 9 steps. */
function ragged(count: number, rest: (steps: number, offsets: Uint32Array) => Partial<EncodedSplit>): EncodedSplit {
  const offsets = sharedUint32(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = (offsets[i] ?? 0) + 1 + random.below(9);
  const none = { tokens: null, series: null, classTargets: null, tagTargets: null, numberTargets: null };
  return { count, offsets, lines: sharedUint32(count), ...none, ...rest(offsets[count] ?? 0, offsets) };
}

const text = (): EncodedSplit => {
  const tokens = sharedIds(700, 300);
  tokens.set(ids(700));
  return ragged(100, () => ({ tokens, classTargets: sharedInt32(100).fill(7) }));
};

const splits: Readonly<Record<string, { readonly split: EncodedSplit; readonly features: number | null }>> = {
  'texts with classes': { split: text(), features: null },
  'tagged texts': {
    split: ragged(60, (steps) => ({ tokens: ids(steps), tagTargets: sharedInt32(steps).map(() => random.below(5)) })),
    features: null,
  },
  'a running text': {
    split: { ...ragged(50, (steps) => ({ tokens: ids(steps), tagTargets: sharedInt32(steps) })), running: true },
    features: null,
  },
  'target sequences': {
    split: ragged(40, (steps, offsets) => ({ tokens: ids(steps), targets: { offsets, tokens: ids(steps) } })),
    features: null,
  },
  'numbers with numbers to say': {
    split: ragged(30, (steps) => ({
      series: shared(Float32Array.from({ length: steps * 3 }, () => random.normal())),
      numberTargets: shared(Float32Array.from({ length: 60 }, () => random.normal())),
    })),
    features: 3,
  },
};

const planOf = (split: EncodedSplit, features: number | null): BatchPlan => ({
  split,
  features,
  batchSize: 8,
  seed: 3,
  epochs: 3,
  from: { epoch: 0, batch: 2 },
});

/** A batch's arrays do not outlive the next one. */
const kept = (batch: Batch): Batch => structuredClone(batch);

it.each(Object.keys(splits))('gives the same batches in the same order as without a thread: %s', async (name) => {
  const { split, features } = splits[name] ?? { split: text(), features: null };
  const plan = planOf(split, features);
  const ahead = threadedBatches(plan);
  const expected = [...batchesOf(plan)];
  expect(expected.length).toBeGreaterThan(9);
  for (const batch of expected) expect(kept(await ahead.next())).toEqual(kept(batch));
  await expect(async () => ahead.next()).rejects.toThrow('has ended');
  await ahead.close();
});

/** The thread, to look at from outside. */
const watched = (run: (start: (data: unknown) => Worker) => void, script: string): Worker => {
  let worker: Worker | null = null;
  run((workerData) => {
    worker = new Worker(script, { eval: true, workerData });
    return worker;
  });
  if (worker === null) throw new Error('no thread was started');
  return worker;
};

it('ends its thread when it is closed, even one that is halted until there is room', async () => {
  const plan = planOf(text(), null);
  const opened: { close(): Promise<void> }[] = [];
  const halted = `const { workerData } = require('node:worker_threads');
    const control = new Int32Array(workerData.memory.control); Atomics.wait(control, 0, 0);`;
  const worker = watched((start) => opened.push(threadedBatches(plan, start)), halted);
  await new Promise((resolve) => worker.once('online', resolve));
  expect(worker.threadId).toBeGreaterThan(0);
  await opened[0]?.close();
  expect(worker.threadId).toBe(-1);
});

it('hands on what went wrong in the thread in its own words, and does not copy the examples', async () => {
  const plan = planOf(text(), null);
  const ahead = threadedBatches(plan);
  await ahead.next();
  // The thread reads the same memory: suddenly an example is far too long for the room that is kept.
  for (let i = 0; i < plan.split.offsets.length; i++) plan.split.offsets[i] = (plan.split.offsets[i] ?? 0) * 100;
  const all = async (): Promise<void> => {
    for (;;) await ahead.next();
  };
  await expect(all()).rejects.toThrow(/a batch of \d+ bytes does not fit/);
  await ahead.close();
});

it('makes batches on demand where a thread would cost more than it brings, or would copy the examples', async () => {
  const narrow = batchesAhead(planOf(text(), null));
  expect(narrow.next()).not.toBeInstanceOf(Promise);
  const width = 20_000;
  const wide = ragged(8, (steps) => ({ series: new Float32Array(steps * width) }));
  expect(batchesAhead(planOf(wide, width)).next()).not.toBeInstanceOf(Promise);
  const ahead = batchesAhead(planOf({ ...wide, series: shared(wide.series ?? new Float32Array()) }, width));
  // Its thread has only been started.
  const first = ahead.next();
  expect(first).toBeInstanceOf(Promise);
  await first;
  await ahead.close();
});

it('finds prepared examples in memory that threads share', async () => {
  const { splits: prepared } = await prepareData(
    dataBinding.parse({ source: { kind: 'template', name: 'syllables' }, task: 'sequence-classification' }),
  );
  for (const { tokens, offsets } of Object.values(prepared)) {
    expect(tokens?.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(offsets.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
});
