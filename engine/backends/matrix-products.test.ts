import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { setCudnn } from '../kernels/cudnn/precision.ts';
import type { NativeRuntime } from '../toolchain/runtime.ts';
import {
  chooseProducts,
  chosenProducts,
  cudnnAttempts,
  productsChoice,
  productsInUse,
  setProductsEnvironment,
  tensorflowLimit,
} from './matrix-products.ts';
import { float16CheckLimit, selfCheckLimit, tf32CheckLimit } from './self-check-limit.ts';
import { describeTensorflow } from './tensorflow.tf.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-products-'));
  vi.stubEnv('UNROLL_HOME', folder);
  vi.stubEnv('NVIDIA_TF32_OVERRIDE', undefined);
});
afterEach(() => {
  setCudnn(null);
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

it('wants float16 of cuDNN where that was chosen, in its own limit, and float32 if not', async () => {
  const float32 = { precision: 'float32', limit: selfCheckLimit };
  setProductsEnvironment();
  expect(cudnnAttempts()).toEqual([float32]);

  vi.stubEnv('NVIDIA_TF32_OVERRIDE', undefined);
  await chooseProducts('float16');
  expect(chosenProducts()).toBe('float16');
  setProductsEnvironment();
  // The products outside cuDNN.
  expect(productsInUse()).toBe('tf32');
  expect(cudnnAttempts()).toEqual([
    { precision: 'float16', limit: float16CheckLimit },
    { precision: 'float32', limit: tf32CheckLimit },
  ]);
  setCudnn('float16');
  expect([tensorflowLimit(true), tensorflowLimit(false)]).toEqual([float16CheckLimit, selfCheckLimit]);
});

it('lets one process stand above the choice', async () => {
  await chooseProducts('float16');
  vi.stubEnv('UNROLL_MATRIX_PRODUCTS', 'tf32');
  expect(chosenProducts()).toBe('tf32');
  vi.stubEnv('UNROLL_MATRIX_PRODUCTS', 'float8');
  expect(chosenProducts()).toBe('float16');
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
  expect(describeTensorflow('2.21.0', { cudnn: { used: true, precision: 'float32', error: 1e-6, refused: null } })).toMatch(
    /^TensorFlow 2\.21 · CUDA .+ · TF32 · cuDNN kernels$/,
  );
  setProductsEnvironment('float32');
  const reason = 'failed their check: lstm-cell differs by 0.5 (limit 0.001; forwards)';
  expect(describeTensorflow('2.21.0', { cudnn: { used: false, reason } })).toMatch(
    /^TensorFlow 2\.21 · CUDA [^·]+ · cuDNN kernels failed their check: lstm-cell differs by 0\.5 \(.+\); composed form used$/,
  );
  const verdict = { used: true, precision: 'float16', error: 1e-3, refused: null } as const;
  expect(describeTensorflow('2.21.0', { cudnn: verdict })).toMatch(/· cuDNN kernels in float16$/);
  // Before it has run.
  expect(describeTensorflow('2.21.0', { cudnn: null })).toMatch(/^TensorFlow 2\.21 · CUDA [^·]+$/);
});
