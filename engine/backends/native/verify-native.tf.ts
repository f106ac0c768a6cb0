/**
 * Started in a process of its own, by verify.ts or the desktop shell: `verify-native BINDING [OPS]`. Prints one line of JSON, or fails.
 */
import * as tf from '@tensorflow/tfjs-core';
import { fusedOps } from '../../kernels/native-ops.tf.ts';
import { parentPort } from '../../links/parent-port.ts';
import type { NativeCheckResult } from '../../protocol/native-check.ts';
import { startJavascript } from '../javascript.tf.ts';
import { productsVariable } from '../matrix-products.ts';
import { largestError, selfCheck } from '../self-check.tf.ts';
import { startTensorflow } from '../tensorflow.tf.ts';

const [, , binding, ops] = process.argv;
if (binding === undefined) throw new Error('usage: verify-native BINDING [OPS]');

// Float32 whatever is chosen: the runtime is judged, not the choice.
process.env['NVIDIA_TF32_OVERRIDE'] = '0';
process.env[productsVariable] = 'float32';

async function product(): Promise<Float32Array> {
  const values = Float32Array.from({ length: 37 * 53 }, (_, index) => Math.sin(index * 0.7));
  const a = tf.tensor2d(values, [37, 53]);
  const b = tf.tensor2d(values, [53, 37]);
  return Float32Array.from(await tf.matMul(a, b).data());
}

async function check(binding: string, ops: string | null): Promise<string> {
  await startJavascript();
  const expected = await product();
  await startTensorflow(binding, ops);
  if (ops !== null && fusedOps() === null) throw new Error('the fused kernels do not load');
  const found = await product();
  const matmulError = largestError([{ name: 'product', values: expected }], [{ name: 'product', values: found }]);
  return JSON.stringify({ verified: true, matmulError, selfCheckError: await selfCheck() });
}

/** To the desktop shell, which ends this process then; otherwise to the output. */
function tell(result: NativeCheckResult): void {
  if (parentPort !== null) parentPort.postMessage(result);
  else process[result.ok ? 'stdout' : 'stderr'].write(`\n${result.text}\n`, () => process.exit(result.ok ? 0 : 1));
}

tell(
  await check(binding, ops ?? null).then(
    (text) => ({ ok: true, text }),
    (error: unknown) => ({ ok: false, text: String(error instanceof Error ? error.stack : error) }),
  ),
);
