import type { BackendName } from '../protocol/app.ts';

/** What a backend says of itself once it runs. */
export interface StartedBackend {
  /** For the status bar, e.g. `WASM · SIMD · 1 thread`. */
  readonly description: string;
}

/** Name of each backend in TensorFlow.js's registry. */
export const registryNames: Readonly<Record<BackendName, string>> = {
  tensorflow: 'tensorflow',
  webgpu: 'webgpu',
  wasm: 'wasm',
  javascript: 'cpu',
};

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
