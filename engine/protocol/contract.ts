import type { z } from 'zod';
import { appEvents, appMethods } from './app.ts';
import { beamMethods } from './beam.ts';
import { blockEvents, blockMethods } from './blocks.ts';
import { dataEvents, dataMethods } from './data.ts';
import { documentMethods } from './documents.ts';
import { exportMethods } from './export.ts';
import { filmEvents, filmMethods } from './film.ts';
import { importMethods } from './import.ts';
import { inspectMethods } from './inspect.ts';
import { projectionMethods } from './inspect-projection.ts';
import { unitMethods } from './inspect-units.ts';
import { inspectWorkEvents, inspectWorkMethods } from './inspect-work.ts';
import { lessonMethods } from './lessons.ts';
import { machineEvents, machineMethods } from './machine.ts';
import { predictEvents, predictMethods } from './predict.ts';
import { rayMethods } from './ray.ts';
import { runEvents, runMethods } from './runs.ts';
import { saliencyMethods } from './saliency.ts';
import { seriesEvents, seriesMethods } from './series.ts';
import { spectrumMethods } from './spectrum.ts';
import { sweepEvents, sweepMethods } from './sweep.ts';
import { transferMethods } from './transfer.ts';
import { whatIfMethods } from './what-if.ts';
import { windowEvents, windowMethods } from './windows.ts';
import { workerEvents, workerMethods } from './worker.ts';

/** Every method of the engine, by name. */
export const methods = {
  ...appMethods,
  ...documentMethods,
  ...blockMethods,
  ...dataMethods,
  ...runMethods,
  ...predictMethods,
  ...exportMethods,
  ...importMethods,
  ...lessonMethods,
  ...inspectMethods,
  ...spectrumMethods,
  ...filmMethods,
  ...unitMethods,
  ...inspectWorkMethods,
  ...saliencyMethods,
  ...projectionMethods,
  ...whatIfMethods,
  ...beamMethods,
  ...workerMethods,
  ...windowMethods,
  ...seriesMethods,
  ...machineMethods,
  ...transferMethods,
  ...sweepMethods,
  ...rayMethods,
} as const;

/** Every unasked message of the engine, by name. */
export const events = {
  ...appEvents,
  ...blockEvents,
  ...dataEvents,
  ...runEvents,
  ...predictEvents,
  ...filmEvents,
  ...inspectWorkEvents,
  ...workerEvents,
  ...windowEvents,
  ...seriesEvents,
  ...machineEvents,
  ...sweepEvents,
} as const;

export type MethodName = keyof typeof methods;
export type MethodParams<M extends MethodName> = z.input<(typeof methods)[M]['params']>;
export type MethodResult<M extends MethodName> = z.output<(typeof methods)[M]['result']>;
export type EventName = keyof typeof events;
export type EventData<E extends EventName> = z.output<(typeof events)[E]>;

/** The window that a request comes from, by how it is sent messages. */
export type Caller = (message: string) => void;

/** The engine's side: one handler a method, complete or it does not compile. `caller` is absent where no window asks. */
export type Handlers = {
  readonly [M in MethodName]: (params: z.output<(typeof methods)[M]['params']>, caller?: Caller) => Promise<MethodResult<M>>;
};
