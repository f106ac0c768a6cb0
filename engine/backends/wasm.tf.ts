import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { wasmKernels } from '../kernels/wasm/process-kernels.ts';
import { startKernels } from '../kernels/wasm/start-kernels.ts';
import { replaceStockKernels } from '../kernels/wasm/stock-kernels.tf.ts';
import { plural, type StartedBackend } from './backend.ts';
import { describeChains, startChains } from './chain-check.tf.ts';
import { describeRefusal, startPrograms } from './program-check.tf.ts';
import { threadCount } from './thread-count.ts';

/** Each further thread reads all weights and keeps sums of its own for their gradients. */
const mostThreads = 16;

let pathsSet = false;

/** TensorFlow.js' WASM backend as it comes: what the benchmark compares with. */
export async function startStockWasm(): Promise<void> {
  if (!pathsSet) {
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    pathsSet = true;
  }
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly did not start');
}

/** WebAssembly in the engine's process: needs nothing installed. Without our kernels, which need shared memory, it is slower. */
export async function startWasm(): Promise<StartedBackend> {
  await startStockWasm();
  const first = wasmKernels() === null;
  const kernels = await startKernels(Math.min(threadCount(), mostThreads)).catch(() => null);
  if (first && kernels !== null) replaceStockKernels();
  const own =
    kernels === null ? ' · no fused kernels' : describeRefusal(await startPrograms()) + describeChains(await startChains());
  return { description: `WASM · SIMD · ${plural(kernels?.threads ?? 1, 'thread')}${own}` };
}
