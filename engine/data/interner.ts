import { textOfUnits } from './tokenizer/code-units.ts';

/**
 * Gives each different text a number, in order of first appearance: rows are held as numbers, not strings, so that a large file
 * fits in memory before its vocabulary is known.
 */
export class Interner {
  /** The number that is given to every new text once the table is full; no text's own. */
  readonly full: number;
  readonly texts: string[] = [];
  /** Whether a text was turned away because `full` different ones were held already. */
  overflowed = false;
  /** Code units of all texts, one after the other; text `i` ends at `#ends[i]`, where the next one begins. */
  #units = new Uint16Array(1024);
  #ends = new Uint32Array(256);
  /** Hash of a text, and its number + 1, in the place where the hash leads or in the next free one; number 0 is free. At most half full. */
  #table = new Int32Array(2 * 512);
  #scratch = new Uint16Array(256);

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.full = limit;
  }

  /** The text's number, or `full` when it is new and the table is full. */
  id(text: string): number {
    const { length } = text;
    if (length > this.#scratch.length) this.#scratch = new Uint16Array(2 * length);
    for (let i = 0; i < length; i++) this.#scratch[i] = text.charCodeAt(i);
    return this.idOf(this.#scratch, 0, length);
  }

  /** The same of the text whose code units stand in a range: nothing is cut out where it is known. */
  idOf(units: Uint16Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (units[i] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
    const table = this.#table;
    const mask = table.length - 1;
    let place = (2 * hash) & mask;
    for (;;) {
      const held = (table[place + 1] ?? 0) - 1;
      if (held < 0) return this.#add(units, start, end, hash, place);
      if (table[place] === hash && this.#holds(held, units, start, end)) return held;
      place = (place + 2) & mask;
    }
  }

  #holds(held: number, units: Uint16Array, start: number, end: number): boolean {
    const from = held === 0 ? 0 : (this.#ends[held - 1] ?? 0);
    const length = end - start;
    if ((this.#ends[held] ?? 0) - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.#units[from + i] !== units[start + i]) return false;
    return true;
  }

  #add(units: Uint16Array, start: number, end: number, hash: number, place: number): number {
    const id = this.texts.length;
    if (id >= this.full) {
      this.overflowed = true;
      return this.full;
    }
    const from = id === 0 ? 0 : (this.#ends[id - 1] ?? 0);
    const to = from + end - start;
    if (to > this.#units.length) this.#units = wider(this.#units, new Uint16Array(2 * to));
    if (id >= this.#ends.length) this.#ends = wider(this.#ends, new Uint32Array(2 * id));
    for (let i = start; i < end; i++) this.#units[from + i - start] = units[i] ?? 0;
    this.#ends[id] = to;
    this.#table[place] = hash;
    this.#table[place + 1] = id + 1;
    this.texts.push(textOfUnits(this.#units, from, to));
    if (4 * this.texts.length > this.#table.length) this.#grow();
    return id;
  }

  #grow(): void {
    const before = this.#table;
    const table = new Int32Array(2 * before.length);
    const mask = table.length - 1;
    for (let from = 0; from < before.length; from += 2) {
      const [hash = 0, number = 0] = [before[from], before[from + 1]];
      if (number === 0) continue;
      let place = (2 * hash) & mask;
      while (table[place + 1] !== 0) place = (place + 2) & mask;
      table[place] = hash;
      table[place + 1] = number;
    }
    this.#table = table;
  }
}

function wider<A extends Uint16Array | Uint32Array>(list: A, out: A): A {
  out.set(list);
  return out;
}
