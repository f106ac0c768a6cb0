import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { acceleratedCell } from '../cells/registry.ts';
import { cudnnCell } from '../kernels/cudnn/ops.tf.ts';
import { cudnnPrecision, setCudnn } from '../kernels/cudnn/precision.ts';
import { skipped, startWithReference } from '../kernels/cudnn/test/with-reference.test-support.tf.ts';
import { implementationName } from '../kernels/implementations.tf.ts';
import { type CudnnVerdict, describeCudnn, startCudnn } from './cudnn.tf.ts';
import { againWithoutCheck, forgetEndedChecks } from './ended-checks.ts';
import { checkedCells, checkKernels } from './kernel-check.tf.ts';
import { float16CheckLimit, selfCheckLimit, tf32CheckLimit } from './self-check-limit.ts';

const cell = acceleratedCell('lstm-cell', { hidden: 4 });
const problem = { cell, steps: 4, rows: 2, lengths: Int32Array.from([4, 2]), reverse: false, inputGradient: true };

const float32 = { precision: 'float32', limit: selfCheckLimit } as const;
const float16 = { precision: 'float16', limit: float16CheckLimit } as const;

/** The largest error over all cells of cuDNN, as it is in use. */
async function largestError(): Promise<number> {
  const errors = [];
  for (const one of checkedCells().filter((some) => cudnnCell(some.cell) !== null)) errors.push((await checkKernels(one)).error);
  return Math.max(...errors);
}

interface Binding {
  executeOp(name: string, attributes: readonly { readonly name: string; readonly value: unknown }[], ...rest: unknown[]): unknown;
}

/** Lets the gradient fail in one type of number, as TensorFlow reports it, or in each. */
async function failing<T>(type: 'float32' | 'float16' | 'each', run: () => Promise<T>): Promise<T> {
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  const code = { float32: 1, float16: 19, each: null }[type];
  const executeOp: Binding['executeOp'] = (name, attributes, ...rest) => {
    const given = attributes.find((attribute) => attribute.name === 'T')?.value;
    if (name === 'CudnnRNNBackpropV3' && (code === null || code === given))
      throw new Error('Failed to call DoRnnBackward\nmore words');
    return binding.executeOp(name, attributes, ...rest);
  };
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } });
  try {
    return await run();
  } finally {
    backend.binding = binding;
  }
}

describe.skipIf(skipped)('the check of cuDNN before use', () => {
  let folder = '';
  beforeAll(startWithReference, 300_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'unroll-cudnn-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('takes what computes as the composed form does', async () => {
    const verdict = await startCudnn(folder, [float32]);
    expect(verdict).toEqual({ used: true, precision: 'float32', error: expect.any(Number), refused: null });
    expect(verdict.used && verdict.error).toBeLessThan(1e-5);
    expect(describeCudnn(verdict)).toBe('cuDNN kernels');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes float16 where that is wanted, and within its own limit only', async () => {
    const verdict = await startCudnn(folder, [float16, float32]);
    expect(verdict).toEqual({ used: true, precision: 'float16', error: expect.any(Number), refused: null });
    expect(describeCudnn(verdict)).toBe('cuDNN kernels in float16');
    expect(cudnnPrecision()).toBe('float16');
    expect(readdirSync(folder)).toEqual([]);
    // It is rounded, and far from what a wrong kernel shows.
    const error = verdict.used ? verdict.error : Number.NaN;
    expect(error).toBeGreaterThan(2 ** -11);
    expect(error).toBeLessThan(float16CheckLimit / 4);
  });

  it('goes on in float32 where float16 fails, and says so', async () => {
    const wrong = await startCudnn(folder, [{ ...float16, limit: 1e-5 }, float32]);
    expect(describeCudnn(wrong)).toMatch(
      /^cuDNN kernels in float32: those in float16 failed their check: rnn tanh differs by \S+ \(limit 0\.00001; .+\)$/,
    );
    expect(cudnnPrecision()).toBe('float32');
    const missing = await failing('float16', () => startCudnn(folder, [float16, float32]));
    expect(describeCudnn(missing)).toBe(
      'cuDNN kernels in float32: those in float16 failed their check: Failed to call DoRnnBackward',
    );
    expect(cudnnPrecision()).toBe('float32');
    expect(await largestError()).toBeLessThan(1e-5);
  });

  it('tells float32 from the rounding of tensor cores, and that from a wrong kernel', async () => {
    vi.stubEnv('UNROLL_TEST_TF32', '1');
    setCudnn('float32');
    const largest = await largestError();
    expect(largest).toBeGreaterThan(1e-4);
    expect(largest).toBeLessThan(tf32CheckLimit / 4);
    expect((await startCudnn(folder, [{ ...float32, limit: tf32CheckLimit }])).used).toBe(true);
  });

  it('leaves wrong kernels out, and says which', async () => {
    vi.stubEnv('UNROLL_TEST_TF32', '1');
    const verdict = await startCudnn(folder, [{ ...float32, limit: 1e-5 }]);
    expect(describeCudnn(verdict)).toMatch(
      /^cuDNN kernels failed their check: rnn tanh differs by \S+ \(limit 0\.00001; .+\); composed form used$/,
    );
    expect(implementationName(problem)).toBe('composed');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves them out where TensorFlow fails, and where the user says so', async () => {
    const failed = { used: false, reason: 'failed their check: Failed to call DoRnnBackward' };
    expect(await failing('float32', () => startCudnn(folder, [float32]))).toEqual(failed);
    expect(await failing('each', () => startCudnn(folder, [float16, float32]))).toEqual(failed);
    expect(cudnnPrecision()).toBeNull();
    vi.stubEnv('UNROLL_CUDNN', '0');
    expect((await startCudnn(folder, [float16, float32])).used).toBe(false);
    expect(cudnnPrecision()).toBeNull();
  });

  it('does not try again after a check that ended its process, until asked to', async () => {
    writeFileSync(join(folder, 'cudnn-check-999999999'), '');
    expect(describeCudnn(await startCudnn(folder, [float32]))).toContain('ended their check, and the process with it');
    expect(implementationName(problem)).toBe('composed');
    // One that runs at the same time is no reason.
    writeFileSync(join(folder, `cudnn-check-${process.ppid}`), '');
    forgetEndedChecks(folder);
    expect(readdirSync(folder)).toEqual([`cudnn-check-${process.ppid}`]);
    expect((await startCudnn(folder, [float32])).used).toBe(true);
  });

  it('still tries float32 after one in float16 that ended its process', async () => {
    writeFileSync(join(folder, 'cudnn-float16-check-999999999'), '');
    const verdict = await startCudnn(folder, [float16, float32]);
    expect(describeCudnn(verdict)).toMatch(/^cuDNN kernels in float32: those in float16 ended their check/);
    const alone: CudnnVerdict = await startCudnn(folder, [float32]);
    expect(describeCudnn(alone)).toBe('cuDNN kernels');
    forgetEndedChecks(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['cudnn-check', 'cudnn-float16-check'])(
    'is left out of a set-up that it ended, and only of such a one: %s',
    async (mark) => {
      let runs = 0;
      const run = async (ends: boolean): Promise<number> => {
        runs += 1;
        if (runs > 1) return runs;
        if (ends) writeFileSync(join(folder, `${mark}-999999999`), '');
        throw new Error('the process ended');
      };
      await expect(againWithoutCheck(folder, () => run(false))).rejects.toThrow('the process ended');
      runs = 0;
      expect(await againWithoutCheck(folder, () => run(true))).toBe(2);
    },
  );
});
