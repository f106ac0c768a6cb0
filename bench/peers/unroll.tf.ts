import * as tf from '@tensorflow/tfjs-core';
import { Model, toTensors } from '../../engine/compile/materialize.tf.ts';
import { logProbabilities } from '../../engine/decode/log-probabilities.ts';
import { trainingSettings } from '../../engine/document/training-settings.ts';
import { Random } from '../../engine/random.ts';
import { TrainStep } from '../../engine/training/train-step.tf.ts';
import type { Task } from '../cases.ts';
import { batchOf, renamed, type StateDict, taskPlan } from '../problem.ts';
import type { JavascriptPeer, Trainer } from './trainer.ts';

/** Unroll's own training path: plan, model, loss, back-propagation, optimizer, and the figures that a run logs. */
export const unroll: JavascriptPeer = {
  load: async (task, tensors) => (task.kind === 'inference' ? inference(task, tensors) : training(task, tensors)),
};

function training(task: Task, tensors: StateDict): Trainer {
  const plan = taskPlan(task);
  const model = new Model(plan, renamed(plan, tensors, true));
  const settings = trainingSettings.parse({ clipNorm: task.clipNorm, learningRate: task.learningRate });
  const train = new TrainStep(model, 'cross-entropy', settings, null);
  const batch = batchOf(tensors);
  const dropout = new Random(1);
  return {
    async step() {
      const figures = train.run(batch, task.learningRate, dropout);
      const [loss = Number.NaN] = await figures.data();
      figures.dispose();
      return { loss };
    },
    dispose() {
      train.optimizer.dispose();
      model.dispose();
    },
  };
}

function inference(task: Task, tensors: StateDict): Trainer {
  const plan = taskPlan(task);
  const model = new Model(plan, renamed(plan, tensors, true));
  const batch = batchOf(tensors);
  const targets = batch.classTargets ?? new Int32Array();
  return {
    // As an answer is had: the numbers of the head are fetched; the loss, which the peers are compared by, is made of them outside.
    async step() {
      const value = tf.tidy(() => model.forward(toTensors(batch), { dropout: null }));
      const logits = await value.data();
      value.dispose();
      return { loss: crossEntropy(logits, targets) };
    },
    dispose: () => model.dispose(),
  };
}

/** The mean over rows of `[B, C]`. */
function crossEntropy(logits: ArrayLike<number>, targets: Int32Array): number {
  const row = new Float64Array(logits.length / targets.length);
  const sum = targets.reduce(
    (total, target, i) => total - (logProbabilities('dense-softmax', logits, i, row)[target] ?? Number.NaN),
    0,
  );
  return sum / targets.length;
}
