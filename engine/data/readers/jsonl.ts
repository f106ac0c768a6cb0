import { parseJson } from './json.ts';
import { cellAt, type JsonColumn } from './json-columns.ts';
import type { ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';

/** JSON Lines: one object a line. */
export class JsonlParser implements RecordParser {
  readonly #columns: readonly JsonColumn[];

  constructor(columns: readonly JsonColumn[]) {
    this.#columns = columns;
  }

  push(text: string, line: number, out: ReadRow[]): void {
    if (text.trim() === '') return;
    const parsed = parseObject(text);
    if (typeof parsed === 'string') out.push({ line, reason: parsed });
    else out.push({ line, cells: this.#columns.map(({ path }) => cellAt(parsed, path)) });
  }

  end(): void {}
}

/** The object on a line, or why there is none. */
export function parseObject(text: string): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (/^\s*\{\s*'/.test(text)) return 'a dictionary as Python prints it, not JSON: write it with json.dumps';
    return `not valid JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return `expected an object {…}, found ${excerpt(text)}`;
  }
  return value as Record<string, unknown>;
}
