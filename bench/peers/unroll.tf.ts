import * as tf from '@tensorflow/tfjs-core';
import { Model, toTensors } from '../../engine/compile/materialize.tf.ts';
import { trainingSettings } from '../../engine/document/training-settings.ts';
import { Random } from '../../engine/random.ts';
import { batchLoss } from '../../engine/training/losses.tf.ts';
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
  return {
    async step() {
      const value = tf.tidy(() => {
        const logits = model.forward(toTensors(batch), { dropout: null });
        return batchLoss('cross-entropy', logits, batch, 'mean', null);
      });
      const [loss = Number.NaN] = await value.data();
      value.dispose();
      return { loss };
    },
    dispose: () => model.dispose(),
  };
}
