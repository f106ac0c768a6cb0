import type { TokenIds } from './dataset.ts';
import { idArray } from './growing-list.ts';

/*
 * Zeroed arrays that several threads read without a copy each: encoded examples, so that batches can be made beside the training
 * (`ahead/`). They are used as any other array.
 */
export const sharedUint32 = (length: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(4 * length));
export const sharedInt32 = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length));
export const sharedFloat32 = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * length));

/** The narrowest shared array of that length for ids up to `id`. */
export const sharedIds = (length: number, id: number): TokenIds => idArray(length, id, (bytes) => new SharedArrayBuffer(bytes));
