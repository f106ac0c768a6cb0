import type { DataBinding } from '../document/data-binding.ts';
import type { SplitName } from '../document/split-names.ts';
import { splitOfWord } from '../document/split-names.ts';
import { UserError } from '../protocol/envelope.ts';
import { ColumnNumbers, isHeld } from './column-numbers.ts';
import { labelsOf, listed, refuseSeveralLabels } from './labels-of.ts';
import type { BadRow, RawExample, RawInput, RawTarget } from './raw-example.ts';
import { cellText } from './readers/column-kind.ts';
import { columnMissing } from './readers/column-missing.ts';
import { given } from './readers/guess-task.ts';
import { jsonText } from './readers/json.ts';
import { wellFormed } from './readers/json-columns.ts';
import { arrayOf, brokenList } from './readers/list-cell.ts';
import { isMissing } from './readers/missing.ts';
import { looksNumeric } from './readers/number-format.ts';
import type { OpenedFile } from './readers/open-reader.ts';
import type { Cell, ReadRow, SourceRecord } from './readers/record.ts';
import { excerpt, isRecord } from './readers/record.ts';
import { tagsBetweenCommas } from './readers/tag-cell.ts';
import { MissingLabels, RowCells, RowProblem } from './row-cells.ts';

export interface ExampleMaker {
  /** At once where the row is the example itself, later where it names a file. */
  make(row: ReadRow): RawExample | BadRow | Promise<RawExample | BadRow>;
  /** What the rows made so far have shown that the user should know. */
  warnings(): string[];
  /** The column whose cells may come as `ascii` of a row; `null` where they are read as more than a text. */
  readonly asciiColumn: number | null;
  /** Whether the lists of numbers are tokens because the reading says so, and would be series otherwise. */
  readonly idsAsTokens: boolean;
}

/**
 * Rows → examples, by the column mapping. Whether a per-example input is text or numbers is decided once, by the first rows.
 *
 * @param timeOf date of a row of a series
 * @param media reads the file that the input cell names; `null` where the cell is the input itself
 * @throws UserError `column-missing` when the mapping names a column that the file lacks, or names none; `number-format-ambiguous`
 */
export function exampleMaker(
  task: DataBinding['task'],
  mapping: {
    readonly inputColumns: readonly string[];
    readonly targetColumns: readonly string[];
    readonly groupColumn: string | null;
    readonly splitColumn?: string | null | undefined;
  },
  file: Pick<OpenedFile, 'columns' | 'head' | 'formats' | 'reader'>,
  media: ((path: string) => Promise<number[][]>) | null = null,
  timeOf: ((row: SourceRecord) => number | null) | null = null,
): ExampleMaker {
  const { columns, reader } = file;
  const head = file.head.filter(isRecord);
  const find = (name: string): number => {
    const at = columns.indexOf(name);
    if (at >= 0) return at;
    const inside = columns.filter((column) => column.startsWith(`${name}.`) || column.startsWith(`${name}[`));
    if (inside.length > 0) {
      throw new UserError({
        code: 'column-missing',
        message: `column “${name}” holds objects, not values; inside of them are ${inside.map((column) => `“${column}”`).join(', ')}`,
        hint: 'Choose one of these as input or target column in the Data panel.',
      });
    }
    throw columnMissing(name, columns, 'Choose the input and target columns in the Data panel.');
  };
  const inputs = mapping.inputColumns.map(find);
  const targets = mapping.targetColumns.map(find);
  const group = mapping.groupColumn === null ? null : find(mapping.groupColumn);
  const split = (mapping.splitColumn ?? null) === null ? null : find(mapping.splitColumn ?? '');
  if (inputs.length === 0) throw missing('input', columns);
  if (targets.length === 0 && task !== 'language-model') throw missing('target', columns);
  if (task === 'sequence-classification') refuseSeveralLabels(targets, columns, head);
  const placeOf = (row: SourceRecord): Pick<RawExample, 'group' | 'time'> => {
    const time = timeOf?.(row) ?? null;
    return { group: group === null ? null : cellText(row.cells[group] ?? ''), ...(time === null ? {} : { time }) };
  };
  const measurable =
    task !== 'step-tagging' && task !== 'language-model' && task !== 'forecasting' && isNumericInput(inputs, head);
  const idsAsTokens = measurable && reader.lists === 'tokens' && holdIds(inputs, head);
  const numeric = task === 'forecasting' || (measurable && !idsAsTokens);
  const measured = task === 'forecasting' || task === 'sequence-regression' ? targets : [];
  const numbers = new Map<number, ColumnNumbers>();
  for (const i of new Set([...(numeric && media === null ? inputs : []), ...measured])) {
    const format = file.formats[i];
    if (format !== undefined) numbers.set(i, new ColumnNumbers(columns[i] ?? '', format, reader));
  }
  const cells = new RowCells(columns, numbers, reader.missing);
  const labels = new MissingLabels(columns[targets[0] ?? 0] ?? '');
  const example = (row: SourceRecord, input: RawInput): RawExample => {
    const target = readTarget(task, targets, cells, row, input);
    if (target.kind === 'class' && reader.missing === null) labels.add(target.label);
    return { line: row.line, input, target, ...placeOf(row), ...(split === null ? {} : { split: splitIn(row, split, columns) }) };
  };
  const warnings = (): string[] => [
    ...[...numbers.values()].flatMap((column) => column.warnings()),
    ...cells.warnings(),
    ...labels.warnings(),
  ];
  if (media !== null) {
    const make = async (row: ReadRow): Promise<RawExample | BadRow> => {
      if (!isRecord(row)) return row;
      const path = cellText(row.cells[inputs[0] ?? 0] ?? '');
      try {
        return example(row, { kind: 'series', steps: await media(path), file: path });
      } catch (error) {
        return badRow(row, error);
      }
    };
    return { make, warnings, idsAsTokens, asciiColumn: null };
  }
  const make = (row: ReadRow): RawExample | BadRow => {
    if (!isRecord(row)) return row;
    try {
      const input = numeric ? seriesInput(task, inputs, cells, row) : (row.ascii ?? textInput(task, inputs, cells, row));
      return example(row, input);
    } catch (error) {
      if (task !== 'forecasting') return badRow(row, error);
      const known = split === null ? null : splitOfWord(cellText(row.cells[split] ?? ''));
      return { ...badRow(row, error), ...placeOf(row), ...(known === null ? {} : { split: known }) };
    }
  };
  const [only = 0] = inputs;
  const textual = !numeric && inputs.length === 1 && task !== 'step-tagging' && reader.missing === null;
  const asciiColumn = textual && ![...targets, group, split].includes(only) ? only : null;
  return { make, warnings, idsAsTokens, asciiColumn };
}

/** @throws RowProblem where the cell names no split */
function splitIn(row: SourceRecord, column: number, columns: readonly string[]): SplitName {
  const cell = row.cells[column] ?? '';
  const split = splitOfWord(cellText(cell));
  if (split !== null) return split;
  throw new RowProblem(`column “${columns[column] ?? ''}”: expected train, validation or test, found ${quoted(cell)}`);
}

/** @throws what is no problem of the row */
function badRow({ line }: SourceRecord, error: unknown): BadRow {
  if (error instanceof RowProblem || error instanceof UserError) return { line, reason: error.message };
  throw error;
}

function missing(role: 'input' | 'target', columns: readonly string[]): UserError {
  if (columns.length < 2)
    return new UserError({
      code: 'column-missing',
      message: 'the file has one column, but an input and a target are needed',
      hint: 'Add a column with the label, or choose another delimiter in the Data panel if the file has more columns.',
    });
  return new UserError({
    code: 'column-missing',
    message: `no ${role} column is chosen; the file has ${columns.map((column) => `“${column}”`).join(', ')}`,
    hint: `Choose the ${role} column in the Data panel.`,
  });
}

/** Several columns of numbers, or one column of number arrays. A few other cells make bad rows, not texts; empty ones say nothing. */
function isNumericInput(inputs: readonly number[], rows: readonly SourceRecord[]): boolean {
  const only = inputs[0] ?? 0;
  if (inputs.length === 1) {
    const filled = rows
      .map(({ cells }) => cells[only] ?? '')
      .filter((cell) => cellText(cell) !== '' && arrayOf(cell)?.length !== 0);
    const numeric = filled.filter((cell) => {
      const values =
        arrayOf(cell)
          ?.flat()
          .filter((value) => !isAbsent(value)) ?? [];
      return values.length > 0 && values.every((value) => typeof value === 'number' || typeof value === 'bigint');
    });
    return filled.length > 0 && numeric.length >= 0.8 * filled.length;
  }
  let numbers = 0;
  const numeric = inputs.every((i) => {
    const filled = rows.map((row) => row.cells[i] ?? '').filter((cell) => typeof cell !== 'string' || !isMissing(cell, null));
    const found = filled.filter((cell) => typeof cell === 'string' && looksNumeric(cell)).length;
    numbers += found;
    return found >= 0.8 * filled.length;
  });
  return numeric && numbers > 0;
}

/** Whether lists hold whole numbers from 0 on, as ids are. */
function holdIds([only, ...more]: readonly number[], rows: readonly SourceRecord[]): boolean {
  if (only === undefined || more.length > 0) return false;
  return rows.every(
    (row) =>
      arrayOf(row.cells[only] ?? '')?.every((id) => (typeof id === 'bigint' || Number.isInteger(id)) && Number(id) >= 0) ?? true,
  );
}

/** One step of F numbers for forecasting; else T steps: one per column, or as the cell's array says. */
function seriesInput(task: DataBinding['task'], inputs: readonly number[], cells: RowCells, row: SourceRecord): RawInput {
  if (task === 'forecasting') return { kind: 'series', steps: [inputs.map((i) => cells.number(row, i))] };
  const first = inputs[0] ?? 0;
  const column = cells.columns[first] ?? '';
  if (inputs.length > 1) return { kind: 'series', steps: cells.steps(row, inputs).map((value) => [value]) };
  const array = arrayOf(cells.raw(row, first));
  if (array === null)
    throw new RowProblem(`column “${column}”: expected a list of numbers, found ${quoted(row.cells[first] ?? '')}`);
  const given = array.map((step) => (Array.isArray(step) ? step : [step]).map(asNumber));
  const end = given.findLastIndex((step) => !step.every(isAbsent)) + 1;
  if (end > 0 && end < given.length) cells.shortened++;
  const steps = given.slice(0, end);
  const width = steps[0]?.length ?? 0;
  for (const step of steps) {
    if (step.length !== width || step.some((value) => typeof value !== 'number' || !isHeld(value))) {
      throw new RowProblem(`column “${column}”: expected ${width} numbers at every step, found ${excerpt(jsonText(step))}`);
    }
  }
  return { kind: 'series', steps: steps as number[][] };
}

/** Whether nothing was measured, as JSON, Python and archives of series write it. */
const isAbsent = (value: unknown): boolean => value === null || Number.isNaN(value);

/** A measured value; digits that float32 does not hold are not needed. */
const asNumber = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

const quoted = (cell: Cell): string => {
  const text = cellText(cell);
  return text === '' ? 'nothing' : `“${excerpt(text)}”`;
};

/** Tokens that the cell separates itself, by the rules of `given`. */
function tokensIn(cell: Cell, column: string): readonly string[] {
  if (typeof cell === 'string' && brokenList(cell))
    throw new RowProblem(`column “${column}”: the list ${quoted(cell)} cannot be read: is it cut short, or a quote missing?`);
  const tokens = typeof cell === 'string' ? given(cell) : cell;
  const object = tokens.find((token) => typeof token === 'object' && token !== null);
  if (object !== undefined)
    throw new RowProblem(`column “${column}”: expected texts in the list, found ${excerpt(jsonText(object))}`);
  return tokens.map((token) => wellFormed(String(token)));
}

function textInput(task: DataBinding['task'], inputs: readonly number[], cells: RowCells, row: SourceRecord): RawInput {
  const found = inputs.map((i) => cells.raw(row, i));
  const only = found.length === 1 ? found[0] : undefined;
  const column = cells.columns[inputs[0] ?? 0] ?? '';
  if (only !== undefined && (task === 'step-tagging' || arrayOf(only) !== null || (typeof only === 'string' && brokenList(only))))
    return { kind: 'tokens', tokens: tokensIn(only, column) };
  return { kind: 'text', text: found.map(cellText).join(' ') };
}

function readTarget(
  task: DataBinding['task'],
  targets: readonly number[],
  cells: RowCells,
  row: SourceRecord,
  input: RawInput,
): RawTarget {
  const { columns } = cells;
  const first = targets[0] ?? 0;
  switch (task) {
    case 'sequence-classification': {
      const labels = labelsOf(cells.raw(row, first));
      if (labels.length > 1)
        throw new RowProblem(`column “${columns[first] ?? ''}”: expected one label, found ${listed(labels)}`);
      const label = (labels[0] ?? '').trim();
      if (label === '') throw new RowProblem(`column “${columns[first] ?? ''}”: no label`);
      return { kind: 'class', label };
    }
    case 'step-tagging': {
      const found = cells.raw(row, first);
      const tokens = input.kind === 'tokens' ? input.tokens.length : 0;
      const labels = tagsBetweenCommas(found, tokensIn(found, columns[first] ?? ''), tokens);
      if (labels.length !== tokens)
        throw new RowProblem(`expected one tag per token, found ${tokens} tokens and ${labels.length} tags`);
      const untagged = labels.indexOf('');
      if (untagged >= 0) throw new RowProblem(`column “${columns[first] ?? ''}”: token ${untagged + 1} has no tag`);
      return { kind: 'tags', labels };
    }
    case 'sequence-to-sequence': {
      const target = textInput(task, targets, cells, row);
      if (target.kind === 'series') throw new Error('a text is no series');
      return { kind: 'sequence', target };
    }
    case 'language-model':
      return { kind: 'next-token' };
    case 'sequence-regression':
    case 'forecasting':
      return { kind: 'numbers', values: targets.map((i) => cells.number(row, i)) };
  }
}
