import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { wasmKernels } from '../kernels/wasm/ops.tf.ts';
import { plural, type StartedBackend } from './backend.ts';

let pathsSet = false;

/** WebAssembly in the engine's process: needs nothing installed. */
export async function startWasm(): Promise<StartedBackend> {
  if (!pathsSet) {
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    pathsSet = true;
  }
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly did not start');
  const kernels = wasmKernels();
  await kernels.startThreads();
  return { description: `WASM · SIMD · ${plural(kernels.threads, 'thread')}` };
}
