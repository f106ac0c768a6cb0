import { beforeAll, describe, expect, test, vi } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { requireWindowDevice } from '../backends/window-device.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { dispatch } from '../links/dispatch.ts';
import { fromBase64 } from '../protocol/base64.ts';
import type { Handlers } from '../protocol/contract.ts';
import { fromEngine, UserError } from '../protocol/envelope.ts';
import { chunkBytes } from '../protocol/worker.ts';
import { weightsOf } from '../runs/checkpoint.ts';
import { workerService } from '../services/worker.ts';
import { MemorySink } from '../training/memory-sink.test-support.ts';
import { TrainingSession } from '../training/session.tf.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { EngineCalls } from './engine-calls.ts';
import { engineSink } from './engine-sink.ts';
import { unpackJob } from './job.ts';
import { windowWorkers } from './window-workers.ts';

/*
 * The window's half runs here on the JavaScript backend; every call goes through the protocol as text. e2e/webgpu.spec.ts has a
 * real browser.
 */
const device = {
  backend: 'webgpu',
  available: true,
  reason: null,
  description: 'test',
  selfCheckError: 0,
  tokensPerSecond: null,
} as const;

/** Takes every job that is offered, as main.tf.ts does. */
class TestWindow {
  readonly handlers: Pick<Handlers, Extract<keyof Handlers, `worker.${string}`>>;
  session: TrainingSession | null = null;
  sink: ReturnType<typeof engineSink> | null = null;
  /** Whether it still answers. */
  open = true;
  /** Whether it hears of offers yet. */
  started = true;

  constructor() {
    this.handlers = workerService({
      emit: (event, data) => {
        if (event === 'worker.start' && this.started && 'job' in data) void this.#train(data.job);
        if (event !== 'worker.command' || !('command' in data)) return;
        if (data.command === 'weights') void this.#handOver();
        else if (data.command === 'pause') this.session?.pause();
        else this.session?.stop();
      },
    });
  }

  async #handOver(): Promise<void> {
    if (!this.open) return;
    const reading = this.session && { step: this.session.state.step, weights: this.session.model.read() };
    await this.sink?.weights(reading && { step: reading.step, weights: await reading.weights });
  }

  async #train(job: string): Promise<void> {
    const calls = new EngineCalls((message) => {
      if (message.kind !== 'call' || !this.open) return;
      const { id, method, params } = message;
      void dispatch(JSON.stringify({ id, method, params }), this.handlers as Handlers).then((text) => {
        const reply = fromEngine.parse(JSON.parse(text ?? ''));
        if ('event' in reply) return;
        if (reply.ok) calls.answered(id, reply.result);
        else calls.refused(id, reply.error);
      });
    });
    const { bytes } = await calls.call('worker.claim', { job });
    if (bytes === null) return;
    const packed = new Uint8Array(bytes);
    for (let offset = 0; offset < bytes; offset += chunkBytes)
      packed.set(fromBase64((await calls.call('worker.read', { job, offset })).data), offset);
    this.sink = engineSink(job, calls);
    this.session = new TrainingSession({ ...unpackJob(packed), sink: this.sink });
    const how = await this.session.run().catch((error: unknown) => error);
    this.session.dispose();
    const failure = how instanceof UserError ? how.failure : { code: 'unexpected', message: String(how) };
    const end = typeof how === 'string' ? { kind: 'ended' as const, how: how as 'done' } : { kind: 'failed' as const, failure };
    await calls.call('worker.end', { job, end });
  }
}

const task = syntheticTask('step-tagging', { epochs: 3, learningRate: 0.01 });
const options = { plan: task.plan, data: task.data, settings: task.document.training };
/** What does not depend on the clock. */
const lines = (sink: MemorySink) => sink.events.map(({ step, split, values }) => ({ step, split, values }));

beforeAll(async () => {
  await startJavascript();
});

async function trainHere(): Promise<MemorySink> {
  const sink = new MemorySink();
  const session = new TrainingSession({ ...options, sink });
  await session.run();
  session.dispose();
  return sink;
}

describe('a run trained through a window', () => {
  test('gives the numbers, checkpoints and best weights of one trained in the engine', async () => {
    new TestWindow();
    windowWorkers.report(device);
    const expected = await trainHere();
    const sink = new MemorySink();
    const session = windowWorkers.createSession({ ...options, sink });
    expect(await session.run()).toBe('done');
    expect(lines(sink)).toEqual(lines(expected));
    expect(sink.bestWeights).toEqual(expected.bestWeights);
    expect(sink.checkpoints.at(-1)?.tensors).toEqual(expected.checkpoints.at(-1)?.tensors);
    expect(sink.reports.at(-1)?.step).toBe(expected.reports.at(-1)?.step);
  });

  test('pauses, and goes on from its checkpoint to the same weights', async () => {
    new TestWindow();
    windowWorkers.report(device);
    const expected = await trainHere();
    const first = new MemorySink();
    const session = windowWorkers.createSession({ ...options, sink: first });
    first.onMetrics = ({ step }) => {
      if (step === 11) session.pause();
    };
    expect(await session.run()).toBe('paused');
    const checkpoint = first.checkpoints.at(-1);
    if (checkpoint === undefined) throw new Error('no checkpoint');
    expect(checkpoint.state.step).toBeLessThan(expected.reports.at(-1)?.totalSteps ?? 0);
    const second = new MemorySink();
    const resumed = windowWorkers.createSession({ ...options, sink: second, resume: { checkpoint, best: first.bestWeights } });
    expect(await resumed.run()).toBe('done');
    expect(second.checkpoints.at(-1)?.tensors).toEqual(expected.checkpoints.at(-1)?.tensors);
  });

  test('hands over its weights between two steps while it trains, and trains to the same numbers', async () => {
    new TestWindow();
    windowWorkers.report(device);
    const expected = await trainHere();
    const sink = new MemorySink();
    const session = windowWorkers.createSession({ ...options, sink });
    expect(await session.weights(), 'nobody trains it yet').toBeNull();
    const handed: { step: number; weights: ReadonlyMap<string, NamedTensor> }[] = [];
    sink.onMetrics = () =>
      void Promise.all([session.weights(), session.weights()]).then(([live, same]) => {
        expect(same, 'who asks meanwhile gets the same').toBe(live);
        if (live !== null) handed.push(live);
      });
    expect(await session.run()).toBe('done');
    expect(lines(sink)).toEqual(lines(expected));
    expect(sink.checkpoints.at(-1)?.tensors).toEqual(expected.checkpoints.at(-1)?.tensors);
    expect(handed.length).toBeGreaterThan(0);
    // Where a checkpoint is of the same step, they are its weights.
    const known = new Map(expected.checkpoints.map((checkpoint) => [checkpoint.state.step, weightsOf(checkpoint)]));
    const checked = handed.filter(({ step }) => known.has(step));
    expect(checked.length, `steps ${handed.map(({ step }) => step)}, checkpoints ${[...known.keys()]}`).toBeGreaterThan(0);
    for (const { step, weights } of checked) expect(weights).toEqual(known.get(step));
    expect(await session.weights(), 'it has ended').toBeNull();
    session.dispose();
  });

  test('a sink that fails (disk full) ends the training with its words', async () => {
    new TestWindow();
    windowWorkers.report(device);
    const sink = new MemorySink();
    sink.checkpoint = () => Promise.reject(new UserError({ code: 'disk-full', message: 'The disk is full.' }));
    await expect(windowWorkers.createSession({ ...options, sink }).run()).rejects.toMatchObject({
      failure: { code: 'disk-full' },
    });
  });

  test('no window, and a window that falls silent, are told', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      workerService({ emit: () => undefined });
      windowWorkers.report(device);
      const unclaimed = windowWorkers.createSession({ ...options, sink: new MemorySink() }).run();
      const refusal = expect(unclaimed).rejects.toMatchObject({ failure: { code: 'window-missing' } });
      await vi.advanceTimersByTimeAsync(60_000);
      await refusal;

      const window = new TestWindow();
      windowWorkers.report(device);
      const sink = new MemorySink();
      sink.onMetrics = () => {
        window.open = false;
      };
      const silent = windowWorkers.createSession({ ...options, sink }).run();
      const end = expect(silent).rejects.toMatchObject({ failure: { code: 'window-closed' } });
      await vi.waitFor(() => expect(window.open).toBe(false), { timeout: 10_000 });
      await vi.advanceTimersByTimeAsync(60_000);
      await end;
    } finally {
      vi.useRealTimers();
    }
  });

  test('a window that opens after the start takes the run', async () => {
    const window = new TestWindow();
    window.started = false;
    windowWorkers.report(device);
    const sink = new MemorySink();
    const run = windowWorkers.createSession({ ...options, sink }).run();
    window.started = true;
    windowWorkers.report(device);
    expect(await run).toBe('done');
    expect(sink.bestWeights).not.toBeNull();
  });

  test('without a device, the reason is told', () => {
    windowWorkers.report({ ...device, available: false, reason: 'Its gradients differ.' });
    expect(() => requireWindowDevice()).toThrow('Its gradients differ.');
  });
});
