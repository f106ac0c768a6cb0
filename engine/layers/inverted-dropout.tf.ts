import * as tf from '@tensorflow/tfjs-core';
import { dropoutMask } from '../kernels/dropout-mask.ts';
import type { ForwardMode } from './builder.tf.ts';

/** Inverted dropout while training: zero with probability `rate`, else scaled by 1 / (1 - rate). Nothing otherwise. */
export function invertedDropout<T extends tf.Tensor>(x: T, rate: number, { dropout }: ForwardMode): T {
  if (dropout === null || rate === 0) return x;
  return tf.mul(x, tf.tensor(dropoutMask(x.size, rate, dropout), x.shape));
}
