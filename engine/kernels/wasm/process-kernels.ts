import { WasmKernels } from './kernels.ts';
import { relaxedSimd } from './relaxed-simd.ts';

let started: WasmKernels | null = null;

/** The kernels of this process, once they have been started; `null` before, and where they could not be. */
export const wasmKernels = (): WasmKernels | null => started;

/** The same, where the caller has made sure of it. */
export function requireWasmKernels(): WasmKernels {
  if (started === null) throw new Error('a WASM kernel was called before it was started');
  return started;
}

/**
 * Loads the kernels and starts their threads.
 *
 * @throws Error where WebAssembly has no shared memory, or no address space is left for it
 */
export async function startKernels(threads: number): Promise<WasmKernels> {
  const kernels = started ?? new WasmKernels(relaxedSimd() ? 'kernels-relaxed.wasm' : 'kernels.wasm');
  await kernels.startThreads(threads);
  started = kernels;
  return kernels;
}
