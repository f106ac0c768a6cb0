import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkKernels } from '../../backends/kernel-check.tf.ts';
import { selfCheck } from '../../backends/self-check.tf.ts';
import { acceleratedCell } from '../../cells/registry.ts';
import { bothWaysCells, testBidirectional } from '../bidirectional-suite.test-support.tf.ts';
import { implementationName, sequenceOpFor } from '../implementations.tf.ts';
import { fusedBackend } from '../native-ops.tf.ts';
import { recurrence } from '../recurrence.tf.ts';
import { allCells, testRecurrence } from '../recurrence-suite.test-support.tf.ts';
import { cudnnCell } from './ops.tf.ts';
import { setCudnn } from './precision.ts';
import { skipped, startWithReference } from './test/with-reference.test-support.tf.ts';

const lstm = acceleratedCell('lstm-cell', { hidden: 4 });
const problem = { cell: lstm, steps: 4, rows: 2, lengths: Int32Array.from([4, 2]), reverse: false, inputGradient: true };

/**
 * Largest distance of numbers near 1 in the suites, whose rows have up to six steps, and of the small network. float16 keeps 11 bits, so
 * each rounding takes up to 2⁻¹¹ of a number: here of four in each of five steps (factors, sums, h, gates).
 */
const types = [
  { precision: 'float32', oneWay: 2e-5, bothWays: 2e-4, network: 1e-5 },
  { precision: 'float16', oneWay: 20 * 2 ** -11, bothWays: 20 * 2 ** -11, network: 20 * 2 ** -11 },
] as const;

describe.skipIf(skipped).each(types)('cuDNN in $precision over reference kernels', ({ precision, oneWay, bothWays, network }) => {
  beforeAll(async () => {
    await startWithReference();
    setCudnn(precision);
  }, 300_000);

  const supported = ({ cell }: (typeof allCells)[number]): boolean => cudnnCell(cell) !== null;

  it('runs the cells that cuDNN has, the composed form the others; our ops for the processor are out of use', () => {
    const names = allCells.map(({ cell }) => implementationName({ ...problem, cell }));
    expect(names).toEqual(allCells.map((one) => (supported(one) ? 'cuDNN' : 'composed')));
    expect(names.filter((name) => name === 'cuDNN')).toHaveLength(4);
    expect(fusedBackend()).toBeNull();
    expect(sequenceOpFor({ ...problem, cell: acceleratedCell('lstm-cell', { hidden: lstm.hidden, coupled: true }) })).toBeNull();
    // cuDNN has no empty rows.
    expect(implementationName({ ...problem, lengths: Int32Array.from([4, 0]) })).toBe('composed');
  });

  describe('one direction', () => testRecurrence(allCells.filter(supported), oneWay));
  describe('both directions', () =>
    testBidirectional(
      bothWaysCells.filter((cell) => cudnnCell(cell) !== null),
      bothWays,
    ));

  it('trains a whole network with the gradients of the JavaScript backend', async () => {
    expect(await selfCheck()).toBeLessThan(network);
  });

  it('leaves nothing in TensorFlow either', async () => {
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
    await checkKernels({ name: 'lstm', cell: lstm });
    const before = binding.getNumOfTensors();
    await checkKernels({ name: 'lstm', cell: lstm });
    expect(binding.getNumOfTensors()).toBe(before);
  });

  it('does not look at padding', () => {
    const found = [0, 1000, Number.NaN].map((filler) =>
      tf.tidy(() => {
        const ramp = (shape: number[]) =>
          tf
            .linspace(
              -0.5,
              0.5,
              shape.reduce((a, b) => a * b, 1),
            )
            .reshape(shape);
        const real = tf.tile(tf.tensor3d([1, 1, 1, 1, 1, 0, 1, 0], [4, 2, 1], 'bool'), [1, 1, 3]);
        const x = tf.where(real, ramp([4, 2, 3]), tf.fill([4, 2, 3], filler)) as tf.Tensor3D;
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
    expect(found.slice(1)).toEqual([found[0], found[0]]);
    expect(found[0]?.every(Number.isFinite)).toBe(true);
  });
});
