import { basename } from 'node:path';
import type { DataEncoding } from '../data/dataset.ts';
import { readMedia } from '../data/media/media-threads.ts';
import { UserError } from '../protocol/envelope.ts';
import type { DecodeSettings, Prediction } from '../protocol/predict.ts';
import { predictSeries } from './predict.tf.ts';
import type { Predictor } from './predictor.ts';

/**
 * Steps of a recording, a picture or a video, read as in training.
 *
 * @param path of the file; of a video its folder, or the pictures' paths between semicolons
 * @returns `[T][F]`
 * @throws UserError `wrong-input` when the model's data is not made of files; otherwise naming the file and why it cannot be read
 */
export async function readInputFile({ binding }: Pick<DataEncoding, 'binding'>, path: string): Promise<number[][]> {
  const { media } = binding;
  if (media.kind === 'none') {
    throw new UserError({
      code: 'wrong-input',
      message: 'This model reads neither pictures nor recordings.',
      hint: 'Give it a text or rows of numbers, as its data has them.',
    });
  }
  try {
    return await readMedia(path, path, media);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, hint } = error.failure;
    const unreadable = code === 'media-unreadable';
    throw new UserError(
      {
        code,
        message: unreadable ? `${message}.` : `${basename(path)}: ${message}.`,
        hint: unreadable ? 'Choose another file.' : (hint ?? 'Choose another file.'),
      },
      { cause: error },
    );
  }
}

/** What the model says of the steps of a file or an example. Thousands of numbers are no tokens to show. */
export async function predictSteps(
  predictor: Predictor,
  steps: readonly (readonly number[])[],
  decode?: DecodeSettings,
): Promise<Prediction> {
  const prediction = await predictSeries(predictor, steps, decode);
  return prediction.kind === 'class' ? { ...prediction, tokens: [], unknown: [] } : prediction;
}
