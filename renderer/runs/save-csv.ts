import type { RunSummary } from '../../engine/protocol/runs.ts';
import { type RunColumn, runsToCsv } from './columns.ts';

/** Gives the table to the browser to save, as `runs.csv`. */
export function saveCsv(runs: readonly RunSummary[], columns: readonly RunColumn[]): void {
  const address = URL.createObjectURL(new Blob([runsToCsv(runs, columns)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'runs.csv';
  link.click();
  // The download reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
