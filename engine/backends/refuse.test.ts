import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { activateBackend, activateBest, listDevices } from './choose.tf.ts';
import { startWasm } from './wasm.tf.ts';

test('a backend with one wrong kernel is refused with the reason, and something that works is active instead', async () => {
  await startWasm();
  const root = tf.getKernel('Rsqrt', 'wasm');
  const tanh = tf.getKernel('Tanh', 'wasm');
  tf.unregisterKernel('Rsqrt', 'wasm');
  // Close enough to train for a while, and wrong: what a broken driver looks like.
  tf.registerKernel({ ...root, kernelName: 'Rsqrt', backendName: 'wasm', kernelFunc: tanh.kernelFunc });

  await expect(activateBackend('wasm')).rejects.toMatchObject({
    failure: { code: 'backend-refused', message: expect.stringContaining('gradients differ') },
  });
  expect(tf.getBackend()).toBe('cpu');
  await expect(activateBackend('wasm')).rejects.toMatchObject({ failure: { code: 'backend-refused' } });

  const { devices } = await listDevices();
  const wasm = devices.find((device) => device.backend === 'wasm');
  expect(wasm).toMatchObject({ available: false, reason: expect.stringContaining('gradients differ') });
  expect((await activateBest()).backend).not.toBe('wasm');
});
