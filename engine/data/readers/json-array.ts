import { cellAt, type JsonColumn } from './json-columns.ts';
import type { JsonTable } from './json-table.ts';
import { parseObject } from './jsonl.ts';
import type { ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';

/** An object longer than this many characters is no row that anybody meant. */
const longestObject = 8_000_000;

/**
 * The rows of one JSON value, written over lines in any way, or cut anywhere: an array of objects, the values of an object, or a list in it.
 * Only one row is held at a time; one that cannot be read is a bad row, and the next one is read.
 */
export class JsonArrayParser implements RecordParser {
  readonly anywhere = true;
  readonly #columns: readonly JsonColumn[];
  readonly #table: JsonTable;
  readonly #seen: (object: Readonly<Record<string, unknown>>) => void;
  /** Brackets that are open around a row. */
  readonly #around: number;
  #depth = 0;
  #quoted = false;
  #escaped = false;
  #text = '';
  #line = 0;
  #ended = false;
  /** The last string of the outermost object: a key, where a list follows. */
  #key = '';
  /** The bracket that its value begins with. */
  #bracket = '';
  /** Lists that are not read, and have been told of. */
  readonly #told = new Set<string>();

  /** @param seen is told of each object */
  constructor(
    columns: readonly JsonColumn[],
    table: JsonTable = { kind: 'values' },
    seen: (object: Readonly<Record<string, unknown>>) => void = () => {},
  ) {
    this.#columns = columns;
    this.#table = table;
    this.#seen = seen;
    this.#around = table.kind === 'under' ? 2 : 1;
    if (table.kind === 'under') for (const other of table.others) this.#told.add(other);
  }

  push(text: string, line: number, out: ReadRow[], open: boolean): void {
    if (this.#ended) {
      if (text.trim() !== '') out.push({ line, reason: `text after the end of the array: ${excerpt(text)}` });
      return;
    }
    let from = this.#depth > this.#around ? 0 : -1;
    for (let i = 0; i < text.length; i++) {
      const sign = text[i] ?? '';
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (sign === '\\') this.#escaped = true;
        else if (sign === '"') this.#quoted = false;
        if (this.#quoted && this.#depth === 1) this.#key += sign;
      } else if (sign === '"') {
        this.#quoted = true;
        if (this.#depth === 1) this.#key = '';
      } else if (sign === '[' || sign === '{') {
        if (this.#depth === 1) this.#bracket = sign;
        if (++this.#depth === this.#around + 1) {
          from = i;
          this.#line = line;
          this.#text = '';
        }
      } else if (sign === ']' || sign === '}') {
        if (--this.#depth === this.#around) {
          this.#emit(this.#text + text.slice(from, i + 1), out);
          from = -1;
        } else if (this.#depth === 0) {
          this.#ended = true;
          this.push(text.slice(i + 1), line, out, open);
          return;
        }
      }
    }
    if (from >= 0 && this.#text.length < longestObject) this.#text += `${text.slice(from)}${open ? '' : '\n'}`;
  }

  end(out: ReadRow[]): void {
    if (this.#depth > this.#around)
      out.push({ line: this.#line, reason: `the file ends inside of an object: ${excerpt(this.#text)}` });
    this.#ended = true;
  }

  #emit(text: string, out: ReadRow[]): void {
    if (this.#table.kind === 'under' && this.#key !== this.#table.key) {
      if (this.#bracket === '[' && text.startsWith('{') && !this.#told.has(this.#key))
        out.push({ line: this.#line, reason: `the list “${this.#key}” is not read: the rows are those of “${this.#table.key}”` });
      this.#told.add(this.#key);
      return;
    }
    const parsed = parseObject(text);
    if (typeof parsed === 'string') {
      out.push({ line: this.#line, reason: parsed });
      return;
    }
    this.#seen(parsed);
    out.push({ line: this.#line, cells: this.#columns.map(({ path }) => cellAt(parsed, path)) });
  }
}
