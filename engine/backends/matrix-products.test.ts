import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { setCudnn } from '../kernels/cudnn/precision.ts';
import { isBfloat16Allowed } from '../kernels/native/rounded-products.ts';
import { hasBfloat16 } from '../toolchain/processor.ts';
import type { NativeRuntime } from '../toolchain/runtime.ts';
import { describeBfloat16, startBfloat16 } from './bfloat16.tf.ts';
import {
  chooseProducts,
  chosenProducts,
  cudnnAttempts,
  productsChoice,
  productsInUse,
  requireProducts,
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
  const onGpu = { chosen: 'float32', options: ['float32', 'tf32', 'float16'] };
  expect([null, runtime('cpu'), runtime('cuda')].map((one) => productsChoice(one, false))).toEqual([null, null, onGpu]);
  // bfloat16 is for the processor, and for the fused kernels there.
  const fused = { ...runtime('cpu'), ops: 'unroll_ops.node' };
  const onProcessor = { chosen: 'float32', options: ['float32', 'bfloat16'] };
  const offered = [runtime('cpu'), runtime('cuda'), fused].map((one) => productsChoice(one, true));
  expect(offered).toEqual([null, onGpu, onProcessor]);
  expect(productsChoice(fused, false)).toBeNull();
});

it('counts a choice only where it is possible', async () => {
  const fused = {
    folder,
    binding: '',
    ops: 'unroll_ops.node',
    manifest: { key: '', kind: 'cpu', tensorflow: '2.21.0', selfCheckError: 0, prepared: '' },
  } as const;
  await chooseProducts('tf32');
  expect(productsChoice(fused, true)?.chosen).toBe('float32');
  await chooseProducts('bfloat16');
  expect(productsChoice(fused, true)?.chosen).toBe('bfloat16');
  // An NVIDIA GPU then computes in float32.
  setProductsEnvironment();
  expect([productsInUse(), cudnnAttempts()]).toEqual(['float32', [{ precision: 'float32', limit: selfCheckLimit }]]);
});

it('says why a type of products is not possible', () => {
  expect(() => requireProducts('tf32')).toThrow(/tf32 are not possible here: they need native TensorFlow on an NVIDIA GPU/);
  vi.stubEnv('UNROLL_CACHE', folder);
  expect(() => requireProducts('bfloat16')).toThrow(
    hasBfloat16() ? /fused kernels, which are not prepared/ : /no instructions for them \(AVX512_BF16\)/,
  );
  expect(() => requireProducts('float32')).not.toThrow();
});

it('in bfloat16 are said by the device, with what they gain or why they are not used', async () => {
  expect(describeBfloat16({ used: true, error: 1e-3, gain: 1.84 })).toBe(
    ' · products in bfloat16 while training (LSTM 1.8 × as fast)',
  );
  const verdict = await startBfloat16(false);
  expect(describeBfloat16(verdict)).toBe(
    ' · products in bfloat16 are not possible: this processor has no instructions for them; float32 used',
  );
  expect(isBfloat16Allowed()).toBe(false);
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
