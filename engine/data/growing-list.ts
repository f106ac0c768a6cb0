type NumberArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

const chunkBits = 20;
const chunkLength = 1 << chunkBits;
/** Of the first chunk, which doubles until it is as long as the others: a small file needs no megabytes. */
const firstLength = 1 << 10;

/** A list of numbers that grows without copying what it holds, but for its first chunk: memory stays at what is stored plus one chunk. */
class GrowingList<A extends NumberArray> {
  readonly #make: (length: number) => A;
  readonly #chunks: A[] = [];
  length = 0;

  constructor(make: (length: number) => A) {
    this.#make = make;
  }

  push(value: number): void {
    const offset = this.length % chunkLength;
    if (offset === 0) this.#chunks.push(this.#make(this.length === 0 ? firstLength : chunkLength));
    const last = this.#chunks.length - 1;
    let chunk = this.#chunks[last];
    if (chunk?.length === offset) {
      const longer = this.#make(2 * offset);
      longer.set(chunk);
      this.#chunks[last] = longer;
      chunk = longer;
    }
    if (chunk) chunk[offset] = value;
    this.length++;
  }

  at(index: number): number {
    return this.#chunks[index >>> chunkBits]?.[index & (chunkLength - 1)] ?? 0;
  }

  /** A flat copy of all of it. */
  flat(): A {
    const out = this.#make(this.length);
    for (let start = 0; start < this.length; start += chunkLength) {
      const chunk = this.#chunks[start / chunkLength];
      if (chunk) out.set(chunk.subarray(0, Math.min(chunkLength, this.length - start)), start);
    }
    return out;
  }
}

export type Int32List = GrowingList<Int32Array>;
export type Uint32List = GrowingList<Uint32Array>;
export type Float32List = GrowingList<Float32Array>;
export type Float64List = GrowingList<Float64Array>;

export const int32List = (): Int32List => new GrowingList((length) => new Int32Array(length));
export const uint32List = (): Uint32List => new GrowingList((length) => new Uint32Array(length));
export const float32List = (): Float32List => new GrowingList((length) => new Float32Array(length));
export const float64List = (): Float64List => new GrowingList((length) => new Float64Array(length));

/** A growing list of ids ≥ 0: each chunk is as narrow as the ids in it, so a file of characters takes a byte each. */
export class IdList {
  readonly #chunks: (Uint8Array | Uint16Array | Int32Array)[] = [];
  /** The largest id that the last chunk holds. */
  #largest = 0;
  length = 0;

  push(id: number): void {
    const offset = this.length % chunkLength;
    const last = this.#chunks.length - 1;
    let chunk = offset === 0 ? undefined : this.#chunks[last];
    if (chunk === undefined) {
      chunk = idArray(this.length === 0 ? firstLength : chunkLength, id);
      this.#chunks.push(chunk);
      this.#largest = largest(chunk);
    } else if (id > this.#largest || offset === chunk.length) {
      const roomier = idArray(offset === chunk.length ? 2 * offset : chunk.length, Math.max(id, this.#largest));
      roomier.set(chunk.subarray(0, offset));
      this.#chunks[last] = roomier;
      this.#largest = largest(roomier);
      chunk = roomier;
    }
    chunk[offset] = id;
    this.length++;
  }

  at(index: number): number {
    return this.#chunks[index >>> chunkBits]?.[index & (chunkLength - 1)] ?? 0;
  }
}

/** Ids are below 2³¹. */
const largest = (array: Uint8Array | Uint16Array | Int32Array): number => 2 ** (8 * array.BYTES_PER_ELEMENT) - 1;

/** The narrowest array of that length for ids up to `id`, in memory of a thread's own unless said otherwise. */
export function idArray(
  length: number,
  id: number,
  memory: (bytes: number) => ArrayBufferLike = (bytes) => new ArrayBuffer(bytes),
): Uint8Array | Uint16Array | Int32Array {
  if (id <= 0xff) return new Uint8Array(memory(length));
  if (id <= 0xffff) return new Uint16Array(memory(2 * length));
  return new Int32Array(memory(4 * length));
}
