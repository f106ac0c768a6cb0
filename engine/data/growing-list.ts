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

/** A growing list of ids ≥ 0 and below 2³¹: each full chunk is as narrow as the ids in it, so a file of characters takes a byte each. */
export class IdList {
  readonly #full: (Uint8Array | Uint16Array | Int32Array)[] = [];
  /** Ids after those of the full chunks. */
  #last = new Int32Array(firstLength);
  #range = new Int32Array(firstLength);
  length = 0;

  push(id: number): void {
    const offset = this.#room();
    this.#last[offset] = id;
    this.length++;
  }

  /** The first ids of an array. */
  pushAll(ids: Int32Array, count: number): void {
    for (let at = 0; at < count; ) {
      const offset = this.#room();
      const last = this.#last;
      const fit = Math.min(count - at, last.length - offset);
      for (let i = 0; i < fit; i++) last[offset + i] = ids[at + i] ?? 0;
      this.length += fit;
      at += fit;
    }
  }

  at(index: number): number {
    return (this.#full[index >>> chunkBits] ?? this.#last)[index & (chunkLength - 1)] ?? 0;
  }

  /** The ids from one index to before another, in an array that the next call overwrites; what is beyond them says nothing. */
  range(start: number, end: number): Int32Array {
    if (end - start > this.#range.length) this.#range = new Int32Array(2 * (end - start));
    const range = this.#range;
    for (let from = start; from < end; ) {
      const chunk = this.#full[from >>> chunkBits] ?? this.#last;
      const offset = from & (chunkLength - 1);
      const count = Math.min(end - from, chunkLength - offset);
      for (let i = 0; i < count; i++) range[from - start + i] = chunk[offset + i] ?? 0;
      from += count;
    }
    return range;
  }

  /** Where the next id goes in the last chunk, which has room for it afterwards. */
  #room(): number {
    const offset = this.length - this.#full.length * chunkLength;
    if (offset < this.#last.length) return offset;
    if (offset < chunkLength) {
      const longer = new Int32Array(2 * offset);
      longer.set(this.#last);
      this.#last = longer;
      return offset;
    }
    let largest = 0;
    for (const id of this.#last) if (id > largest) largest = id;
    const narrow = idArray(chunkLength, largest);
    narrow.set(this.#last);
    this.#full.push(narrow);
    return 0;
  }
}

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
