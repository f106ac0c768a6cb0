import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { wasmKernels } from '../kernels/wasm/process-kernels.ts';
import { replaceStockKernels } from '../kernels/wasm/stock-kernels.tf.ts';
import { plural, type StartedBackend } from './backend.ts';
import { threadCount } from './thread-count.ts';

/** Each further thread reads all weights and keeps sums of its own for their gradients. */
const mostThreads = 16;

let prepared = false;

/** WebAssembly in the engine's process: needs nothing installed. */
export async function startWasm(): Promise<StartedBackend> {
  if (!prepared) {
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    replaceStockKernels();
    prepared = true;
  }
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly did not start');
  const kernels = wasmKernels();
  await kernels.startThreads(Math.min(threadCount(), mostThreads));
  return { description: `WASM · SIMD · ${plural(kernels.threads, 'thread')}` };
}
