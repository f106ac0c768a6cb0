import { parseObject } from './jsonl.ts';

/** How a JSON file holds its rows. */
export type JsonTable =
  /** An object on each line. */
  | { readonly kind: 'lines' }
  /** One array of objects, or one object whose values are the rows, by their ids. */
  | { readonly kind: 'values' }
  /** One object whose values are the columns: each an object by the rows' names, as pandas writes them by default, or a list. */
  | { readonly kind: 'columns' }
  /** One object with the names of columns and the values of rows apart (pandas' `split` and `tight`). */
  | { readonly kind: 'split' }
  /** One object that holds a list of objects, and perhaps others beside it that are not read. */
  | { readonly kind: 'under'; readonly key: string; readonly others: readonly string[] };

/** One object of which no rows can be made, in the user's words: what it holds. */
export interface NoTable {
  readonly kind: 'none';
  readonly holds: string;
}

/** Whether the file is one array of objects: its first sign is `[`, and an object or nothing follows on that line. */
export function beginsArray(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== '') ?? '';
  return /^\s*\[\s*(\{|$)/.test(first);
}

/** Keys under which rows are kept by custom, beside lists that describe them (the `rows` and `features` of Hugging Face's server, say). */
const rowsKeys = /^(data|rows|records|items|examples|instances|samples|entries|documents|sentences|reviews|results)$/i;

/**
 * How the rows lie, from the file's first lines.
 *
 * @param settled whether a line that is no whole object can be no row: all of the file is there, or more than a row may have
 */
export function findJsonTable(lines: readonly string[], settled: boolean): JsonTable | NoTable {
  if (beginsArray(lines)) return { kind: 'values' };
  const filled = lines.filter((line) => line.trim() !== '').slice(0, 50);
  if (filled[0]?.trimStart().startsWith('{') !== true) return { kind: 'lines' };
  const objects = filled.map((line) => {
    const object = parseObject(line);
    return typeof object === 'string' ? null : object;
  });
  const [first] = objects;
  const whole = objects.filter((object) => object !== null).length;
  const one = filled.length === 1 ? settled : !first && 2 * whole <= filled.length;
  if (!one) return { kind: 'lines' };
  return tableOf(entriesOf(lines.join('\n')), (key) => {
    const list = first?.[key];
    return !Array.isArray(list) || list.length >= fewestRows;
  });
}

/** A file of one line is a row with a list in it, unless that is as long, or called as rows are. */
const fewestRows = 10;

/** A key of the outermost object, with the first sign of its value and of what stands first in that. */
interface Entry {
  readonly key: string;
  sign: string;
  inner: string;
  /** The first key of a value that is an object. */
  innerKey: string | null;
  innerKeys: number;
  /** What stands behind those keys: the first signs of texts and objects, `0` of numbers, `t` of `true` and `false`; of nothing (`null`) none. */
  readonly kinds: Set<string>;
}

/** @param isLong whether a list, by its key, has as many values as a table has rows */
function tableOf(entries: readonly Entry[], isLong: (key: string) => boolean): JsonTable | NoTable {
  const named = (some: readonly Entry[]): string => some.map(({ key }) => `“${key}”`).join(', ');
  const lists = entries.filter(({ sign, inner }) => sign === '[' && inner === '{');
  const customary = lists.filter(({ key }) => rowsKeys.test(key));
  const long = lists.filter(({ key }) => isLong(key));
  if (customary.length > 0 || long.length > 0) {
    const [found] = customary.length === 1 ? customary : long.length === 1 ? long : [];
    if (!found) return { kind: 'none', holds: `several lists of objects (${named(lists)}), of which any may be the rows` };
    return { kind: 'under', key: found.key, others: lists.filter((list) => list !== found).map(({ key }) => key) };
  }
  if (entries.some(({ key, sign }) => key === 'columns' && sign === '[') && valuesOf(entries)) return { kind: 'split' };
  const [first, second] = entries;
  if (!first || entries.some(({ sign }) => sign !== first.sign)) return { kind: 'lines' };
  if (first.sign === '[') return second && entries.some(({ key }) => isLong(key)) ? { kind: 'columns' } : { kind: 'lines' };
  if (first.sign !== '{') return { kind: 'lines' };
  if (areColumns(first, entries)) return { kind: 'columns' };
  return second ? { kind: 'values' } : { kind: 'lines' };
}

/** Names that rows have by themselves: their numbers, or dates. */
const rowName = /^(-?\d+(\.\d+)?|\d{4}-\d\d-\d\d.*)$/;
/** Values that a column has at least where the rows are called otherwise. */
const fewestNamed = 10;

/** Whether objects are the columns, not the rows: of those, the keys are the rows' names, and the values of each are of one kind. */
function areColumns(first: Entry, entries: readonly Entry[]): boolean {
  if (first.innerKey === null) return false;
  if (rowName.test(first.innerKey)) return !rowName.test(first.key) || first.innerKeys >= entries.length;
  return first.innerKeys >= Math.max(fewestNamed, 2 * entries.length) && entries.every(({ kinds }) => kinds.size <= 1);
}

const valuesOf = (entries: readonly Entry[]): boolean =>
  entries.some(({ key, sign, inner }) => key === 'data' && sign === '[' && inner === '[');

/** The entries of the object that a text begins with, as far as it goes. */
function entriesOf(text: string): readonly Entry[] {
  const entries: Entry[] = [];
  let depth = 0;
  /** Whether the value of a key inside of an entry is yet to come. */
  let awaited = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] ?? '';
    const last = entries.at(-1);
    if (sign === '"') {
      const end = endOfString(text, i);
      const key = /^\s*:/.test(text.slice(end + 1, end + 20)) ? text.slice(i + 1, end) : null;
      if (depth === 1 && key !== null) entries.push({ key, sign: '', inner: '', innerKey: null, innerKeys: 0, kinds: new Set() });
      else if (last && depth === 1) last.sign ||= sign;
      else if (last && depth === 2) {
        last.inner ||= sign;
        last.innerKey ??= key;
        if (key !== null) last.innerKeys++;
        else if (awaited) last.kinds.add(sign);
        awaited = key !== null;
      }
      i = end;
    } else if (/[^\s:,]/.test(sign)) {
      if (last && depth === 1) last.sign ||= sign;
      else if (last && depth === 2) {
        last.inner ||= sign;
        if (awaited && sign !== 'n') last.kinds.add(/[-\d]/.test(sign) ? '0' : sign.replace('f', 't'));
        awaited = false;
      }
      if (sign === '{' || sign === '[') depth++;
      else if ((sign === '}' || sign === ']') && --depth === 0) break;
    }
  }
  return entries;
}

/** Where the closing quote of the string stands that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
