import type { PictureSize, ValueType } from '../shapes/value-type.ts';
import { known } from './ports.ts';

/** Size of pictures that is known by now: parameters are listed, and layers built, only after data is attached. */
export function pictureSize(type: ValueType | undefined): PictureSize {
  if (type?.type !== 'pictures') throw new Error(`expected pictures, got ${type?.type ?? 'nothing'}`);
  return known(type.size, 'size of the pictures');
}
