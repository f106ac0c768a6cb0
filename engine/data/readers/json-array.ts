import { cellAt, type JsonColumn } from './json-columns.ts';
import { parseObject } from './jsonl.ts';
import type { ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';

/** An object longer than this many characters is no row that anybody meant. */
const longestObject = 8_000_000;

/** Whether the file is one array of objects: its first sign is `[`, and an object or nothing follows on that line. */
export function beginsArray(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== '') ?? '';
  return /^\s*\[\s*(\{|$)/.test(first);
}

/**
 * One JSON array of objects, written over lines in any way. Only one object is held at a time; one that cannot be read is a bad row, and
 * the next one is read.
 */
export class JsonArrayParser implements RecordParser {
  readonly #columns: readonly JsonColumn[];
  readonly #seen: (object: Readonly<Record<string, unknown>>) => void;
  #depth = 0;
  #quoted = false;
  #escaped = false;
  #text = '';
  #line = 0;
  #ended = false;

  /** @param seen is told of each object */
  constructor(columns: readonly JsonColumn[], seen: (object: Readonly<Record<string, unknown>>) => void = () => {}) {
    this.#columns = columns;
    this.#seen = seen;
  }

  push(text: string, line: number, out: ReadRow[]): void {
    if (this.#ended) {
      if (text.trim() !== '') out.push({ line, reason: `text after the end of the array: ${excerpt(text)}` });
      return;
    }
    let from = this.#depth >= 2 ? 0 : -1;
    for (let i = 0; i < text.length; i++) {
      const sign = text[i];
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (sign === '\\') this.#escaped = true;
        else if (sign === '"') this.#quoted = false;
      } else if (sign === '"') this.#quoted = true;
      else if (sign === '[' || sign === '{') {
        if (++this.#depth === 2) {
          from = i;
          this.#line = line;
          this.#text = '';
        }
      } else if (sign === ']' || sign === '}') {
        if (--this.#depth === 1) {
          this.#emit(this.#text + text.slice(from, i + 1), out);
          from = -1;
        } else if (this.#depth === 0) {
          this.#ended = true;
          this.push(text.slice(i + 1), line, out);
          return;
        }
      }
    }
    if (from >= 0 && this.#text.length < longestObject) this.#text += `${text.slice(from)}\n`;
  }

  end(out: ReadRow[]): void {
    if (this.#depth >= 2) out.push({ line: this.#line, reason: `the file ends inside of an object: ${excerpt(this.#text)}` });
    this.#ended = true;
  }

  #emit(text: string, out: ReadRow[]): void {
    const parsed = parseObject(text);
    if (typeof parsed === 'string') {
      out.push({ line: this.#line, reason: parsed });
      return;
    }
    this.#seen(parsed);
    out.push({ line: this.#line, cells: this.#columns.map(({ path }) => cellAt(parsed, path)) });
  }
}
