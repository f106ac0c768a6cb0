import { textOfUnits } from './tokenizer/code-units.ts';

/** Most units of a text that is its own key. */
const shortest = 12;
/** Not a key of a short text: its bytes are below 0x80. */
const longSign = 0x80000000 | 0;
const ascii = 0x7f;

/**
 * Gives each different text a number, in order of first appearance: rows are held as numbers, not strings, so that a large file
 * fits in memory before its vocabulary is known.
 *
 * A place of the table is four integers, the last one the text's number + 1, or 0 where the place is free. A short text of ASCII is its
 * own key, a byte a unit in the first three, so that looking it up reads one line of the cache; of another they hold hash and length,
 * and it is compared.
 */
export class Interner {
  /** The number that is given to every new text once the table is full; no text's own. */
  readonly full: number;
  readonly texts: string[] = [];
  /** Whether a text was turned away because `full` different ones were held already. */
  overflowed = false;
  /** `[4 × places]`, at most three quarters full; a text stands where its hash leads, or in the next free place. */
  #table: Int32Array<ArrayBuffer> = new Int32Array(4 * 512);
  /** Gives a table of so many zeros, and may take the one before away. */
  #room = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
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
    const length = end - start;
    let seen = 0;
    let [a, b, c] = [0, 0, 0];
    if (length <= shortest) {
      for (let i = start, shift = 0; i < end; i++, shift += 8) {
        const unit = units[i] ?? 0;
        // Bits above those of ASCII are set by a unit beyond it, and by 0, which would not tell texts of different lengths apart.
        seen |= unit | (unit - 1);
        if (shift < 32) a |= unit << shift;
        else if (shift < 64) b |= unit << (shift - 32);
        else c |= unit << (shift - 64);
      }
    }
    const long = length > shortest || (seen & ~ascii) !== 0;
    if (long) {
      a = 0x811c9dc5;
      for (let i = start; i < end; i++) a = Math.imul(a ^ (units[i] ?? 0), 0x01000193);
      a |= longSign;
      b = length;
      c = 0;
    }
    const table = this.#table;
    const mask = table.length - 1;
    for (let place = placeOf(a, b, c) & mask; ; place = (place + 4) & mask) {
      const held = (table[place + 3] ?? 0) - 1;
      if (held < 0) return this.#add(textOfUnits(units, start, end), a, b, c);
      if (table[place] !== a || table[place + 1] !== b || table[place + 2] !== c) continue;
      if (!long || holds(this.texts[held] ?? '', units, start)) return held;
    }
  }

  #add(text: string, a: number, b: number, c: number): number {
    const id = this.texts.length;
    if (id >= this.full) {
      this.overflowed = true;
      return this.full;
    }
    this.texts.push(text);
    if (16 * this.texts.length > 3 * this.#table.length) this.#rebuild(2 * this.#table.length);
    put(this.#table, a, b, c, id + 1);
    return id;
  }

  /** Keeps the table elsewhere from now on, where others may look texts up in it. */
  moveTo(room: (length: number) => Int32Array<ArrayBuffer>): void {
    this.#room = room;
    this.#rebuild(this.#table.length);
  }

  #rebuild(length: number): void {
    const before = this.#table.slice();
    const table = this.#room(length);
    for (let from = 0; from < before.length; from += 4) {
      const [a = 0, b = 0, c = 0, number = 0] = before.subarray(from, from + 4);
      if (number !== 0) put(table, a, b, c, number);
    }
    this.#table = table;
  }
}

/** Where a key is looked for first, as an index of any table once its high bits are masked away. */
function placeOf(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) << 2;
}

function put(table: Int32Array, a: number, b: number, c: number, number: number): void {
  const mask = table.length - 1;
  let place = placeOf(a, b, c) & mask;
  while (table[place + 3] !== 0) place = (place + 4) & mask;
  table[place] = a;
  table[place + 1] = b;
  table[place + 2] = c;
  table[place + 3] = number;
}

/** Whether the units from `start` on are the text, which is as long as they are. */
function holds(text: string, units: Uint16Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== units[start + i]) return false;
  return true;
}
