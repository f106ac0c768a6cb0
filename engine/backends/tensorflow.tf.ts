import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import './gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { fusedOps, nativeBackend, setFusedOps } from '../kernels/native-ops.tf.ts';
import { describeProcessor } from '../toolchain/processor.ts';
import { plural, type StartedBackend } from './backend.ts';
import { describeBfloat16, startBfloat16 } from './bfloat16.tf.ts';
import { describeChains, startChains } from './chain-check.tf.ts';
import { type CudnnVerdict, describeCudnn, startCudnn } from './cudnn.tf.ts';
import { chosenProducts, cudnnAttempts, productsInUse, setProductsEnvironment } from './matrix-products.ts';
import { describeRefusal, startPrograms } from './program-check.tf.ts';
import { threadCount } from './thread-count.ts';

interface Binding {
  readonly TF_Version: string;
}

/** What our addon exports. */
interface FusedOps {
  readonly instructions: string;
  /** Whether this processor has instructions for products of bfloat16. */
  readonly bfloat16: boolean;
}

let hasBfloat16 = false;

/**
 * Loads TensorFlow's C library through tfjs-node's binding from the cache, not through tfjs-node's own entry: that one looks
 * for the binding inside node_modules, which may be read-only, and loads its Keras port as well.
 *
 * @param binding path of `tfjs_binding.node`
 * @param ops path of our fused kernels, which register themselves with the TensorFlow that is loaded; `null` where there are none
 */
export async function startTensorflow(binding: string, ops: string | null): Promise<StartedBackend> {
  const require = createRequire(import.meta.url);
  setEnvironment();
  const util: Record<string, unknown> = require('node:util');
  // Removed from Node 23 and from Electron's Node; tfjs-node 4.22 calls it.
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  const native: Binding = require(binding);
  if (tf.findBackendFactory('tensorflow') === null) {
    require('@tensorflow/tfjs-node/dist/register_all_kernels');
    const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node/dist/nodejs_kernel_backend');
    tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(native, '@tensorflow/tfjs-node'), 3);
  }
  if (ops !== null && fusedOps() === null) setFusedOps(loadOps(ops, require));
  if (!(await tf.setBackend('tensorflow'))) throw new Error('TensorFlow did not start');
  if (usesGpu()) return { description: describeTensorflow(native.TF_Version, await gpuFacts(binding)) };
  const refusal = describeRefusal(await startPrograms()) + describeChains(await startChains());
  const products = chosenProducts() === 'bfloat16' ? describeBfloat16(await startBfloat16(hasBfloat16)) : '';
  return { description: describeTensorflow(native.TF_Version, fusedOps() !== null) + products + refusal };
}

/** @returns the instruction set in use, or `null` where the addon does not load: one from a package may ask for newer libraries. */
function loadOps(path: string, require: NodeJS.Require): string | null {
  try {
    const { instructions, bfloat16 } = require(path) as FusedOps;
    hasBfloat16 = bfloat16;
    return instructions;
  } catch (error) {
    process.stderr.write(`The fused kernels do not load here: ${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

interface GpuFacts {
  /** `null` before the check. */
  readonly cudnn: CudnnVerdict | null;
}

let checked: CudnnVerdict | null = null;

/** Checks cuDNN's kernels the first time. */
async function gpuFacts(binding: string): Promise<GpuFacts> {
  checked ??= await startCudnn(dirname(binding), cudnnAttempts());
  return { cudnn: checked };
}

/**
 * For the status bar, e.g. 'TensorFlow 2.21 · CPU AVX-512 · 2 threads · fused kernels' or 'TensorFlow 2.21 · CUDA NVIDIA L4 · cuDNN
 * kernels'.
 *
 * @param kernels on the processor, whether our fused kernels are there
 */
export function describeTensorflow(version: string, kernels: GpuFacts | boolean): string {
  const short = `TensorFlow ${version.split('.').slice(0, 2).join('.')}`;
  if (typeof kernels === 'boolean') {
    const fused = kernels ? 'fused kernels' : 'no fused kernels';
    return [short, describeProcessor(false), plural(threadCount(), 'thread'), fused].join(' · ');
  }
  const tf32 = productsInUse() === 'tf32' && kernels.cudnn !== null;
  const cudnn = kernels.cudnn === null ? [] : [describeCudnn(kernels.cudnn)];
  return [short, describeProcessor(true), ...(tf32 ? ['TF32'] : []), ...cudnn].join(' · ');
}

/** Read by TensorFlow once, when its library is loaded. */
function setEnvironment(): void {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threadCount());
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Small eager ops gain nothing from oneDNN, and it announces itself on stderr.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '0';
  setProductsEnvironment();
}

/** Whether the TensorFlow that runs lists a GPU. */
export const usesGpu = (): boolean => nativeBackend()?.isUsingGpuDevice === true;
