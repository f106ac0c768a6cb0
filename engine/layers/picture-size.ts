import type { PictureSize, ValueType } from '../shapes/value-type.ts';

/** Size of pictures that is known by now: parameters are listed, and layers built, only after data is attached. */
export function pictureSize(type: ValueType | undefined): PictureSize {
  if (type?.type !== 'pictures') throw new Error(`expected pictures, got ${type?.type ?? 'nothing'}`);
  if (type.size === null) throw new Error('the size of the pictures is not known yet: attach data first');
  return type.size;
}
