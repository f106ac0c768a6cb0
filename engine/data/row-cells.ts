import type { ColumnNumbers, ReadNumber } from './column-numbers.ts';
import { isMissing } from './readers/missing.ts';
import type { Cell, SourceRecord } from './readers/record.ts';

/** The reason why a row cannot become an example; thrown and caught while it is made. */
export class RowProblem extends Error {}

/** The cells of a row, by what they are read as. */
export class RowCells {
  readonly columns: readonly string[];
  readonly #numbers: ReadonlyMap<number, ColumnNumbers>;
  readonly #missing: readonly string[] | null;
  /** Numbers of the row that was last looked at: a column that is both input and target is read, and counted, once. */
  readonly #found = new Map<number, ReadNumber>();
  #row: SourceRecord | null = null;
  /** Rows of numbers that ended early. */
  shortened = 0;

  constructor(columns: readonly string[], numbers: ReadonlyMap<number, ColumnNumbers>, missing: readonly string[] | null) {
    this.columns = columns;
    this.#numbers = numbers;
    this.#missing = missing;
  }

  /** Its text or its list; empty where it is one of the reader's own words for a missing value. */
  raw(row: SourceRecord, i: number): Cell {
    const cell = row.cells[i] ?? '';
    return this.#missing !== null && typeof cell === 'string' && isMissing(cell, this.#missing) ? '' : cell;
  }

  number(row: SourceRecord, i: number): number {
    const found = this.#read(row, i);
    if ('reason' in found) throw new RowProblem(found.reason);
    return found.value;
  }

  /** A series with a step in each column. Missing values at its end make it shorter; one before its end is no series. */
  steps(row: SourceRecord, inputs: readonly number[]): number[] {
    const found = inputs.map((i) => this.#read(row, i));
    const end = found.findLastIndex((one) => !('missing' in one && one.missing)) + 1;
    if (end > 0 && end < found.length) this.shortened++;
    return found.slice(0, end).map((one) => {
      if ('reason' in one) throw new RowProblem(one.reason);
      return one.value;
    });
  }

  #read(row: SourceRecord, i: number): ReadNumber {
    if (row !== this.#row) this.#found.clear();
    this.#row = row;
    const found = this.#found.get(i) ?? this.#numbers.get(i)?.read(row.cells[i] ?? '');
    if (found === undefined) throw new Error(`column ${i} was not opened for numbers`);
    this.#found.set(i, found);
    return found;
  }

  warnings(): string[] {
    if (this.shortened === 0) return [];
    const rows = `${this.shortened.toLocaleString('en')} ${this.shortened === 1 ? 'row ends' : 'rows end'}`;
    return [`${rows} in empty cells or missing values: their series are read as shorter ones.`];
  }
}

const doubtfulLabel = /^(n\/?a|nan|null|<na>|#n\/a|\?|-{1,2}|\\n)$/i;

/** Classes whose name stands for a missing value in most files. */
export class MissingLabels {
  readonly #column: string;
  readonly #counts = new Map<string, number>();
  /** Whether `+` is a class: then `-` is one, too. */
  #signs = false;

  constructor(column: string) {
    this.#column = column;
  }

  add(label: string): void {
    if (label === '+') this.#signs = true;
    if (label.length <= 4 && doubtfulLabel.test(label)) this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
  }

  warnings(): string[] {
    const counts = [...this.#counts].filter(([label]) => !this.#signs || label !== '-');
    return counts.map(
      ([label, count]) =>
        `column “${this.#column}”: ${count.toLocaleString('en')} ${count === 1 ? 'row has' : 'rows have'} the class “${label}”. If that stands for a missing value, add it to the missing-value words under Reading.`,
    );
  }
}
