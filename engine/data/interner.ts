/**
 * Gives each different text a number, in order of first appearance: rows are held as numbers, not strings, so that a large file
 * fits in memory before its vocabulary is known.
 */
export class Interner {
  readonly #ids = new Map<string, number>();
  /** The number that is given to every new text once the table is full; no text's own. */
  readonly full: number;
  readonly texts: string[] = [];
  /** Whether a text was turned away because `full` different ones were held already. */
  overflowed = false;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.full = limit;
  }

  /** The text's number, or `full` when it is new and the table is full. */
  id(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    if (this.texts.length >= this.full) {
      this.overflowed = true;
      return this.full;
    }
    const own = detach(text);
    const id = this.texts.length;
    this.#ids.set(own, id);
    this.texts.push(own);
    return id;
  }
}

/** A copy that does not keep the line it was cut from alive (V8 makes longer substrings as views of their parent). */
function detach(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}
