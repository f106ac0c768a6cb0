import { parseJson } from './json.ts';
import { cellAt, type JsonColumn } from './json-columns.ts';
import type { ReadRow, RecordParser } from './record.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Rows of one JSON object that holds columns: each an object by the rows' names or a list (`columns`), or names beside the values of
 * the rows (`split`), as pandas writes them. Rows stand in the order of the file, whatever their names.
 *
 * @returns the rows, for a bad one why; why there are none
 */
export function rowsOfColumns(text: string, kind: 'columns' | 'split'): readonly (Row | string)[] | string {
  let whole: unknown;
  try {
    whole = parseJson(kind === 'columns' ? inOrder(text) : text);
  } catch (error) {
    return `not valid JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  if (typeof whole !== 'object' || whole === null) return 'expected an object of columns';
  return kind === 'columns' ? fromColumns(whole) : fromValues(whole as { readonly columns?: unknown; readonly data?: unknown });
}

/** Before each key of columns and rows: JavaScript sorts those that are numbers. */
const mark = '_';

/** The text with a mark before each key of the outermost object, and of the objects in it. */
function inOrder(text: string): string {
  let marked = '';
  let taken = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') depth--;
    else if (sign === '"') {
      const start = i;
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
      if (depth > 2 || !isKey(text, i + 1)) continue;
      marked += `${text.slice(taken, start + 1)}${mark}`;
      taken = start + 1;
    }
  }
  return marked + text.slice(taken);
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (/\s/.test(text[at] ?? '')) at++;
  return text[at] === ':';
}

function fromColumns(whole: object): readonly Row[] | string {
  const columns = Object.entries(whole).map(([name, values]) => ({ name: name.slice(mark.length), values: values as unknown }));
  const lists = columns.filter(({ values }) => Array.isArray(values));
  const [first] = lists;
  const other = lists.find(({ values }) => lengthOf(values) !== lengthOf(first?.values));
  if (first && other)
    return `columns need equally many values: “${first.name}” has ${lengthOf(first.values)}, “${other.name}” ${lengthOf(other.values)}`;
  const rows = new Map<string, [name: string, value: unknown][]>();
  for (const { name, values } of columns) {
    for (const [row, value] of Object.entries(values ?? {})) {
      const found = rows.get(row);
      if (found) found.push([name, value]);
      else rows.set(row, [[name, value]]);
    }
  }
  return [...rows.values()].map((entries) => Object.fromEntries(entries));
}

const lengthOf = (values: unknown): number => (Array.isArray(values) ? values.length : 0);

function fromValues({
  columns,
  data,
}: {
  readonly columns?: unknown;
  readonly data?: unknown;
}): readonly (Row | string)[] | string {
  if (!Array.isArray(columns) || !Array.isArray(data)) return 'expected “columns” and “data”, each a list';
  const names = columns.map((name: unknown) => (Array.isArray(name) ? name.join('.') : String(name)));
  const own = names.map((name, i) => (names.indexOf(name) === i ? name : `${name}#${i}`));
  return data.map((values: unknown) => {
    if (!Array.isArray(values)) return 'expected a list of values';
    if (values.length !== own.length) return `expected ${own.length} values, found ${values.length}`;
    return Object.fromEntries(own.map((name, i) => [name, values[i]] as const));
  });
}

/** Rows of a file of columns, which is held as a whole. The line of a row is its number. */
export class ColumnsParser implements RecordParser {
  readonly anywhere = true;
  readonly #columns: readonly JsonColumn[];
  readonly #kind: 'columns' | 'split';
  readonly #most: number;
  readonly #parts: string[] = [];
  #length = 0;

  /** @param most characters that are held */
  constructor(columns: readonly JsonColumn[], kind: 'columns' | 'split', most: number) {
    this.#columns = columns;
    this.#kind = kind;
    this.#most = most;
  }

  push(text: string, _line: number, _out: ReadRow[], open: boolean): void {
    this.#length += text.length + 1;
    if (this.#length > this.#most) this.#parts.length = 0;
    else this.#parts.push(open ? text : `${text}\n`);
  }

  end(out: ReadRow[]): void {
    const found =
      this.#length > this.#most ? 'the file of columns is too large' : rowsOfColumns(this.#parts.join(''), this.#kind);
    const rows = typeof found === 'string' ? [found] : found;
    for (const [i, row] of rows.entries()) {
      const line = i + 1;
      if (typeof row === 'string') out.push({ line, reason: row });
      else out.push({ line, cells: this.#columns.map(({ path }) => cellAt(row, path)) });
    }
  }
}
