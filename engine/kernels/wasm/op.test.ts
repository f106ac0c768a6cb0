import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startWasm } from '../../backends/wasm.tf.ts';
import { type ChainLayer, numbersOfStep } from '../native/chain.ts';
import { hasRoomFor } from '../native/chain-op.tf.ts';
import { requireFusedBackend } from '../native-ops.tf.ts';
import { mostBlockBytes } from './layout.ts';

// What the ops compute is compared on every backend; here is what is special to calling them in WebAssembly.

beforeAll(async () => {
  await startWasm();
});

const run = (name: string, attributes: readonly object[], inputs: readonly tf.Tensor[]): number[] =>
  tf.tidy(() => [...requireFusedBackend().executeSingleOutput(name, attributes, inputs).dataSync()]);

describe('an op in WebAssembly', () => {
  const rows = [{ name: 'rows', value: 4 }];
  const values = (): tf.Tensor => tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);

  it('takes whole numbers beside the others, and its attributes by name', () => {
    const sums = run('UnrollAddRows', [{ name: 'row', value: 9 }, ...rows], [values(), tf.tensor1d([3, 0, 3], 'int32')]);
    expect(sums).toEqual([0, 0, 0, 0, 0, 0, 6, 8]);
  });

  it('takes what is empty', () => {
    const logits = tf.tensor2d([1, 2, 4, 3], [2, 2]);
    expect(run('UnrollCorrect', [], [logits, tf.tensor1d([1, 1], 'int32'), tf.tensor1d([])])).toEqual([1]);
  });

  it('fails with what is wrong, ten thousand times, and then still has its memory and its stack', () => {
    const large = tf.zeros([2, 2 ** 20]);
    for (let time = 0; time < 10_000; time++) {
      expect(() => run('UnrollAddRows', rows, [values(), tf.tensor1d([3, 0, 4], 'int32')])).toThrow(
        "id 4 is outside of the table's 4 rows",
      );
    }
    // Each of these has taken 12 MB when its second layer fails.
    const layers = Int32Array.of(1, 1, 0, 1, 1, 0);
    const given = [
      tf.tensor1d(layers, 'int32'),
      tf.zeros([3, 1], 'int32'),
      tf.tensor1d([]),
      tf.tensor1d([3], 'int32'),
      tf.tensor1d([], 'int32'),
      large,
    ];
    for (let time = 0; time < 200; time++)
      expect(() => run('UnrollForward', [{ name: 'N', value: 1 }], given)).toThrow('only tokens are looked up');
    expect(run('UnrollAddRows', rows, [values(), tf.tensor1d([3, 0, 3], 'int32')])).toEqual([0, 0, 0, 0, 0, 0, 6, 8]);
    tf.dispose([large, ...given]);
  });

  it('says which op, attribute, or type there is not', () => {
    expect(() => run('UnrollTomorrow', [], [])).toThrow('no op “UnrollTomorrow”');
    expect(() => run('UnrollAddRows', [], [values(), tf.tensor1d([1, 1, 1], 'int32')])).toThrow(
      'the op needs the attribute rows',
    );
    expect(() => run('UnrollAddRows', rows, [values(), tf.tensor1d([1, 1, 1])])).toThrow('ids has the wrong element type');
    expect(() => run('UnrollCorrect', [], [tf.tensor2d([[true]], [1, 1], 'bool')])).toThrow('takes no bool');
  });
});

describe('the room for a step', () => {
  const layers: readonly ChainLayer[] = [
    { kind: 'lookup', table: 0 },
    { kind: 'recurrence', cell: 'lstm', reverse: false, last: true, weights: [[1, 2, 3, 4]] },
    { kind: 'linear', weight: 5, bias: 6 },
  ];
  const shapes = [[5000, 64], [512, 64], [512, 128], [512], [512], [2, 128], [2]];

  it('is at least what an LSTM keeps, and there is none for more than WebAssembly holds', () => {
    const batch = { steps: 80, rows: 64 };
    const found = numbersOfStep(layers, shapes, batch);
    // The sequence, four gates, the cell states, and their gradient's input: of each position.
    expect(found).toBeGreaterThan(80 * 64 * (2 * 64 + 128 + 6 * 128));
    expect(hasRoomFor(found)).toBe(true);
    expect(hasRoomFor(numbersOfStep(layers, shapes, { steps: 80 * 64, rows: 64 }))).toBe(false);
    expect(hasRoomFor(mostBlockBytes / 4)).toBe(true);
  });
});
