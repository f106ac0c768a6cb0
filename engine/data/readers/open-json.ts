import { UserError } from '../../protocol/envelope.ts';
import { JsonArrayParser } from './json-array.ts';
import { type JsonColumn, jsonColumns } from './json-columns.ts';
import { ColumnsParser, rowsOfColumns } from './json-columns-file.ts';
import { findJsonTable, type JsonTable } from './json-table.ts';
import { JsonlParser, parseObject } from './jsonl.ts';
import type { RecordParser } from './record.ts';
import type { FileSample } from './sample.ts';

/** What a JSON file holds, and how. */
export interface JsonLayout {
  readonly table: JsonTable;
  readonly columns: readonly JsonColumn[];
  /** What is not read, in the user's words. */
  readonly leftOut: readonly string[];
}

/** Most bytes that are looked through for the first object: a line may be as long as 8 million characters, and rows before it bad. */
export const widestHead = 32 * 1024 * 1024;

/**
 * Where the rows lie and the columns of the first ones.
 *
 * @param rows so many are looked at
 * @param known columns of the same data: what they have names for is called the same here
 * @throws UserError where the file holds an object that is no table of rows
 */
export function openJson(
  lines: readonly string[],
  { path, complete, head }: Pick<FileSample, 'path' | 'complete' | 'head'>,
  rows: number,
  known: readonly JsonColumn[] = [],
): JsonLayout {
  const table = findJsonTable(lines, complete || head.length >= widestHead);
  if (table.kind === 'none') throw noTable(path, table.holds);
  const objects: Readonly<Record<string, unknown>>[] = [];
  if (table.kind === 'columns' || table.kind === 'split') {
    // The last value of a row stands after all those of the other columns.
    if (!complete && head.length >= widestHead) throw tooWide(path);
    if (complete) objects.push(...objectsIn(lines.join('\n'), table.kind).slice(0, rows));
  } else if (table.kind === 'lines') {
    for (const line of lines) {
      if (objects.length >= rows) break;
      const object = line.trim() === '' ? '' : parseObject(line);
      if (typeof object !== 'string') objects.push(object);
    }
    if (objects.length === 0 && lines.some((line) => line.trim() === '{')) throw noTable(path, 'one object over many lines');
  } else {
    const parser = new JsonArrayParser([], table, (object) => objects.push(object));
    for (let i = 0; i < lines.length && objects.length < rows; i++) parser.push(lines[i] ?? '', i + 1, [], false);
  }
  const { columns, leftOut } = jsonColumns(objects, known);
  return { table, columns, leftOut: [...notesOf(table), ...leftOut] };
}

/** The parser of a file's rows. @param layout `null` before it is known: columns are then none */
export function jsonParser(layout: JsonLayout | null): RecordParser {
  if (layout === null || layout.table.kind === 'lines') return new JsonlParser(layout?.columns ?? []);
  if (layout.table.kind === 'columns' || layout.table.kind === 'split')
    return new ColumnsParser(layout.columns, layout.table.kind, widestHead);
  return new JsonArrayParser(layout.columns, layout.table);
}

/** The rows that can be read; what is wrong with the file is told where it is read. */
function objectsIn(text: string, kind: 'columns' | 'split'): Readonly<Record<string, unknown>>[] {
  const found = rowsOfColumns(text, kind);
  return typeof found === 'string' ? [] : found.filter((row) => typeof row !== 'string');
}

function notesOf(table: JsonTable): string[] {
  if (table.kind === 'columns' || table.kind === 'split')
    return [
      'The file holds columns, of which rows are made; their names are not read. Where a line is named, it is the number of the row.',
    ];
  if (table.kind !== 'under') return [];
  const others = table.others.map((key) => `“${key}”`).join(', ');
  return [`The rows are those of “${table.key}”.${others === '' ? '' : ` Not read: ${others}.`}`];
}

const noTable = (path: string, holds: string): UserError =>
  new UserError({
    code: 'json-one-object',
    message: `“${path}” holds ${holds}: expected an object on each line, or an array of objects`,
    hint: "Write the rows as an array or as JSON lines, e.g. in pandas with to_json(path, orient='records', lines=True).",
  });

const tooWide = (path: string): UserError =>
  new UserError({
    code: 'json-columns-large',
    message: `“${path}” holds columns one after the other, and is larger than ${widestHead / 1024 / 1024} MB: its rows cannot be read one by one`,
    hint: "Write it as JSON lines, e.g. in pandas with to_json(path, orient='records', lines=True).",
  });
