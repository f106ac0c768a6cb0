import '../../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { startJavascript } from '../../backends/javascript.tf.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model } from '../../compile/materialize.tf.ts';
import { Random } from '../../random.ts';
import { syntheticTask } from '../synthetic-task.test-support.ts';
import { TrainStep } from '../train-step.tf.ts';
import { HealthWatch } from './health-watch.tf.ts';
import { batchOf, lossOf, settings } from './measured-step.test-support.tf.ts';

it('counts as a measurement’s time what it reads and computes, and not that the device is behind with the steps before', async () => {
  await startJavascript();
  const task = syntheticTask('sequence-classification');
  const model = new Model(task.plan, initializeParameters(task.plan, 3));
  const train = new TrainStep(model, lossOf(task.plan), settings, null);
  let [now, reads, steps] = [1e6, 0, 0];
  const watch = new HealthWatch(task.plan, () => now);
  /** @returns whether the step was measured */
  const step = async (): Promise<boolean> => {
    const run = (probe?: Parameters<TrainStep['run']>[5]) => train.run(batchOf(task), 0.1, new Random(8), undefined, 0, probe);
    (await watch.around(steps++, 5, run)).dispose();
    return watch.take() !== null;
  };
  expect(await step()).toBe(false);
  now += 60_000;

  // A device that has half a minute of work left: who asks first waits for all of it. What is asked for afterwards takes a moment.
  const data = tf.Tensor.prototype.data;
  const spy = vi.spyOn(tf.Tensor.prototype, 'data').mockImplementation(function (this: tf.Tensor) {
    now += reads++ === 0 ? 30_000 : 100;
    return data.call(this) as ReturnType<tf.Tensor['data']>;
  });
  expect(await step()).toBe(true);
  spy.mockRestore();

  steps += 10;
  const took = 100 * (reads - 1);
  expect(took).toBeGreaterThan(300);
  now += took / 0.02 - took - 1;
  expect(await step()).toBe(false);
  now += 2;
  expect(await step()).toBe(true);
  train.optimizer.dispose();
  model.dispose();
});
