import type { BadRow } from '../raw-example.ts';

/** One value of a record: text, or an array where the format has arrays (JSONL, CoNLL). */
export type Cell = string | readonly unknown[];

/** One row (or object, or sentence) of a file, cells in column order. */
export interface SourceRecord {
  /** Line on which it starts, from 1. */
  readonly line: number;
  readonly cells: readonly Cell[];
}

export type ReadRow = SourceRecord | BadRow;

export const isRecord = (row: ReadRow): row is SourceRecord => 'cells' in row;

/** Turns lines into records. Fed line by line, so that previews and streams share it. */
export interface RecordParser {
  /**
   * @param line number of this line, from 1
   * @param open whether the file ends here without a line end
   */
  push(text: string, line: number, out: ReadRow[], open: boolean): void;
  /** Called once after the last line. */
  end(out: ReadRow[]): void;
}

/** A start of a value, for messages. */
export const excerpt = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
