// Apart from what starts them, which is for Node: a window's bundle has this file, too.
import type { WasmKernels } from './kernels.ts';

let started: WasmKernels | null = null;

/** The kernels of this process, once they have been started; `null` before, and where they could not be. */
export const wasmKernels = (): WasmKernels | null => started;

/** The same, where the caller has made sure of it. */
export function requireWasmKernels(): WasmKernels {
  if (started === null) throw new Error('a WASM kernel was called before it was started');
  return started;
}

export function setWasmKernels(kernels: WasmKernels): void {
  started = kernels;
}
