import { fromBase64 } from '../../../protocol/base64.ts';
import { tokensWasm } from './tokens-wasm.ts';

/** What `tokens.cc` exports. Places and sizes are in bytes. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: WebAssembly.Global;
  text_place(): number;
  text_room(): number;
  folded_place(): number;
  kinds_place(): number;
  ids_place(): number;
  ids_room(): number;
  missed_place(): number;
  missed_count(): number;
  use_pattern(pattern: number): void;
  use_table(place: number, places: number): void;
  fold(length: number): void;
  scan(start: number, end: number, limit: number): number;
}

/** Patterns by their numbers in `tokens.cc`. */
export const kernelPatterns = ['word', 'running', 'part', 'character'] as const;

/** What a byte of ASCII is to the scanner, by the byte as it stands in the file `[128]`. */
export interface ByteRule {
  readonly pattern: (typeof kernelPatterns)[number];
  /** The byte that is read in its stead. */
  readonly folded: Uint8Array;
  readonly kinds: Uint8Array;
}

const page = 2 ** 16;
const integer = 4;
/** Integers of a place of the table of `interner.ts`. */
const placeLength = 4;

let compiled: WebAssembly.Module | null = null;

/**
 * `tokens.cc` in WebAssembly: finds the tokens of ranges of a block of bytes, and those of them that a table has. Its memory is a block,
 * and the table: it grows with the vocabulary alone.
 */
export class AsciiKernel {
  readonly #exports: Exports;
  #text = new Uint8Array();
  #missed = new Uint32Array();
  #block: Uint8Array | null = null;
  /** Numbers of the tokens that were scanned last; -1 for one that is not in the table, whose place `missedAt` tells. */
  ids = new Int32Array();

  private constructor({ pattern, folded, kinds }: ByteRule) {
    compiled ??= new WebAssembly.Module(fromBase64(tokensWasm));
    this.#exports = new WebAssembly.Instance(compiled).exports as unknown as Exports;
    const { memory, folded_place, kinds_place, use_pattern } = this.#exports;
    new Uint8Array(memory.buffer, folded_place()).set(folded);
    new Uint8Array(memory.buffer, kinds_place()).set(kinds);
    use_pattern(kernelPatterns.indexOf(pattern));
    this.#look();
  }

  /** @returns `null` where there is no WebAssembly, or none may be compiled */
  static start(rule: ByteRule): AsciiKernel | null {
    try {
      return new AsciiKernel(rule);
    } catch {
      return null;
    }
  }

  /** Room for the table to look up in, all zeros; what was given before is no longer there. @param length in integers, a power of 2 */
  readonly tableOf = (length: number): Int32Array<ArrayBuffer> => {
    const { memory, __heap_base, use_table } = this.#exports;
    const place = Math.ceil(Number(__heap_base.value) / (placeLength * integer)) * placeLength * integer;
    const lacking = place + length * integer - memory.buffer.byteLength;
    if (lacking > 0) memory.grow(Math.ceil(lacking / page));
    use_table(place, length / placeLength);
    this.#look();
    return new Int32Array(memory.buffer as ArrayBuffer, place, length).fill(0);
  };

  /**
   * Tokens of a range of ASCII, at most `limit`. Of bytes that are asked about again and again the first time counts.
   *
   * @returns how many, or `null` where the block or the range is longer than there is room for
   */
  scan(bytes: Uint8Array, start: number, end: number, limit: number): number | null {
    if (bytes.length > this.#exports.text_room() || end - start > this.ids.length) return null;
    if (this.#block !== bytes) {
      this.#text.set(bytes);
      this.#exports.fold(bytes.length);
      this.#block = bytes;
    }
    return this.#exports.scan(start, end, Math.min(limit, this.ids.length));
  }

  /** Where the n-th token that was not found begins and ends in the block. */
  missedAt(n: number): readonly [start: number, end: number] {
    return [this.#missed[2 * n] ?? 0, this.#missed[2 * n + 1] ?? 0];
  }

  /** A memory that has grown is another buffer. */
  #look(): void {
    const { memory, text_place, text_room, ids_place, ids_room, missed_place } = this.#exports;
    this.#text = new Uint8Array(memory.buffer as ArrayBuffer, text_place(), text_room());
    this.ids = new Int32Array(memory.buffer as ArrayBuffer, ids_place(), ids_room());
    this.#missed = new Uint32Array(memory.buffer as ArrayBuffer, missed_place(), 2 * ids_room());
  }
}
