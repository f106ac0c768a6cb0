/** Entry of the window's Web Worker. */

import { fromBase64 } from '../protocol/base64.ts';
import { UserError } from '../protocol/envelope.ts';
import { chunkBytes } from '../protocol/worker.ts';
import type { FromWorker, ToWorker } from '../protocol/worker-messages.ts';
import { TrainingSession } from '../training/session.tf.ts';
import { EngineCalls } from './engine-calls.ts';
import { engineSink } from './engine-sink.ts';
import { type Job, unpackJob } from './job.ts';
import { startWebGpu } from './webgpu.tf.ts';

/** The engine notices a closed window by their absence. */
const signOfLife = 5000;

const post = (message: FromWorker): void => globalThis.postMessage(message);
const engine = new EngineCalls(post);
let session: TrainingSession | null = null;
let sink: ReturnType<typeof engineSink> | null = null;
let wanted: 'pause' | 'stop' | null = null;

globalThis.onmessage = ({ data }: MessageEvent<ToWorker>): void => {
  switch (data.kind) {
    case 'probe':
      void startWebGpu().then((device) => post({ kind: 'device', device }));
      return;
    case 'train':
      void train(data.job, data.bytes);
      return;
    case 'command':
      if (data.command === 'weights') void handOver();
      else {
        wanted = data.command;
        obey();
      }
      return;
    case 'answer':
      engine.answered(data.id, data.result);
      return;
    case 'refusal':
      engine.refused(data.id, data.failure);
      return;
  }
};

function obey(): void {
  if (wanted === 'pause') session?.pause();
  if (wanted === 'stop') session?.stop();
}

/** Between two steps: messages have their turn there. */
async function handOver(): Promise<void> {
  const reading = session && { step: session.state.step, weights: session.model.read() };
  try {
    await sink?.weights(reading && { step: reading.step, weights: await reading.weights });
  } catch {
    // The run has ended meanwhile, or the engine: nobody waits for them any more.
  }
}

async function train(job: string, bytes: number): Promise<void> {
  const alive = setInterval(() => void engine.call('worker.alive', { job }).catch(() => undefined), signOfLife);
  try {
    sink = engineSink(job, engine);
    session = new TrainingSession({ ...(await fetchJob(job, bytes)), sink });
    obey();
    const how = await session.run();
    await engine.call('worker.end', { job, end: { kind: 'ended', how } });
  } catch (error) {
    const failure = error instanceof UserError ? error.failure : unexpected(error);
    await engine.call('worker.end', { job, end: { kind: 'failed', failure } }).catch(() => undefined);
  } finally {
    clearInterval(alive);
    session?.dispose();
    session = null;
    sink = null;
    wanted = null;
    post({ kind: 'ended', job });
  }
}

async function fetchJob(job: string, bytes: number): Promise<Job> {
  const packed = new Uint8Array(bytes);
  for (let offset = 0; offset < bytes; offset += chunkBytes) {
    const { data } = await engine.call('worker.read', { job, offset });
    packed.set(fromBase64(data), offset);
  }
  return unpackJob(packed);
}

function unexpected(error: unknown): UserError['failure'] {
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'unexpected',
    message: `Training on WebGPU failed: ${message}`,
    hint: 'Resume the run, or train it on another device.',
  };
}
