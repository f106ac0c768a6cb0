import { parseJson } from './json.ts';
import type { Cell, ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';

/** JSON Lines: one object a line; `columns` picks and orders the keys. Arrays stay arrays, nested objects become JSON text. */
export class JsonlParser implements RecordParser {
  readonly #columns: readonly string[];

  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  push(text: string, line: number, out: ReadRow[]): void {
    if (text.trim() === '') return;
    const parsed = parseObject(text);
    if (typeof parsed === 'string') out.push({ line, reason: parsed });
    else out.push({ line, cells: this.#columns.map((column) => toCell(parsed[column])) });
  }

  end(): void {}
}

/** The object on a line, or why there is none. */
export function parseObject(text: string): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    return `not valid JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return `expected an object {…}, found ${excerpt(text)}`;
  }
  return value as Record<string, unknown>;
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** JSON can spell half of a surrogate pair, which no file can hold. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
