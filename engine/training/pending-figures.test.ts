import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { PendingFigures } from './pending-figures.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

it('reads the figures of every step since the last read, once, and frees them', async () => {
  const before = tf.memory().numTensors;
  const pending = new PendingFigures();
  expect(await pending.read()).toEqual([]);
  tf.tidy(() => {
    pending.add(tf.tensor1d([2, 3, 0.5, 7, 8]), 10);
    pending.add(tf.tensor1d([1, 4, 0.25, 9, 6]), 12);
  });
  expect(await pending.read()).toEqual([
    { loss: 2, correct: 3, targets: 10, gradientNorm: 0.5, others: [7, 8] },
    { loss: 1, correct: 4, targets: 12, gradientNorm: 0.25, others: [9, 6] },
  ]);
  expect(await pending.read()).toEqual([]);
  pending.add(tf.tensor1d([5, 0, 1]), 0);
  expect(await pending.read()).toEqual([{ loss: 5, correct: 0, targets: 0, gradientNorm: 1, others: [] }]);
  expect(tf.memory().numTensors).toBe(before);
  pending.add(tf.tensor1d([5, 0, 1]), 0);
  pending.dispose();
  pending.dispose();
  expect(tf.memory().numTensors).toBe(before);
  expect(await pending.read()).toEqual([]);
});
