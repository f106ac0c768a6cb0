import type { BadRow } from '../raw-example.ts';
import { cellText } from './column-kind.ts';
import { type Cell, excerpt, isRecord, type ReadRow, type RecordParser, type SourceRecord } from './record.ts';

/** Places of the columns that a sentence has one value of. */
export interface SentenceColumns {
  /** Tells sentences apart: a row begins one where its cell holds another value than the row before; an empty cell goes on. */
  readonly sentence: number;
  /** Columns that must say the same in every row of a sentence: its group, its split. */
  readonly same: readonly number[];
}

/**
 * A table of one token a row as sentences: cells of the sentence's rows become lists, as in CoNLL columns. A row that cannot be read
 * costs its sentence, for a token of it is missing.
 */
export class SentenceRows implements RecordParser {
  readonly #rows: RecordParser;
  readonly #columns: SentenceColumns;
  readonly #names: readonly string[];
  /** Whether the first record still to come names the columns. */
  #header: boolean;
  #open: SourceRecord[] = [];
  #bad: BadRow | null = null;

  constructor(rows: RecordParser, columns: SentenceColumns, names: readonly string[], header: boolean) {
    this.#rows = rows;
    this.#columns = columns;
    this.#names = names;
    this.#header = header;
  }

  push(text: string, line: number, out: ReadRow[], open: boolean): void {
    const found: ReadRow[] = [];
    this.#rows.push(text, line, found, open);
    for (const row of found) this.#take(row, out);
  }

  end(out: ReadRow[]): void {
    const found: ReadRow[] = [];
    this.#rows.end(found);
    for (const row of found) this.#take(row, out);
    this.#flush(out);
  }

  #take(row: ReadRow, out: ReadRow[]): void {
    if (!isRecord(row)) {
      this.#bad ??= row;
      return;
    }
    if (this.#header) {
      this.#header = false;
      out.push(row);
      return;
    }
    const name = cellText(row.cells[this.#columns.sentence] ?? '').trim();
    if (name !== '' && name !== this.#name()) this.#flush(out);
    this.#open.push(row);
  }

  /** Of the sentence that is open, as its first row says. */
  #name(): string {
    return cellText(this.#open[0]?.cells[this.#columns.sentence] ?? '').trim();
  }

  #flush(out: ReadRow[]): void {
    const [first] = this.#open;
    if (this.#bad !== null) {
      const { line, reason } = this.#bad;
      out.push(first === undefined ? this.#bad : { line: first.line, reason: `sentence left out: line ${line}: ${reason}` });
    } else if (first !== undefined) out.push(this.#together(first));
    this.#open = [];
    this.#bad = null;
  }

  #together(first: SourceRecord): ReadRow {
    const { sentence, same } = this.#columns;
    for (const i of same) {
      const other = this.#open.find(({ cells }) => cellText(cells[i] ?? '') !== cellText(first.cells[i] ?? ''));
      if (other !== undefined) {
        const found = excerpt(cellText(other.cells[i] ?? ''));
        const reason = `sentence left out: column “${this.#names[i]}” is “${excerpt(cellText(first.cells[i] ?? ''))}” at first, and “${found}” in line ${other.line}`;
        return { line: first.line, reason };
      }
    }
    const cells = first.cells.map((cell, i): Cell => {
      if (i === sentence || same.includes(i)) return cell;
      return this.#open.map((row) => cellText(row.cells[i] ?? ''));
    });
    return { line: first.line, cells };
  }
}

/** Numbers of sentences as tables write them: `Sentence: 1`, `s2`, `3`. */
const numbered = /^(?:[a-z]+[\s:._#-]*)?\d+$/i;
const sentenceNames = /sentence|\bsents?(?![a-z])/i;
const fewestSentences = 3;

/**
 * The column that tells sentences apart in a table of one token a row: it is named so, numbers its sentences, each number stands in
 * one place, in the first row of its sentence or in all; and two other columns hold a single word in nearly every row. `null` where
 * not all of this is so.
 *
 * @param rows the first rows
 */
export function findSentences(names: readonly string[], rows: readonly SourceRecord[]): string | null {
  const column = names.findIndex((name) => sentenceNames.test(name));
  if (column < 0) return null;
  const cells = rows.map((row) => cellText(row.cells[column] ?? '').trim());
  const starts = cells.filter((cell, i) => cell !== '' && cell !== lastFilled(cells, i));
  const apart = starts.length >= fewestSentences && new Set(starts).size === starts.length && starts.length * 2 <= rows.length;
  if (!apart || cells[0] === '' || !starts.every((cell) => numbered.test(cell))) return null;
  const words = names.filter((_name, i) => {
    const single = rows.filter((row) => /^\S+$/.test(cellText(row.cells[i] ?? '').trim())).length;
    return i !== column && single >= 0.98 * rows.length;
  });
  return words.length >= 2 ? (names[column] ?? null) : null;
}

function lastFilled(cells: readonly string[], before: number): string {
  let at = before - 1;
  while (at > 0 && cells[at] === '') at--;
  return cells[at] ?? '';
}

/** In the user's words. */
export const sentenceNote = (column: string): string =>
  `Rows are put together to sentences by “${column}”: one row is one token.`;
