import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  chooseProducts,
  chosenProducts,
  productsChoice,
  productsInUse,
  setProductsEnvironment,
  tensorflowLimit,
} from './matrix-products.ts';
import type { NativeRuntime } from './native/runtime.ts';
import { selfCheckLimit, tf32CheckLimit } from './self-check-limit.ts';
import { describeTensorflow } from './tensorflow.tf.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-products-'));
  vi.stubEnv('UNROLL_HOME', folder);
  vi.stubEnv('NVIDIA_TF32_OVERRIDE', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('multiplies in float32 unless TF32 was chosen on this machine', async () => {
  expect(chosenProducts()).toBe('float32');
  setProductsEnvironment();
  expect([process.env['NVIDIA_TF32_OVERRIDE'], productsInUse()]).toEqual(['0', 'float32']);
  expect(tensorflowLimit(true)).toBe(selfCheckLimit);

  vi.stubEnv('NVIDIA_TF32_OVERRIDE', undefined);
  await chooseProducts('tf32');
  expect(chosenProducts()).toBe('tf32');
  setProductsEnvironment();
  expect([process.env['NVIDIA_TF32_OVERRIDE'], productsInUse()]).toEqual([undefined, 'tf32']);
  // The processor never rounds so.
  expect([tensorflowLimit(true), tensorflowLimit(false)]).toEqual([tf32CheckLimit, selfCheckLimit]);

  writeFileSync(join(folder, 'device.json'), '{"matrixProducts":');
  expect(chosenProducts()).toBe('float32');
});

it('keeps to what the environment says', () => {
  vi.stubEnv('NVIDIA_TF32_OVERRIDE', '1');
  setProductsEnvironment();
  expect(process.env['NVIDIA_TF32_OVERRIDE']).toBe('1');
});

it('offers the choice where TensorFlow for an NVIDIA GPU is prepared, and nowhere else', () => {
  const runtime = (kind: 'cpu' | 'cuda'): NativeRuntime => ({
    folder,
    binding: '',
    ops: null,
    manifest: { key: '', kind, tensorflow: '2.21.0', selfCheckError: 0, prepared: '' },
  });
  expect([null, runtime('cpu'), runtime('cuda')].map((one) => productsChoice(one))).toEqual([null, null, 'float32']);
});

it('is said by the device', () => {
  expect(describeTensorflow('2.21.0', { cudnn: { used: true, error: 1e-6 } })).toMatch(
    /^TensorFlow 2\.21 · CUDA .+ · TF32 · cuDNN kernels$/,
  );
  setProductsEnvironment('float32');
  const reason = 'failed their check: lstm-cell differs by 0.5 (limit 0.001; forwards)';
  expect(describeTensorflow('2.21.0', { cudnn: { used: false, reason } })).toMatch(
    /^TensorFlow 2\.21 · CUDA [^·]+ · cuDNN kernels failed their check: lstm-cell differs by 0\.5 \(.+\); composed form used$/,
  );
  // Before it has run.
  expect(describeTensorflow('2.21.0', { cudnn: null })).toMatch(/^TensorFlow 2\.21 · CUDA [^·]+$/);
});
