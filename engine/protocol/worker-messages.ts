import type { DeviceInfo } from './app.ts';
import type { Failure } from './envelope.ts';

/** window → worker */
export type ToWorker =
  /** Start WebGPU and check it. */
  | { readonly kind: 'probe' }
  | { readonly kind: 'train'; readonly job: string; readonly bytes: number }
  | { readonly kind: 'command'; readonly command: 'pause' | 'stop' | 'weights' }
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly failure: Failure };

/** worker → window */
export type FromWorker =
  | { readonly kind: 'device'; readonly device: DeviceInfo }
  /** A call of an engine method whose name starts with `worker.`; the window passes it on. */
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'ended'; readonly job: string };
