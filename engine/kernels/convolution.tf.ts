import * as tf from '@tensorflow/tfjs-core';
import { linear } from './linear.tf.ts';
import { maxOverSteps } from './pooling.tf.ts';

/**
 * Convolution with zeros around the picture, so that its size stays: one matrix product of all patches with all filters. The stock
 * operation has no gradient on every backend; slices and products have.
 *
 * @param pictures `[N, h, w, c]`
 * @param weight `[filters, c, k, k]`, k odd, as `torch.nn.Conv2d`
 * @param bias `[filters]`
 * @returns `[N, h, w, filters]`
 */
export function convolve(pictures: tf.Tensor4D, weight: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  const [count, height, width, channels] = pictures.shape;
  const [filters, , kernel] = weight.shape;
  const edge = (kernel - 1) / 2;
  const sides: [number, number] = [edge, edge];
  const padded = edge === 0 ? pictures : tf.pad(pictures, [[0, 0], sides, sides, [0, 0]]);
  const shifts = Array.from({ length: kernel * kernel }, (_unused, i) =>
    padded.slice([0, Math.floor(i / kernel), i % kernel, 0], [count, height, width, channels]),
  );
  const [only] = shifts;
  const patches = shifts.length === 1 && only ? only : tf.concat(shifts, 3);
  const rows = tf.transpose(weight, [0, 2, 3, 1]).reshape<tf.Tensor2D>([filters, kernel * kernel * channels]);
  return linear(patches, rows, bias) as tf.Tensor4D;
}

/**
 * Maximum of each square of `side` × `side`; rows and columns that fill no square are dropped (`torch.nn.MaxPool2d(side)`).
 *
 * @param pictures `[N, h, w, c]`
 */
export function largestOfSquares(pictures: tf.Tensor4D, side: number): tf.Tensor4D {
  if (side === 1) return pictures;
  const [count, height, width, channels] = pictures.shape;
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)];
  const whole = pictures.slice([0, 0, 0, 0], [count, rows * side, columns * side, channels]);
  // A square's places in reading order come first, as if they were steps: the first of equals then gets the gradient, as in PyTorch.
  const split = whole.reshape([count * rows, side, columns, side * channels]);
  const squares = tf.transpose(split, [1, 0, 2, 3]).reshape([side * count * rows * columns, side, channels]);
  const places = tf.transpose(squares, [1, 0, 2]).reshape([side, side, count * rows * columns, channels]);
  const steps = tf.transpose(places, [1, 0, 2, 3]).reshape<tf.Tensor3D>([side * side, count * rows * columns, channels]);
  const all = tf.ones<tf.Rank.R2>([side * side, count * rows * columns]);
  const lengths = tf.fill<tf.Rank.R1>([count * rows * columns], side * side, 'int32');
  return maxOverSteps(steps, all, lengths).reshape([count, rows, columns, channels]);
}
