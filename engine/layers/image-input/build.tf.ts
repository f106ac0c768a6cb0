import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Builder } from '../builder.tf.ts';
import { pictureSize } from '../picture-size.ts';

/** The batch's pictures `[B, h, w, c]`: series of a single step. */
export const buildImageInput: Builder<'image-input'> = ({ batch, module }) => {
  if (batch.series === null) throw new Error('the batch has no pictures');
  const { height, width, channels } = pictureSize(module.outputTypes['image']);
  const tensor = batch.series.slice(0, 1).reshape<Tensor4D>([batch.rows, height, width, channels]);
  return { image: { type: 'pictures', tensor, time: null, differentiable: false } };
};
