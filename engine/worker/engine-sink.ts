import { encodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import { toBase64 } from '../protocol/base64.ts';
import { chunkBytes } from '../protocol/worker.ts';
import type { RunSink } from '../training/sink.ts';
import type { EngineCalls } from './engine-calls.ts';
import type { LiveWeights } from './window-session.ts';

/** The worker's way to the engine, which keeps the run. */
interface EngineSink extends RunSink {
  /** Hands over the weights of this moment to who looks at them; `null` before there are any. */
  weights(live: LiveWeights | null): Promise<void>;
}

/** A session's sink inside the worker: everything goes to the engine. */
export function engineSink(job: string, engine: EngineCalls): EngineSink {
  let uploads = 0;
  const send = async (tensors: ReadonlyMap<string, NamedTensor>): Promise<number> => {
    const upload = uploads++;
    const bytes = encodeSafetensors(tensors);
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      await engine.call('worker.write', { job, upload, data: toBase64(bytes.subarray(at, at + chunkBytes)) });
    }
    return upload;
  };
  return {
    metrics: async (event) => void (await engine.call('worker.metrics', { job, event })),
    // Nothing waits for it: a lost line of progress is replaced a moment later.
    progress: (progress) => void engine.call('worker.progress', { job, progress }).catch(() => undefined),
    evaluation: async (evaluation) => void (await engine.call('worker.evaluation', { job, evaluation })),
    checkpoint: async ({ state, tensors }) =>
      void (await engine.call('worker.checkpoint', { job, upload: await send(tensors), state })),
    weights: async (live) => {
      const sent = live && { upload: await send(live.weights), step: live.step };
      await engine.call('worker.weights', { job, live: sent });
    },
    best: async (weights, evaluation, step) =>
      void (await engine.call('worker.best', { job, upload: await send(weights), evaluation, step })),
    note: async (text) => void (await engine.call('worker.note', { job, text })),
  };
}
