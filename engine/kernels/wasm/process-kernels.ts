import { WasmKernels } from './kernels.ts';
import { relaxedSimd } from './relaxed-simd.ts';

let loaded: WasmKernels | null = null;

/** The kernels of this process; loaded with the first call. */
export function wasmKernels(): WasmKernels {
  loaded ??= new WasmKernels(relaxedSimd() ? 'kernels-relaxed.wasm' : 'kernels.wasm');
  return loaded;
}
