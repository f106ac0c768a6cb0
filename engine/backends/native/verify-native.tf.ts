/** Started by verify.ts in a process of its own: `verify-native BINDING [OPS]`. Prints one line of JSON, or fails. */
import * as tf from '@tensorflow/tfjs-core';
import { fusedOps } from '../../kernels/native-ops.tf.ts';
import { startJavascript } from '../javascript.tf.ts';
import { largestError, selfCheck } from '../self-check.tf.ts';
import { startTensorflow } from '../tensorflow.tf.ts';

const [, , binding, ops] = process.argv;
if (binding === undefined) throw new Error('usage: verify-native BINDING [OPS]');

async function product(): Promise<Float32Array> {
  const values = Float32Array.from({ length: 37 * 53 }, (_, index) => Math.sin(index * 0.7));
  const a = tf.tensor2d(values, [37, 53]);
  const b = tf.tensor2d(values, [53, 37]);
  return Float32Array.from(await tf.matMul(a, b).data());
}

await startJavascript();
const expected = await product();
await startTensorflow(binding, ops ?? null);
if (ops !== undefined && fusedOps() === null) throw new Error('the fused kernels do not load');
const found = await product();
const matmulError = largestError([{ name: 'product', values: expected }], [{ name: 'product', values: found }]);
process.stdout.write(`\n${JSON.stringify({ verified: true, matmulError, selfCheckError: await selfCheck() })}\n`);
