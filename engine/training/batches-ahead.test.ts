import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import type { BatchSource } from '../data/ahead/batch-source.ts';
import { threadedBatches } from '../data/ahead/batches-ahead.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';
import { MemorySink } from './memory-sink.test-support.ts';
import { reversalTask } from './reversal-task.test-support.ts';
import { type SessionOptions, TrainingSession } from './session.tf.ts';
import { type SyntheticTask, syntheticTask } from './synthetic-task.test-support.ts';

beforeAll(startJavascript);

async function train(
  task: SyntheticTask,
  rest: Pick<SessionOptions, 'batches' | 'resume'> = {},
  pauseAt = Number.POSITIVE_INFINITY,
): Promise<{ readonly end: string; readonly sink: MemorySink }> {
  const sink = new MemorySink();
  const session = new TrainingSession({ plan: task.plan, data: task.data, settings: task.document.training, sink, ...rest });
  sink.onProgress = ({ step }) => {
    if (step >= pauseAt) session.pause();
  };
  const end = await session.run();
  session.dispose();
  return { end, sink };
}

function left(sink: MemorySink): Checkpoint {
  const checkpoint = sink.checkpoints.at(-1);
  if (checkpoint === undefined) throw new Error('no checkpoint');
  return { ...checkpoint, state: { ...checkpoint.state, seconds: 0 } };
}

const settings = { epochs: 3, batchSize: 16, seed: 5 };

describe.each([
  ['dropout', syntheticTask('sequence-classification', settings, 120)],
  ['scheduled sampling', reversalTask({ settings: { ...settings, scheduledSampling: 0.6 }, examples: 120, hidden: 6 })],
])('a run with %s whose batches are made ahead', (_name, task) => {
  it('ends with the same weights, bit for bit, also when it was interrupted', async () => {
    const through = await train(task);
    const ahead = await train(task, { batches: threadedBatches });
    expect(left(ahead.sink)).toEqual(left(through.sink));

    const paused = await train(task, { batches: threadedBatches }, 11);
    expect(paused.end).toBe('paused');
    const checkpoint = left(paused.sink);
    expect(checkpoint.state.step).toBeGreaterThan(10);
    expect(checkpoint.state.step).toBeLessThan(24);
    const resumed = await train(task, { batches: threadedBatches, resume: { checkpoint, best: paused.sink.bestWeights } });
    expect(left(resumed.sink)).toEqual(left(through.sink));
  });
});

it('closes its batches once, however it ends', async () => {
  const task = syntheticTask('sequence-classification', settings, 120);
  let closed = 0;
  const counting: NonNullable<SessionOptions['batches']> = (plan): BatchSource => {
    const source = threadedBatches(plan);
    const close = async (): Promise<void> => {
      closed++;
      await source.close();
    };
    return { next: () => source.next(), close };
  };
  await train(task, { batches: counting });
  expect(closed).toBe(1);
  expect((await train(task, { batches: counting }, 5)).end).toBe('paused');
  expect(closed).toBe(2);
  const failing: NonNullable<SessionOptions['batches']> = (plan) => ({
    ...counting(plan),
    next: async () => Promise.reject(new Error('the thread says no')),
  });
  await expect(train(task, { batches: failing })).rejects.toThrow('the thread says no');
  expect(closed).toBe(3);
});
