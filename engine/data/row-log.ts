import type { BadRow } from './raw-example.ts';

const keptRows = 200;

/** Counts every row that could not be used, and keeps the first ones to show. */
export class RowLog {
  readonly rows: BadRow[] = [];
  count = 0;

  /** In a file that is not the first, a line alone would be looked for in the wrong one. */
  add({ line, reason, file, before = 0 }: BadRow): void {
    this.count++;
    if (this.rows.length >= keptRows) return;
    this.rows.push({ line: line - before, reason: file === undefined ? reason : `${file}: ${reason}` });
  }
}
