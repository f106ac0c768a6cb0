import '../../../backends/gradients.tf.ts';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { activateBackend } from '../../../backends/choose.tf.ts';
import { nativeRuntime } from '../../../toolchain/runtime.ts';
import { findCompiler } from '../../../toolchain/tools.ts';
import { buildReference } from './build.test-support.ts';

/*
 * No GPU is needed, and none is seen: TensorFlow's own definitions of cuDNN's ops check what we give them, and kernels of ours for the
 * processor compute what cuDNN's documentation says, where a GPU would have NVIDIA's. So this tests everything of ours between the
 * recurrence and cuDNN, not cuDNN. On a machine with a GPU `unroll devices --check` makes the same comparison with the real one.
 */
const compiler = await findCompiler();
const runtime = nativeRuntime();
const reason = compiler.ok ? (runtime === null ? 'native TensorFlow is not prepared' : null) : compiler.reason;
if (reason !== null) console.warn(`the use of cuDNN is not tested here: ${reason}`);

/** Whether this machine cannot run the reference kernels, and nobody insists. */
export const skipped = reason !== null && process.env['UNROLL_REQUIRE_ALL'] !== '1';

/** Starts native TensorFlow as on a machine with a GPU, with the reference kernels for cuDNN's ops. */
export async function startWithReference(): Promise<void> {
  if (!compiler.ok || runtime === null) throw new Error(reason ?? '');
  await activateBackend('tensorflow');
  createRequire(import.meta.url)(await buildReference(runtime, compiler.command));
  Object.assign(tf.backend(), { isUsingGpuDevice: true });
}
