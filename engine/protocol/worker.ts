import { z } from 'zod';
import { deviceInfo } from './app.ts';
import { failure } from './envelope.ts';
import { figure } from './figure.ts';
import { evaluation, metricEvent, metricValues } from './runs.ts';
import { trainingState } from './training-state.ts';

/** Largest piece of binary data in one message, before base64. */
export const chunkBytes = 2 * 1024 * 1024;

const job = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
const upload = z.number().int().min(0);
const base64 = z.string().max(Math.ceil(chunkBytes / 3) * 4);
const nothing = z.strictObject({});

/** As `SessionProgress` (engine/training/sink.ts). */
const sessionProgress = z.strictObject({
  epoch: figure,
  step: z.number().int(),
  totalSteps: z.number().int(),
  seconds: figure,
  best: z.strictObject({ step: z.number().int(), value: figure }).nullable(),
  validation: metricValues.nullable(),
  tokensPerSecond: figure.nullable(),
  secondsLeft: figure.nullable(),
  memoryBytes: figure,
});

/**
 * Training in a Web Worker of the window (WebGPU), with the engine keeping the run. The engine offers a job; a window claims
 * it, reads the packed job in pieces, and sends back what the session tells its sink. What is answered is on the disk.
 */
export const workerMethods = {
  /** The window's own device, checked. */
  'worker.ready': { params: z.strictObject({ device: deviceInfo }), result: nothing },
  /** `bytes` of the packed job, or `null` when another window was first. */
  'worker.claim': { params: z.strictObject({ job }), result: z.strictObject({ bytes: z.number().int().nullable() }) },
  'worker.read': {
    params: z.strictObject({ job, offset: z.number().int().min(0) }),
    result: z.strictObject({ data: base64 }),
  },
  /** Appends to an upload that a later checkpoint or best names. */
  'worker.write': { params: z.strictObject({ job, upload, data: base64 }), result: nothing },
  'worker.metrics': { params: z.strictObject({ job, event: metricEvent }), result: nothing },
  'worker.progress': { params: z.strictObject({ job, progress: sessionProgress }), result: nothing },
  'worker.evaluation': { params: z.strictObject({ job, evaluation }), result: nothing },
  /** `upload` holds the tensors as safetensors. */
  'worker.checkpoint': { params: z.strictObject({ job, upload, state: trainingState }), result: nothing },
  'worker.best': {
    params: z.strictObject({ job, upload, evaluation: evaluation.nullable(), step: z.number().int() }),
    result: nothing,
  },
  /** What is worth knowing of how it trains on the window's device. */
  'worker.note': { params: z.strictObject({ job, text: z.string().max(2000) }), result: nothing },
  /** The weights of this moment, which `worker.command` asked for; `null` before there are any. */
  'worker.weights': {
    params: z.strictObject({
      job,
      live: z.strictObject({ upload, step: z.number().int().min(0) }).nullable(),
    }),
    result: nothing,
  },
  'worker.end': {
    params: z.strictObject({
      job,
      end: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('ended'), how: z.enum(['done', 'paused', 'stopped']) }),
        z.strictObject({ kind: z.literal('failed'), failure }),
      ]),
    }),
    result: nothing,
  },
  /** Sent every few seconds, so that a closed window is noticed. */
  'worker.alive': { params: z.strictObject({ job }), result: nothing },
} as const;

export const workerEvents = {
  'worker.start': z.strictObject({ job }),
  'worker.command': z.strictObject({ job, command: z.enum(['pause', 'stop', 'weights']) }),
} as const;
