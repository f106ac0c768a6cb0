import * as tf from '@tensorflow/tfjs-core';
import { chooseLoss, headKind } from '../compile/loss-kind.ts';
import { targetAxis } from '../data/batches.ts';
import { UserError } from '../protocol/envelope.ts';
import type { GradientOf } from '../protocol/inspect.ts';
import { binaryLogLoss, crossEntropy } from '../training/losses.tf.ts';
import { classId, type Example } from './example.ts';
import type { Subject } from './subject.ts';

/** What a gradient is of: log-probabilities of classes at steps with their weights, output numbers, or the squared error. */
export type Objective =
  | { readonly kind: 'classes'; readonly terms: readonly ClassTerm[] }
  | { readonly kind: 'numbers'; readonly terms: readonly { readonly row: number; readonly index: number }[] }
  | { readonly kind: 'error' };

/** `weight` · log p(class) at a step of one row; step 0 where the head has no steps. */
export interface ClassTerm {
  readonly row: number;
  readonly step: number;
  readonly id: number;
  readonly weight: number;
}

/**
 * @throws UserError `no-target` where nobody said what the model should say, `no-step` or `no-class` where the network has none such
 */
export function objectiveOf({ model, encoding, training }: Subject, { batch, known }: Example, of: GradientOf): Objective {
  const perStep = stepsOfHead(model.plan, batch);
  const classes = headKind(model.plan) !== 'linear-regression';
  switch (of.kind) {
    case 'loss': {
      if (!classes) {
        if (batch.numberTargets === null) throw noTarget;
        return { kind: 'error' };
      }
      if (perStep === null) {
        if (batch.classTargets === null) throw noTarget;
        return oneTerm(0, batch.classTargets[0] ?? 0, -1);
      }
      if (batch.tagTargets === null || known === 0) throw noTarget;
      const weight = training.timeReduction === 'sum' ? -1 : -1 / known;
      const ids = batch.tagTargets.subarray(0, known);
      return { kind: 'classes', terms: Array.from(ids, (id, step) => ({ row: 0, step, id, weight })) };
    }
    case 'step': {
      if (!classes || perStep === null || of.step >= perStep) throw noStep(of.step, perStep);
      if (batch.tagTargets === null || of.step >= known) throw noTarget;
      return oneTerm(of.step, batch.tagTargets[of.step] ?? 0, -1);
    }
    default: {
      const name = of.kind === 'class' ? of.class : of.token;
      const step = of.step ?? (perStep === null ? 0 : perStep - 1);
      if (step >= (perStep ?? 1)) throw noStep(step, perStep);
      if (classes) return oneTerm(step, classId(encoding, name), 1);
      const index = encoding.targetNormalization?.names.indexOf(name) ?? -1;
      if (index < 0) throw noColumn(name, encoding.targetNormalization?.names ?? []);
      return { kind: 'numbers', terms: [{ row: 0, index }] };
    }
  }
}

const oneTerm = (step: number, id: number, weight: number): Objective => ({
  kind: 'classes',
  terms: [{ row: 0, step, id, weight }],
});

/** Steps of what the head gives; `null` where it gives one answer for all. */
export const stepsOfHead = (plan: Subject['model']['plan'], batch: Example['batch']): number | null =>
  ['step-tagging', 'language-model', 'sequence-to-sequence'].includes(plan.task) ? targetAxis(batch).steps : null;

/** What is wanted of the only row of a batch, of each of so many that are like it. */
export const ofEachRow = (objective: Objective, rows: number): Objective => {
  const all = <T extends { readonly row: number }>(terms: readonly T[]): readonly T[] =>
    Array.from({ length: rows }, (_, row) => terms.map((term) => ({ ...term, row }))).flat();
  switch (objective.kind) {
    case 'error':
      return objective;
    case 'numbers':
      return { kind: 'numbers', terms: all(objective.terms) };
    case 'classes':
      return { kind: 'classes', terms: all(objective.terms) };
  }
};

/**
 * The number whose gradient is wanted; of several rows the sum of theirs.
 *
 * @param logits `[T, B, C]` or `[B, C]`
 */
export function objectiveValue(
  { model: { plan }, training }: Subject,
  { batch }: Pick<Example, 'batch'>,
  objective: Objective,
  logits: tf.Tensor,
): tf.Scalar {
  switch (objective.kind) {
    case 'numbers': {
      const width = logits.shape[logits.rank - 1] ?? 1;
      const picked = new Float32Array(logits.size);
      for (const { row, index } of objective.terms) picked[row * width + index] = 1;
      return tf.sum<tf.Scalar>(tf.mul(logits, tf.tensor(picked, logits.shape)));
    }
    case 'error': {
      const targets = tf.tensor(batch.numberTargets ?? new Float32Array(), logits.shape);
      const means = tf.mean(tf.square(tf.sub(logits, targets)), 1);
      return tf.sum<tf.Scalar>(chooseLoss(plan, training.loss) === 'rmse' ? tf.sqrt(tf.add(means, 1e-12)) : means);
    }
    case 'classes': {
      const binary = headKind(plan) === 'dense-sigmoid';
      const width = logits.shape[logits.rank - 1] ?? 1;
      const rows = logits.rank === 3 ? (logits.shape[1] ?? 1) : (logits.shape[0] ?? 1);
      const ids = new Int32Array(logits.size / width);
      const weights = new Float32Array(ids.length);
      for (const { row, step, id, weight } of objective.terms) {
        ids[step * rows + row] = id;
        weights[step * rows + row] = -weight;
      }
      return binary ? binaryLogLoss(logits, ids, weights) : crossEntropy(logits, ids, weights);
    }
  }
}

const noTarget = new UserError({
  code: 'no-target',
  message: 'Nobody said what the network should say here, so there is no loss.',
  hint: 'Give a target, look at an example of the data, or take the gradient of a class.',
});

const noStep = (step: number, steps: number | null): UserError =>
  new UserError({
    code: 'no-step',
    message:
      steps === null
        ? 'This network has one answer for all steps, and no loss of a step.'
        : `There is no step ${step + 1}: there are ${steps}.`,
    hint: steps === null ? 'Take the gradient of the loss, or of a class.' : 'Choose another step.',
  });

const noColumn = (name: string, names: readonly string[]): UserError =>
  new UserError({
    code: 'no-class',
    message: `The network gives no number ${JSON.stringify(name)}.`,
    hint: `It gives ${names.slice(0, 8).join(', ')}.`,
  });
