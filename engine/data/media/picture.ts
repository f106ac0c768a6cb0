import { UserError } from '../../protocol/envelope.ts';
import type { PictureSize } from '../../shapes/value-type.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';

/**
 * Numbers of a PNG or JPEG picture, upright and resized: row by row, in each row pixel by pixel, 0 … 1. Each new pixel is the mean of
 * the area that it covers. Transparent places are white.
 *
 * @throws UserError `not-a-picture`, saying what was found
 */
export async function readPicture(bytes: Uint8Array, size: PictureSize): Promise<number[]> {
  const starts = (...head: number[]): boolean => head.every((value, i) => bytes[i] === value);
  try {
    if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return await readPng(bytes, size);
    if (starts(0xff, 0xd8)) return await readJpeg(bytes, size);
  } catch (error) {
    throw notAPicture(`it cannot be decoded (${(error as Error).message})`, error);
  }
  throw notAPicture('it starts neither as a PNG nor as a JPEG does');
}

function notAPicture(found: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'not-a-picture',
      message: `this is no picture that can be read: ${found}`,
      hint: 'Use PNG or JPEG.',
    },
    { cause },
  );
}
