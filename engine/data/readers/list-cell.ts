import { parseJson, wholeNumber } from './json.ts';
import type { Cell } from './record.ts';

/**
 * The list that a cell holds as text, or `null`: JSON (`["a", 1]`), Python as pandas writes it (`['a', 'b']`, `('a', 'b')`), or NumPy
 * (`['a' 'b']`, `[1 2 3]`). A text that only begins with a bracket is no list.
 */
export function listIn(cell: string): readonly unknown[] | null {
  const text = cell.trim();
  const open = text[0];
  if (open !== '[' && !(open === '(' && /^\(\s*['"]/.test(text))) return null;
  if (open === '[') {
    try {
      const parsed: unknown = parseJson(text);
      if (Array.isArray(parsed)) return parsed;
    } catch {
      // Not JSON: Python's or NumPy's way, or a text.
    }
  }
  const reader = new LiteralReader(text);
  const list = reader.list();
  return list !== null && reader.done ? list : null;
}

/** The list that a cell is, or holds as text; `null` where it is neither. */
export const arrayOf = (cell: Cell): readonly unknown[] | null => (typeof cell === 'string' ? listIn(cell) : cell);

/** Texts that begin with a quote, or numbers that NumPy has cut short: `[1 2 ... 9]`. */
const meantAsList = /^\s*[[(]\s*(?:['"]|[-+\d[(][-+\d.,eE\s[\]]*\s\.\.\.).*[\])]\s*$/s;

/** Whether a cell is meant as a list that cannot be read: cut short (`['a', ...]`), say, or with a quote that is never closed. */
export const brokenList = (cell: string): boolean => meantAsList.test(cell) && listIn(cell) === null;

const deepest = 8;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
const words = new Map<string, unknown>([
  ['None', null],
  ['True', true],
  ['False', false],
  ['nan', Number.NaN],
]);

/** Lists of strings, numbers, `None`, `True` and `False`; between commas, or spaces. */
class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    this.#space();
    return this.#at >= this.#text.length;
  }

  list(depth = 0): unknown[] | null {
    const close = { '[': ']', '(': ')' }[this.#text[this.#at] ?? ''];
    if (close === undefined || depth > deepest) return null;
    this.#at++;
    const values: unknown[] = [];
    let spaced = true;
    for (;;) {
      spaced = this.#space() || spaced;
      if (this.#text[this.#at] === close) {
        this.#at++;
        return values;
      }
      const value = spaced ? this.#value(depth) : undefined;
      if (value === undefined) return null;
      values.push(value);
      spaced = this.#space();
      if (this.#text[this.#at] === ',') {
        this.#at++;
        spaced = true;
      }
    }
  }

  #space(): boolean {
    const start = this.#at;
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#at > start;
  }

  #value(depth: number): unknown {
    const first = this.#text[this.#at] ?? '';
    if (first === '[' || first === '(') return this.list(depth + 1) ?? undefined;
    if (first === "'" || first === '"') return this.#string(first);
    const word = /^[^\s,[\]()'"]+/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0] ?? '';
    this.#at += word.length;
    if (words.has(word)) return words.get(word);
    if (/^-?\d+$/.test(word)) return wholeNumber(word);
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : undefined;
  }

  #string(quote: string): string | undefined {
    let value = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const letter = this.#text[this.#at] ?? '';
      if (letter === quote) {
        this.#at++;
        return value;
      }
      if (letter !== '\\') {
        value += letter;
        continue;
      }
      const next = this.#text[this.#at + 1] ?? '';
      const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(this.#text.slice(this.#at + 1, this.#at + 6));
      if (code) {
        value += String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? '', 16));
        this.#at += code[0].length;
      } else {
        value += escapes[next] ?? `\\${next}`;
        this.#at++;
      }
    }
    return undefined;
  }
}
