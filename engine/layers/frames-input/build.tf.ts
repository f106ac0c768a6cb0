import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Builder } from '../builder.tf.ts';
import { pictureSize } from '../picture-size.ts';

/** The batch's frames, steps and rows folded together: `[T, B, h·w·c]` → `[T·B, h, w, c]`. */
export const buildFramesInput: Builder<'frames-input'> = ({ batch, module }) => {
  if (batch.series === null) throw new Error('the batch has no frames');
  const { height, width, channels } = pictureSize(module.outputTypes['frames']);
  const tensor = batch.series.reshape<Tensor4D>([batch.steps * batch.rows, height, width, channels]);
  return { frames: { type: 'pictures', tensor, time: batch, differentiable: false } };
};
