import type { AsciiText } from '../ascii-text.ts';
import type { BadRow } from '../raw-example.ts';

/** One value of a record: text, or an array where the format has arrays (JSONL, CoNLL). */
export type Cell = string | readonly unknown[];

/** One row (or object, or sentence) of a file, cells in column order. */
export interface SourceRecord {
  /** Line on which it starts, from 1. */
  readonly line: number;
  readonly cells: readonly Cell[];
  /** Of the column that was asked for as bytes, where it is ASCII; its cell is empty then. */
  readonly ascii?: AsciiText;
}

export type ReadRow = SourceRecord | BadRow;

export const isRecord = (row: ReadRow): row is SourceRecord => 'cells' in row;

/** Turns lines into records. Fed line by line, so that previews and streams share it. */
export interface RecordParser {
  /** Whether a line may come in parts, each but the last marked as open. */
  readonly anywhere?: true;
  /**
   * @param line number of this line, from 1
   * @param open whether the file ends here without a line end
   */
  push(text: string, line: number, out: ReadRow[], open: boolean): void;
  /**
   * Cells of a line of ASCII, where `push` would make a row of it by nothing but cutting: where each begins and ends goes to `cuts`
   * `[2 × cells]`, and the row counts as read. A parser without it reads texts alone.
   *
   * @param end where its line end stands, a `\n`
   * @returns number of cells, or 0 where the line is to be pushed as a text
   */
  cutAscii?(bytes: Uint8Array, start: number, end: number, cuts: Uint32Array): number;
  /** Called once after the last line. */
  end(out: ReadRow[]): void;
}

/** A start of a value, for messages. */
export const excerpt = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
