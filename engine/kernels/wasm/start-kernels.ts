import { WasmKernels } from './kernels.ts';
import { setWasmKernels, wasmKernels } from './process-kernels.ts';
import { relaxedSimd } from './relaxed-simd.ts';

/**
 * Loads the kernels of this process and starts their threads.
 *
 * @throws Error where WebAssembly has no shared memory, or no address space is left for it
 */
export async function startKernels(threads: number): Promise<WasmKernels> {
  const kernels = wasmKernels() ?? new WasmKernels(relaxedSimd() ? 'kernels-relaxed.wasm' : 'kernels.wasm');
  await kernels.startThreads(threads);
  setWasmKernels(kernels);
  return kernels;
}
