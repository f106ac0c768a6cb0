import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { activateBackend, listDevices } from './choose.tf.ts';

test('WASM starts, passes its gradient check and is the active backend', async () => {
  const info = await activateBackend('wasm');
  expect(tf.getBackend()).toBe('wasm');
  expect(info.description).toMatch(/^WASM · SIMD · \d+ threads?$/);
  expect(info.selfCheckError).toBeLessThan(1e-4);
  const { devices } = await listDevices();
  expect(devices.find((device) => device.backend === 'wasm')).toEqual(info);
});

test('the check leaves no tensor behind', async () => {
  await activateBackend('javascript');
  const { selfCheck } = await import('./self-check.tf.ts');
  const before = tf.memory().numTensors;
  await selfCheck();
  expect(tf.memory().numTensors).toBe(before);
});

test('WebGPU is refused in the engine process with the way out', async () => {
  await expect(activateBackend('webgpu')).rejects.toMatchObject({ failure: { code: 'backend-unavailable' } });
});
