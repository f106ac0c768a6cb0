import * as tf from '@tensorflow/tfjs-core';
import type { GradientRule } from '../document/training-settings.ts';

/** Running averages of an optimizer, each as long as the weights. */
export type Slots = readonly tf.Tensor[];

export interface Update {
  readonly weights: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly slots: Slots;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** From 1. */
  readonly step: number;
}

export type UpdateRule = (update: Update) => { readonly weights: tf.Tensor; readonly slots: tf.Tensor[] };

/** PyTorch's rule for one step over the flattened weights. L2 weight decay adds to the gradient; AdamW shrinks the weights instead. */
export function updateRule(settings: GradientRule): UpdateRule {
  switch (settings.kind) {
    case 'sgd':
      return (u) => ({ weights: descend(u.weights, withDecay(u), u.learningRate), slots: [] });
    case 'momentum':
    case 'nesterov':
      return (u) => {
        const gradient = withDecay(u);
        // The buffer starts at zero, so the first step leaves it equal to the gradient, as in PyTorch.
        const buffer = tf.add(tf.mul(slot(u, 0), settings.momentum), gradient);
        const direction = settings.kind === 'nesterov' ? tf.add(gradient, tf.mul(buffer, settings.momentum)) : buffer;
        return { weights: descend(u.weights, direction, u.learningRate), slots: [buffer] };
      };
    case 'adagrad':
      return (u) => {
        const gradient = withDecay(u);
        const sum = tf.add(slot(u, 0), tf.square(gradient));
        const direction = tf.div(gradient, tf.add(tf.sqrt(sum), settings.epsilon));
        return { weights: descend(u.weights, direction, u.learningRate), slots: [sum] };
      };
    case 'rmsprop':
      return (u) => {
        const gradient = withDecay(u);
        const average = decayed(slot(u, 0), tf.square(gradient), settings.decay);
        const scaled = tf.div(gradient, tf.add(tf.sqrt(average), settings.epsilon));
        if (settings.momentum === 0) return { weights: descend(u.weights, scaled, u.learningRate), slots: [average] };
        const buffer = tf.add(tf.mul(slot(u, 1), settings.momentum), scaled);
        return { weights: descend(u.weights, buffer, u.learningRate), slots: [average, buffer] };
      };
    case 'adam':
    case 'adamw':
      return (u) => adam(settings, u);
  }
}

function adam(settings: Extract<GradientRule, { kind: 'adam' | 'adamw' }>, u: Update): ReturnType<UpdateRule> {
  const { beta1, beta2, epsilon } = settings;
  const decoupled = settings.kind === 'adamw' && u.weightDecay > 0;
  const gradient = settings.kind === 'adamw' ? u.gradient : withDecay(u);
  const weights = decoupled ? tf.mul(u.weights, 1 - u.learningRate * u.weightDecay) : u.weights;
  const mean = decayed(slot(u, 0), gradient, beta1);
  const square = decayed(slot(u, 1), tf.square(gradient), beta2);
  // `m / (√v / √c2 + ε) / c1` with both corrections moved into the two numbers: two ops fewer over every weight.
  const correction = Math.sqrt(1 - beta2 ** u.step);
  const direction = tf.div(mean, tf.add(tf.sqrt(square), epsilon * correction));
  const rate = (u.learningRate * correction) / (1 - beta1 ** u.step);
  return { weights: descend(weights, direction, rate), slots: [mean, square] };
}

const slot = (u: Update, index: number): tf.Tensor => {
  const found = u.slots[index];
  if (!found) throw new Error(`optimizer slot ${index} is missing`);
  return found;
};

const withDecay = (u: Update): tf.Tensor =>
  u.weightDecay === 0 ? u.gradient : tf.add(u.gradient, tf.mul(u.weights, u.weightDecay));

const decayed = (average: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor =>
  tf.add(tf.mul(average, decay), tf.mul(value, 1 - decay));

const descend = (weights: tf.Tensor, direction: tf.Tensor, rate: number): tf.Tensor => tf.sub(weights, tf.mul(direction, rate));
