import type { RunSummary } from '../../engine/protocol/runs.ts';
import { saveFile } from '../ui/save-file.ts';
import { type RunColumn, runsToCsv } from './columns.ts';

/** Gives the table to the browser to save, as `runs.csv`. */
export function saveCsv(runs: readonly RunSummary[], columns: readonly RunColumn[]): void {
  saveFile('runs.csv', new Blob([runsToCsv(runs, columns)], { type: 'text/csv;charset=utf-8' }));
}
