import { UserError } from '../../protocol/envelope.ts';
import type { ColumnKind } from './column-kind.ts';
import type { Cell, ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';
import { type Measured, measured, stepsOf } from './series-steps.ts';

/** A column of an ARFF file (waikato.github.io/weka-wiki/formats_and_processing/arff). */
export interface ArffAttribute {
  readonly name: string;
  /** `series`: lines of numbers in one cell, as UEA's archive writes several dimensions. */
  readonly type: 'number' | 'class' | 'text' | 'date' | 'series';
  /** What a sparse row leaves out. */
  readonly usual: string;
}

/** What a column of the type holds; `null` leaves it to its cells. */
export const arffKind: Readonly<Record<ArffAttribute['type'], ColumnKind | null>> = {
  number: 'number',
  class: 'category',
  text: null,
  date: 'date',
  series: 'tokens',
};

/** Whether lines are those of an ARFF file. */
export const looksLikeArff = (lines: readonly string[]): boolean => {
  const first = lines.slice(0, 400).find((line) => line.trim() !== '' && !line.trimStart().startsWith('%')) ?? '';
  return /^\s*@relation\b/i.test(first);
};

/** Columns of the file whose first lines these are. */
export function arffColumns(lines: readonly string[]): readonly ArffAttribute[] {
  const head = new ArffHead();
  for (const line of lines) if (head.take(line)) break;
  return head.attributes;
}

const attribute = /^\s*@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))\s*(.*)$/i;

/** Reads the lines before the rows. */
class ArffHead {
  readonly attributes: ArffAttribute[] = [];
  #inside = false;

  /** Whether the rows begin after this line. */
  take(line: string): boolean {
    if (/^\s*@data\b/i.test(line)) return true;
    if (/^\s*@end\b/i.test(line)) this.#inside = false;
    const found = attribute.exec(line);
    if (found === null || this.#inside) return false;
    const [, single, double, bare, rest = ''] = found;
    const made = attributeOf(unescaped(single ?? double ?? bare ?? ''), rest.trim());
    this.#inside = made.type === 'series';
    this.attributes.push(made);
    return false;
  }
}

/** @throws UserError `arff-type` for a type that ARFF does not have */
function attributeOf(name: string, type: string): ArffAttribute {
  if (type.startsWith('{')) {
    const values = cellsOf(type.replace(/^\{\s*|\s*\}.*$/g, ''));
    return { name, type: 'class', usual: typeof values === 'string' ? '' : (values[0]?.text ?? '') };
  }
  const word = /^[a-z]+/i.exec(type)?.[0].toLowerCase() ?? '';
  const known = types.get(word);
  if (known === undefined)
    throw new UserError({
      code: 'arff-type',
      message: `attribute “${name}” has the type “${excerpt(type)}”: expected numeric, real, integer, string, date, relational or {classes}`,
      hint: 'Correct the line that begins with @attribute, or write the table as CSV.',
    });
  return { name, type: known, usual: known === 'number' ? '0' : '' };
}

const types = new Map<string, ArffAttribute['type']>([
  ['numeric', 'number'],
  ['real', 'number'],
  ['integer', 'number'],
  ['string', 'text'],
  ['date', 'date'],
  ['relational', 'series'],
]);

/** Rows of an ARFF file, dense (`5.1,'a b',?`) and sparse (`{0 5.1, 3 x}`); a weight at the end is left out. */
export class ArffParser implements RecordParser {
  readonly #head = new ArffHead();
  #data = false;

  push(text: string, line: number, out: ReadRow[]): void {
    if (text.trim() === '' || text.trimStart().startsWith('%')) return;
    if (!this.#data) {
      this.#data = this.#head.take(text);
      return;
    }
    const row = this.#row(text.trim());
    out.push(typeof row === 'string' ? { line, reason: `${row}: ${excerpt(text)}` } : { line, cells: row });
  }

  end(): void {}

  #row(text: string): Cell[] | string {
    const { attributes } = this.#head;
    const found = text.startsWith('{') ? this.#sparse(text) : cellsOf(text);
    if (typeof found === 'string') return found;
    const weighed = found.length === attributes.length + 1 && /^\{.*\}$/.test(found.at(-1)?.text ?? '');
    const values = weighed ? found.slice(0, -1) : found;
    if (values.length !== attributes.length) return `expected ${attributes.length} values, found ${values.length}`;
    const cells: Cell[] = [];
    for (const [i, { text: cell, quoted }] of values.entries()) {
      const made = attributes[i]?.type === 'series' ? seriesOf(cell) : !quoted && cell === '?' ? '' : cell;
      if (typeof made !== 'string' && 'reason' in made) return made.reason;
      cells.push(made);
    }
    return cells;
  }

  #sparse(text: string): ArffCell[] | string {
    const inside = /^\{(.*?)\}(?:\s*,\s*\{.*\})?$/.exec(text)?.[1];
    if (inside === undefined) return 'a sparse row needs “}” at its end';
    const cells: ArffCell[] = this.#head.attributes.map(({ usual }) => ({ text: usual, quoted: false }));
    if (inside.trim() === '') return cells;
    const given = cellsOf(inside, sparseCell);
    if (typeof given === 'string') return given;
    for (const { at = '', ...value } of given) {
      if (Number(at) >= cells.length) return `no attribute has the number “${at}”`;
      cells[Number(at)] = value;
    }
    return cells;
  }
}

/** A series out of its cell: a line for each dimension, its values between commas. */
function seriesOf(cell: string): readonly unknown[] | { readonly reason: string } {
  const dimensions: Measured[][] = [];
  for (const line of cell.split('\n')) {
    const values = line.split(',').map(measured);
    const wrong = values.indexOf(undefined);
    if (wrong >= 0) return { reason: `expected a number, found “${excerpt((line.split(',')[wrong] ?? '').trim())}”` };
    dimensions.push(values as Measured[]);
  }
  const steps = stepsOf(dimensions);
  return typeof steps === 'string' ? { reason: steps } : steps;
}

interface ArffCell {
  readonly text: string;
  readonly quoted: boolean;
  /** Of a sparse row: the number of its attribute. */
  readonly at?: string | undefined;
}

const value = String.raw`\s*(?:'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<bare>(?:[^,'"\\]|\\.)(?:[^,\\]|\\.)*|))\s*(?<end>,|$)`;
const denseCell = new RegExp(value, 'ys');
const sparseCell = new RegExp(String.raw`\s*(?<at>\d+)\s${value}`, 'ys');

/** Values between commas, in quotes of either kind where they need them. */
function cellsOf(text: string, cell = denseCell): ArffCell[] | string {
  const cells: ArffCell[] = [];
  cell.lastIndex = 0;
  for (;;) {
    const found = cell.exec(text)?.groups;
    if (found === undefined) return 'a quote is not closed, or a value is missing';
    const { single, double, bare, end, at } = found;
    cells.push({ text: unescaped(single ?? double ?? (bare ?? '').trim()), quoted: bare === undefined, at });
    if (end === '') return cells;
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
const unescaped = (text: string): string => text.replace(/\\(.)/gs, (_whole, sign: string) => escapes[sign] ?? sign);
