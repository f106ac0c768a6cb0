import type { DataBinding } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import type { BadRow, RawExample, RawInput, RawTarget } from './raw-example.ts';
import { cellText } from './readers/column-kind.ts';
import { given } from './readers/guess-task.ts';
import { parseJson } from './readers/json.ts';
import { wellFormed } from './readers/jsonl.ts';
import { parseNumber } from './readers/number.ts';
import type { Cell, ReadRow, SourceRecord } from './readers/record.ts';
import { excerpt, isRecord } from './readers/record.ts';

/** Thrown and caught inside this file only: the reason why a row cannot become an example. */
class RowProblem extends Error {}

/** At once where the row is the example itself, later where it names a file. */
export type ExampleMaker = (row: ReadRow) => RawExample | BadRow | Promise<RawExample | BadRow>;

/**
 * Rows → examples, by the column mapping. Whether a per-example input is text or numbers is decided once, by the first rows.
 *
 * @param columns names of the file's columns, in order
 * @param head the first rows
 * @param media reads the file that the input cell names; `null` where the cell is the input itself
 * @throws UserError `column-missing` when the mapping names a column that the file lacks, or names none
 */
export function exampleMaker(
  task: DataBinding['task'],
  mapping: {
    readonly inputColumns: readonly string[];
    readonly targetColumns: readonly string[];
    readonly groupColumn: string | null;
  },
  columns: readonly string[],
  head: readonly ReadRow[],
  media: ((path: string) => Promise<number[][]>) | null = null,
): ExampleMaker {
  const find = (name: string): number => {
    const at = columns.indexOf(name);
    if (at >= 0) return at;
    throw new UserError({
      code: 'column-missing',
      message: `there is no column “${name}”; the file has ${columns.map((column) => `“${column}”`).join(', ')}`,
      hint: 'Choose the input and target columns in the Data panel.',
    });
  };
  const inputs = mapping.inputColumns.map(find);
  const targets = mapping.targetColumns.map(find);
  const group = mapping.groupColumn === null ? null : find(mapping.groupColumn);
  if (inputs.length === 0) throw missing('input', columns);
  if (targets.length === 0 && task !== 'language-model') throw missing('target', columns);
  if (task === 'sequence-classification') refuseSeveralLabels(targets, columns, head.filter(isRecord));
  const numeric =
    task === 'forecasting' ||
    (task !== 'step-tagging' && task !== 'language-model' && isNumericInput(inputs, head.filter(isRecord)));
  const example = (row: SourceRecord, input: RawInput): RawExample => ({
    line: row.line,
    input,
    target: readTarget(task, targets, columns, row, input),
    group: group === null ? null : cellText(row.cells[group] ?? ''),
  });
  if (media !== null) {
    return async (row) => {
      if (!isRecord(row)) return row;
      const file = cellText(row.cells[inputs[0] ?? 0] ?? '');
      try {
        return example(row, { kind: 'series', steps: await media(file), file });
      } catch (error) {
        return badRow(row, error);
      }
    };
  }
  const readInput = (row: SourceRecord): RawInput =>
    numeric ? seriesInput(task, inputs, columns, row) : textInput(task, inputs, row);
  return (row) => {
    if (!isRecord(row)) return row;
    try {
      return example(row, readInput(row));
    } catch (error) {
      return badRow(row, error);
    }
  };
}

/** @throws what is no problem of the row */
function badRow({ line }: SourceRecord, error: unknown): BadRow {
  if (error instanceof RowProblem || error instanceof UserError) return { line, reason: error.message };
  throw error;
}

/** The label of a cell; several where it holds a list. */
function labelsOf(cell: Cell): readonly string[] {
  return arrayOf(cell)?.map((label) => (typeof label === 'string' ? label : JSON.stringify(label))) ?? [cellText(cell)];
}

const listed = (labels: readonly string[]): string => {
  const shown = labels.slice(0, 4).map((label) => `“${excerpt(label)}”`);
  return `${labels.length}: ${shown.join(', ')}${labels.length > shown.length ? ', …' : ''}`;
};

/** @throws UserError `several-labels`: joined to one, combinations and their order would become classes */
function refuseSeveralLabels(targets: readonly number[], columns: readonly string[], rows: readonly SourceRecord[]): void {
  const [first] = targets;
  if (first === undefined) return;
  const several = rows.filter((row) => labelsOf(row.cells[first] ?? '').length > 1);
  const [example] = several;
  if (example === undefined || several.length * 10 < rows.length) return;
  throw new UserError({
    code: 'several-labels',
    message: `column “${columns[first] ?? ''}” holds several labels an example: line ${example.line} has ${listed(labelsOf(example.cells[first] ?? ''))}. A class is one label; several at once (multi-label classification) are not supported`,
    hint: 'Choose a column with one label for each example, or make one yes-or-no column for each label and train one model for each.',
    row: example.line,
  });
}

function missing(role: 'input' | 'target', columns: readonly string[]): UserError {
  return new UserError({
    code: 'column-missing',
    message:
      columns.length < 2
        ? `the file has one column, but an input and a target are needed`
        : `no ${role} column is chosen; the file has ${columns.map((column) => `“${column}”`).join(', ')}`,
    hint:
      columns.length < 2
        ? 'Add a column with the label, or choose another delimiter in the Data panel if the file has more columns.'
        : `Choose the ${role} column in the Data panel.`,
  });
}

/** Several columns of numbers, or one column of number arrays. */
function isNumericInput(inputs: readonly number[], rows: readonly SourceRecord[]): boolean {
  if (rows.length === 0) return false;
  const numericCell = (cell: Cell): boolean => typeof cell === 'string' && (cell === '' || parseNumber(cell) !== null);
  if (inputs.length > 1) return rows.every((row) => inputs.every((i) => numericCell(row.cells[i] ?? '')));
  return rows.every((row) => {
    const values = arrayOf(row.cells[inputs[0] ?? 0] ?? '');
    return values !== null && values.length > 0 && values.flat().every((value) => typeof value === 'number');
  });
}

function arrayOf(cell: Cell): readonly unknown[] | null {
  if (typeof cell !== 'string') return cell;
  if (!cell.trim().startsWith('[')) return null;
  try {
    const parsed: unknown = parseJson(cell);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function numberIn(cell: Cell, column: string): number {
  const text = cellText(cell);
  const value = parseNumber(text);
  if (value === null)
    throw new RowProblem(`column “${column}”: expected a number, found ${text === '' ? 'nothing' : `“${excerpt(text)}”`}`);
  return value;
}

/** One step of F numbers for forecasting; else T steps: one per column, or as the cell's array says. */
function seriesInput(
  task: DataBinding['task'],
  inputs: readonly number[],
  columns: readonly string[],
  row: SourceRecord,
): RawInput {
  const values = (): number[] => inputs.map((i) => numberIn(row.cells[i] ?? '', columns[i] ?? ''));
  if (task === 'forecasting') return { kind: 'series', steps: [values()] };
  const first = inputs[0] ?? 0;
  const array = inputs.length === 1 ? arrayOf(row.cells[first] ?? '') : null;
  if (array === null) return { kind: 'series', steps: values().map((value) => [value]) };
  const steps = array.map((step) => (Array.isArray(step) ? step : [step]) as unknown[]);
  const width = steps[0]?.length ?? 0;
  for (const step of steps) {
    if (step.length !== width || step.some((value) => typeof value !== 'number' || !Number.isFinite(value))) {
      throw new RowProblem(
        `column “${columns[first] ?? ''}”: expected ${width} numbers at every step, found ${JSON.stringify(step)}`,
      );
    }
  }
  return { kind: 'series', steps: steps as number[][] };
}

function textInput(task: DataBinding['task'], inputs: readonly number[], row: SourceRecord): RawInput {
  const cells = inputs.map((i) => row.cells[i] ?? '');
  const only = cells.length === 1 ? cells[0] : undefined;
  if (only !== undefined && typeof only !== 'string')
    return { kind: 'tokens', tokens: only.map((token) => wellFormed(String(token))) };
  if (only !== undefined && (task === 'step-tagging' || arrayOf(only) !== null)) return { kind: 'tokens', tokens: given(only) };
  return { kind: 'text', text: cells.map(cellText).join(' ') };
}

function readTarget(
  task: DataBinding['task'],
  targets: readonly number[],
  columns: readonly string[],
  row: SourceRecord,
  input: RawInput,
): RawTarget {
  const cell = (i: number): Cell => row.cells[i] ?? '';
  const first = targets[0] ?? 0;
  switch (task) {
    case 'sequence-classification': {
      const labels = labelsOf(cell(first));
      if (labels.length > 1)
        throw new RowProblem(`column “${columns[first] ?? ''}”: expected one label, found ${listed(labels)}`);
      const label = (labels[0] ?? '').trim();
      if (label === '') throw new RowProblem(`column “${columns[first] ?? ''}”: no label`);
      return { kind: 'class', label };
    }
    case 'step-tagging': {
      const found = cell(first);
      const labels = typeof found === 'string' ? given(found) : found.map(String);
      const tokens = input.kind === 'tokens' ? input.tokens.length : 0;
      if (labels.length !== tokens)
        throw new RowProblem(`expected one tag per token, found ${tokens} tokens and ${labels.length} tags`);
      return { kind: 'tags', labels };
    }
    case 'sequence-to-sequence': {
      const target = textInput(task, targets, row);
      if (target.kind === 'series') throw new Error('a text is no series');
      return { kind: 'sequence', target };
    }
    case 'language-model':
      return { kind: 'next-token' };
    case 'sequence-regression':
    case 'forecasting':
      return { kind: 'numbers', values: targets.map((i) => numberIn(cell(i), columns[i] ?? '')) };
  }
}
