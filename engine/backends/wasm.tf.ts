import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { wasmKernels } from '../kernels/wasm/ops.tf.ts';
import { plural, type StartedBackend } from './backend.ts';
import { threadCount } from './thread-count.ts';

/** Each further thread reads all weights and keeps sums of its own for their gradients. */
const mostThreads = 16;

let prepared = false;

interface Counted {
  incRef(dataId: object): void;
}

/**
 * TensorFlow.js keeps a tensor for a gradient as its `Identity`, for which this backend copies the numbers. As in its other backends,
 * the two may have them in common: no operation writes over its arguments.
 */
function shareIdentities(): void {
  const stock = tf.getKernel('Identity', 'wasm');
  tf.unregisterKernel('Identity', 'wasm');
  tf.registerKernel({
    ...stock,
    kernelFunc({ inputs, backend }) {
      const { dataId, shape, dtype } = inputs['x'] as tf.TensorInfo;
      (backend as unknown as Counted).incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}

/** WebAssembly in the engine's process: needs nothing installed. */
export async function startWasm(): Promise<StartedBackend> {
  if (!prepared) {
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    shareIdentities();
    prepared = true;
  }
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly did not start');
  const kernels = wasmKernels();
  await kernels.startThreads(Math.min(threadCount(), mostThreads));
  return { description: `WASM · SIMD · ${plural(kernels.threads, 'thread')}` };
}
