import type { BadRow } from './raw-example.ts';

const keptRows = 200;

/** Counts every row that could not be used, and keeps the first ones to show. */
export class RowLog {
  readonly rows: BadRow[] = [];
  count = 0;

  add(row: BadRow): void {
    this.count++;
    if (this.rows.length < keptRows) this.rows.push({ line: row.line, reason: row.reason });
  }
}
