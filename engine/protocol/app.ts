import { z } from 'zod';
import { machineState } from './machine.ts';

export const backendName = z.enum(['tensorflow', 'webgpu', 'wasm', 'javascript']);
export type BackendName = z.infer<typeof backendName>;

/**
 * How native TensorFlow multiplies matrices. On an NVIDIA GPU: in float32, with factors rounded to TF32 on its tensor cores, or in float16
 * where cuDNN runs a recurrence and as TF32 elsewhere. On a processor: in float32, or while training with factors rounded to bfloat16.
 */
export const matrixProducts = z.enum(['float32', 'tf32', 'float16', 'bfloat16']);
export type MatrixProducts = z.infer<typeof matrixProducts>;

/** One backend as shown in the status bar's menu. */
export const deviceInfo = z.strictObject({
  backend: backendName,
  available: z.boolean(),
  /** Why it is not available, and what would make it so. */
  reason: z.string().nullable(),
  /** e.g. 'TensorFlow 2.21 · CPU AVX-512 · 2 threads'; a software adapter is labelled CPU. */
  description: z.string(),
  /** Gradient self-check against the JavaScript backend: largest relative error, `null` if not run yet. */
  selfCheckError: z.number().nullable(),
  /** Measured while training, the latest known. */
  tokensPerSecond: z.number().nullable(),
});
export type DeviceInfo = z.infer<typeof deviceInfo>;

export const setupProgress = z.strictObject({
  state: z.enum(['idle', 'running', 'done', 'failed', 'cancelled']),
  /** Which part: 'download' | 'unpack' | 'compile' | 'verify' … as a sentence for the user. */
  step: z.string(),
  /** 0–1, or `null` when unknown. */
  fraction: z.number().min(0).max(1).nullable(),
  message: z.string().nullable(),
});
export type SetupProgress = z.infer<typeof setupProgress>;

export const appMethods = {
  'app.hello': {
    params: z.strictObject({ protocol: z.number().int() }),
    result: z.strictObject({
      version: z.string(),
      platform: z.string(),
      home: z.string(),
      documents: z.string(),
      /** Where runs are kept. */
      runs: z.string(),
      /** The machine that the windows are on. */
      machine: machineState,
      /** The document to open first: a file given at start, or the default template. */
      initial: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('file'), path: z.string() }),
        z.strictObject({ kind: z.literal('template'), name: z.string() }),
      ]),
    }),
  },
  'app.devices': {
    params: z.strictObject({}),
    result: z.strictObject({
      devices: z.array(deviceInfo),
      preferred: backendName,
      /** What is chosen for the next start, among what is possible here; `null` where there is no choice. */
      matrixProducts: z.strictObject({ chosen: matrixProducts, options: z.array(matrixProducts) }).nullable(),
    }),
  },
  'app.matrixProducts.choose': { params: z.strictObject({ matrixProducts }), result: z.strictObject({}) },
  'app.setup.start': { params: z.strictObject({}), result: setupProgress },
  'app.setup.cancel': { params: z.strictObject({}), result: setupProgress },
  'app.setup.status': { params: z.strictObject({}), result: setupProgress },
} as const;

export const appEvents = { 'setup.progress': setupProgress } as const;
