/**
 * WebGPU in a Web Worker of the window. The bundler takes the packages' ES modules here, so the stock gradients register
 * themselves by their own file (compare engine/backends/gradients.tf.ts).
 */
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { describeRefusal, startPrograms } from '../backends/program-check.tf.ts';
import { selfCheck } from '../backends/self-check.tf.ts';
import { selfCheckLimit } from '../backends/self-check-limit.ts';
import { describeAdapter } from '../kernels/webgpu/describe-adapter.ts';
import { watchDevice } from '../kernels/webgpu/device.tf.ts';
import type { DeviceInfo } from '../protocol/app.ts';
import { findAdapter, unusableWebGpu, webGpuFailure } from '../protocol/graphics-adapter.ts';

/**
 * Starts WebGPU and checks it against the JavaScript backend. Never throws: what went wrong is the `reason`.
 * When it is available, WebGPU is the active backend afterwards.
 */
export async function startWebGpu(): Promise<DeviceInfo> {
  tf.enableProdMode();
  const adapter = await findAdapter();
  if ('reason' in adapter) return unusableWebGpu(adapter.reason);
  const device = unusableWebGpu(null);
  try {
    const described = { ...device, description: describeAdapter(adapter.facts) };
    if (!(await tf.setBackend('webgpu'))) return { ...described, reason: 'WebGPU did not start.' };
    watchDevice();
    const description = described.description + describeRefusal(await startPrograms(), 'recurrent cells');
    const error = await selfCheck();
    if (error <= selfCheckLimit) return { ...described, description, available: true, selfCheckError: error };
    const reason = `Its gradients differ from the JavaScript backend's by ${error.toPrecision(2)} (limit ${selfCheckLimit}).`;
    return { ...described, reason, selfCheckError: Number.isFinite(error) ? error : null };
  } catch (error) {
    return { ...device, reason: webGpuFailure(error) };
  }
}
