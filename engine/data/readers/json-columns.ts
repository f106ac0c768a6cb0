import type { Cell } from './record.ts';

/** A column of JSON: the name, `data.text` or `annotations[0].label`, and the way to it. */
export interface JsonColumn {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

const mostColumns = 512;
const deepest = 8;
/** Objects of one list that get columns of their own. */
const mostPlaces = 4;

/**
 * What the objects hold, in order of appearance. Objects inside of them are opened, and lists of objects, so that each column holds
 * values or lists of values.
 */
export function jsonColumns(objects: Iterable<Readonly<Record<string, unknown>>>): JsonColumn[] {
  const columns = new Map<string, JsonColumn>();
  const visit = (value: unknown, name: string, path: readonly (string | number)[]): void => {
    if (columns.size >= mostColumns || path.length > deepest) return;
    if (Array.isArray(value) && value.some(isObject)) {
      value.slice(0, mostPlaces).forEach((inner: unknown, i) => {
        visit(inner, `${name}[${i}]`, [...path, i]);
      });
    } else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, name === '' ? key : `${name}.${key}`, [...path, key]);
    } else if (path.length > 0 && !columns.has(name)) columns.set(name, { name, path });
  };
  for (const object of objects) visit(object, '', []);
  return [...columns.values()];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at the end of the path; an object there, or a list of them, is no value. */
export function cellAt(object: Readonly<Record<string, unknown>>, path: JsonColumn['path']): Cell {
  let value: unknown = object;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  if (value === null || value === undefined || isObject(value)) return '';
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value.some(isObject) ? '' : value;
  return String(value);
}

/** JSON can spell half of a surrogate pair, which no file can hold. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
