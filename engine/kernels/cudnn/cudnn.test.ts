import '../../backends/gradients.tf.ts';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { describeCudnn, startCudnn } from '../../backends/cudnn.tf.ts';
import { againWithoutCheck, forgetEndedChecks } from '../../backends/ended-checks.ts';
import { checkKernels } from '../../backends/kernel-check.tf.ts';
import { nativeRuntime } from '../../backends/native/runtime.ts';
import { findCompiler } from '../../backends/native/tools.ts';
import { selfCheck } from '../../backends/self-check.tf.ts';
import { selfCheckLimit, tf32CheckLimit } from '../../backends/self-check-limit.ts';
import { bothWaysCells, testBidirectional } from '../bidirectional-suite.tf.ts';
import { implementationName, sequenceOpFor } from '../implementations.tf.ts';
import { fusedBackend } from '../native-ops.tf.ts';
import { recurrence } from '../recurrence.tf.ts';
import { allCells, testRecurrence } from '../recurrence-suite.tf.ts';
import { cudnnCell } from './ops.tf.ts';
import { setCudnn } from './sequence.tf.ts';
import { buildReference } from './test/build.ts';

/*
 * No GPU is needed, and none is seen: TensorFlow's own definitions of cuDNN's ops check what we give them, and kernels of ours for the
 * processor (`test/`) compute what cuDNN's documentation says, where a GPU would have NVIDIA's. So this tests everything of ours between
 * the recurrence and cuDNN, not cuDNN. On a machine with a GPU `unroll devices --check` makes the same comparison with the real one.
 */
const compiler = await findCompiler();
const runtime = nativeRuntime();
const reason = compiler.ok ? (runtime === null ? 'native TensorFlow is not prepared' : null) : compiler.reason;
if (reason !== null) console.warn(`the use of cuDNN is not tested here: ${reason}`);
const skipped = reason !== null && process.env['UNROLL_REQUIRE_ALL'] !== '1';

const lstm = { kind: 'lstm-cell', hidden: 4, forgetBias: 1, peepholes: false, coupled: false, projection: 0 } as const;
const problem = { cell: lstm, steps: 4, rows: 2, lengths: Int32Array.from([4, 2]), reverse: false, inputGradient: true };

describe.skipIf(skipped)('cuDNN over reference kernels', () => {
  beforeAll(async () => {
    if (!compiler.ok || runtime === null) throw new Error(reason ?? '');
    await activateBackend('tensorflow');
    createRequire(import.meta.url)(await buildReference(runtime, compiler.command));
    // As on a machine with a GPU.
    Object.assign(tf.backend(), { isUsingGpuDevice: true });
    setCudnn(true);
  }, 300_000);

  const supported = (cell: (typeof allCells)[number]): boolean => cudnnCell(cell) !== null;

  it('runs the cells that cuDNN has, the composed form the others; our ops for the processor are out of use', () => {
    const names = allCells.map((cell) => implementationName({ ...problem, cell }));
    expect(names).toEqual(allCells.map((cell) => (supported(cell) ? 'cuDNN' : 'composed')));
    expect(names.filter((name) => name === 'cuDNN')).toHaveLength(4);
    expect(fusedBackend()).toBeNull();
    expect(sequenceOpFor({ ...problem, cell: { ...lstm, coupled: true } })).toBeNull();
    // cuDNN has no empty rows.
    expect(implementationName({ ...problem, lengths: Int32Array.from([4, 0]) })).toBe('composed');
  });

  describe('one direction', () => testRecurrence(allCells.filter(supported)));
  describe('both directions', () => testBidirectional(bothWaysCells.filter(supported)));

  it('trains a whole network with the gradients of the JavaScript backend', async () => {
    expect(await selfCheck()).toBeLessThan(1e-5);
  });

  it('leaves nothing in TensorFlow either', async () => {
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
    await checkKernels(lstm);
    const before = binding.getNumOfTensors();
    await checkKernels(lstm);
    expect(binding.getNumOfTensors()).toBe(before);
  });

  it('does not look at padding', () => {
    const found = [0, 1000].map((filler) =>
      tf.tidy(() => {
        const ramp = (shape: number[]) =>
          tf
            .linspace(
              -0.5,
              0.5,
              shape.reduce((a, b) => a * b, 1),
            )
            .reshape(shape);
        const real = tf.tensor3d([1, 1, 1, 1, 1, 0, 1, 0], [4, 2, 1]);
        const x = tf.add(tf.mul(ramp([4, 2, 3]), real), tf.mul(filler, tf.sub(1, real))) as tf.Tensor3D;
        const weights = {
          inputWeight: ramp([16, 3]) as tf.Tensor2D,
          hiddenWeight: ramp([16, 4]) as tf.Tensor2D,
          inputBias: ramp([16]) as tf.Tensor1D,
          hiddenBias: ramp([16]) as tf.Tensor1D,
          projection: null,
          peepholes: null,
        };
        const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => {
          const out = recurrence(problem, input as tf.Tensor3D, weights, null, { sequence: true, final: true });
          return tf.addN([tf.sum(out.sequence ?? x), ...(out.final ?? []).map((part) => tf.sum(part))]) as tf.Scalar;
        })(x) as { value: tf.Scalar; grad: tf.Tensor };
        return [...value.dataSync(), ...grad.dataSync()];
      }),
    );
    expect(found[1]).toEqual(found[0]);
    expect(found[0]?.every(Number.isFinite)).toBe(true);
  });

  describe('the check before use', () => {
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'unroll-cudnn-'));
    });
    afterEach(() => {
      delete process.env['UNROLL_TEST_TF32'];
      delete process.env['UNROLL_CUDNN'];
      rmSync(folder, { recursive: true });
    });
    afterAll(() => setCudnn(true));

    it('takes what computes as the composed form does', async () => {
      const verdict = await startCudnn(folder, selfCheckLimit);
      expect(verdict).toEqual({ used: true, error: expect.any(Number) });
      expect(verdict.used && verdict.error).toBeLessThan(1e-5);
      expect(describeCudnn(verdict)).toBe('cuDNN kernels');
      expect(readdirSync(folder)).toEqual([]);
    });

    it('tells float32 from the rounding of tensor cores, and that from a wrong kernel', async () => {
      process.env['UNROLL_TEST_TF32'] = '1';
      setCudnn(true);
      const checks = [];
      for (const cell of allCells.filter(supported)) checks.push(await checkKernels(cell));
      const largest = Math.max(...checks.map(({ error }) => error));
      expect(largest).toBeGreaterThan(1e-4);
      expect(largest).toBeLessThan(tf32CheckLimit / 2);
      expect((await startCudnn(folder, tf32CheckLimit)).used).toBe(true);
    });

    it('leaves wrong kernels out, and says which', async () => {
      process.env['UNROLL_TEST_TF32'] = '1';
      const verdict = await startCudnn(folder, 1e-5);
      expect(describeCudnn(verdict)).toMatch(
        /^cuDNN kernels failed their check: rnn-cell tanh differs by \S+ \(limit 0\.00001; .+\); composed form used$/,
      );
      expect(implementationName(problem)).toBe('composed');
      expect(readdirSync(folder)).toEqual([]);
    });

    it('leaves them out where TensorFlow fails, and where the user says so', async () => {
      const backend = tf.backend() as unknown as { binding: { executeOp: (...args: unknown[]) => unknown } };
      const { binding } = backend;
      const executeOp = (name: unknown, ...args: unknown[]): unknown => {
        if (name === 'CudnnRNNBackpropV3') throw new Error('Failed to call DoRnnBackward\nmore words');
        return binding.executeOp(name, ...args);
      };
      backend.binding = Object.create(binding, { executeOp: { value: executeOp } });
      try {
        const failed = await startCudnn(folder, selfCheckLimit);
        expect(failed).toEqual({ used: false, reason: 'failed their check: Failed to call DoRnnBackward' });
      } finally {
        backend.binding = binding;
      }
      process.env['UNROLL_CUDNN'] = '0';
      expect((await startCudnn(folder, selfCheckLimit)).used).toBe(false);
    });

    it('does not try again after a check that ended its process, until asked to', async () => {
      const gone = join(folder, 'cudnn-check-999999999');
      writeFileSync(gone, '');
      expect(describeCudnn(await startCudnn(folder, selfCheckLimit))).toContain('ended their check, and the process with it');
      expect(implementationName(problem)).toBe('composed');
      // One that runs at the same time is no reason.
      writeFileSync(join(folder, `cudnn-check-${process.ppid}`), '');
      forgetEndedChecks(folder);
      expect(readdirSync(folder)).toEqual([`cudnn-check-${process.ppid}`]);
      expect((await startCudnn(folder, selfCheckLimit)).used).toBe(true);
    });

    it('is left out of a set-up that it ended, and only of such a one', async () => {
      let runs = 0;
      const run = async (ends: boolean): Promise<number> => {
        runs += 1;
        if (runs > 1) return runs;
        if (ends) writeFileSync(join(folder, 'cudnn-check-999999999'), '');
        throw new Error('the process ended');
      };
      await expect(againWithoutCheck(folder, () => run(false))).rejects.toThrow('the process ended');
      runs = 0;
      expect(await againWithoutCheck(folder, () => run(true))).toBe(2);
    });
  });
});
