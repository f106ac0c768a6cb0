import type { Cell } from './record.ts';

/** The way to a value: a key of an object, a place in a list, or `null` for every object of a list. */
export type JsonPath = readonly (string | number | null)[];

/** A column of JSON: the name, `data.text`, `annotations[0].label` or `annotations[].label`, and the way to it. */
export interface JsonColumn {
  readonly name: string;
  readonly path: JsonPath;
}

const mostColumns = 512;
const deepest = 8;
/** Objects of one list that get columns of their own. */
const mostPlaces = 4;

/**
 * What the objects hold, in order of appearance. Objects inside of them are opened, and lists of objects: each of their first four has
 * columns of its own; those at the end, of lists that hold several, have the values of all as one list.
 *
 * @param known columns of the data that these belong to: what they have names for is called the same here
 * @returns the columns, and what has none, in the user's words
 */
export function jsonColumns(
  objects: Iterable<Readonly<Record<string, unknown>>>,
  known: readonly JsonColumn[] = [],
): { readonly columns: readonly JsonColumn[]; readonly leftOut: readonly string[] } {
  const found = new Map<string, JsonPath>();
  const longest = new Map<string, number>();
  let hidden = false;
  let deep = false;
  const visit = (value: unknown, path: JsonPath, every: boolean): void => {
    deep ||= path.length > deepest;
    if (path.length > deepest) return;
    if (Array.isArray(value) && value.some(isObject)) {
      if (!every) longest.set(nameOf(path), Math.max(longest.get(nameOf(path)) ?? 0, value.length));
      value.forEach((inner: unknown, i) => {
        if (i < mostPlaces) visit(inner, [...path, i], every);
        if (every && value.length > 1) visit(inner, [...path, null], every);
      });
    } else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key], every);
    } else if (path.length > 0 && (!every || path.includes(null)) && !found.has(keyOf(path))) {
      if (found.size >= mostColumns) hidden = true;
      else found.set(keyOf(path), path);
    }
  };
  const all = [...objects];
  for (const every of [false, true]) for (const object of all) visit(object, [], every);
  const leftOut = [...longest].flatMap(([name, count]) =>
    count > mostPlaces
      ? [
          `“${name}” holds lists of up to ${count} objects: the first ${mostPlaces} have columns of their own, and “${name}[]…” the values of all.`,
        ]
      : [],
  );
  if (hidden) leftOut.push(`Only the first ${mostColumns} values of an object have columns.`);
  if (deep) leftOut.push(`Values inside of more than ${deepest} objects or lists have no column.`);
  return { columns: named([...found.values()], known), leftOut };
}

const keyOf = (path: JsonPath): string => JSON.stringify(path);

/** Names of the ways, each its own: keys with dots or brackets stand in brackets where they would say the way to another value. */
function named(paths: readonly JsonPath[], known: readonly JsonColumn[]): JsonColumn[] {
  const owners = new Map<string, Set<string>>();
  for (const path of [...known.map((column) => column.path), ...paths])
    owners.set(nameOf(path), (owners.get(nameOf(path)) ?? new Set()).add(keyOf(path)));
  const told = new Map(known.map(({ name, path }) => [keyOf(path), name]));
  return paths.map((path) => {
    const shared = (owners.get(nameOf(path))?.size ?? 0) > 1;
    return { name: told.get(keyOf(path)) ?? nameOf(path, shared), path };
  });
}

function nameOf(path: JsonPath, exact = false): string {
  return path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    if (step === null) return `${name}[]`;
    if (exact && (step === '' || /[.[]/.test(step))) return `${name}[${JSON.stringify(step)}]`;
    return name === '' ? step : `${name}.${step}`;
  }, '');
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at the end of the path; an object there, or a list of them, is no value. */
export function cellAt(object: unknown, path: JsonPath): Cell {
  let value: unknown = object;
  for (const [i, step] of path.entries()) {
    if (step === null) return everyOf(value, path.slice(i + 1));
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  if (value === null || value === undefined || isObject(value)) return '';
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value.some(isObject) ? '' : value;
  return String(value);
}

/** The value in each of a list; empty where one has none, so that two columns of one list stay in step. */
function everyOf(list: unknown, path: JsonPath): Cell {
  if (!Array.isArray(list)) return '';
  const cells = list.map((inner: unknown) => cellAt(inner, path));
  return path.includes(null) ? cells.flat() : cells;
}

/** JSON can spell half of a surrogate pair, which no file can hold. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
