import type { TokenIds } from './dataset.ts';

/*
 * Zeroed arrays that several threads read without a copy each: encoded examples, so that batches can be made beside the training
 * (`ahead/`). They are used as any other array.
 */
export const sharedUint32 = (length: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(4 * length));
export const sharedInt32 = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length));
export const sharedFloat32 = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * length));

/** The narrowest shared array of that length for ids up to `id`, as `idArray`. */
export function sharedIds(length: number, id: number): TokenIds {
  if (id <= 0xff) return new Uint8Array(new SharedArrayBuffer(length));
  if (id <= 0xffff) return new Uint16Array(new SharedArrayBuffer(2 * length));
  return sharedInt32(length);
}
