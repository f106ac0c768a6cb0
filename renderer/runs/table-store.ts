import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { engine } from '../bridge/engine.ts';
import { toastFailure } from '../ui/toast-store.ts';
import { type RunOrder, type RunSettings, usualColumns } from './columns.ts';

interface TableState {
  /** Ids of the columns shown, in their order. */
  readonly columns: readonly string[];
  readonly order: RunOrder | null;
  /** Id of the column that runs are grouped by. */
  readonly group: string | null;
}

/** How the table of runs is shown; remembered. */
export const useRunTable = create<TableState>()(
  persist((): TableState => ({ columns: usualColumns, order: null, group: null }), { name: 'unroll.runs', version: 1 }),
);

export function showColumn(id: string, shown: boolean): void {
  useRunTable.setState(({ columns }) => ({
    columns: shown ? [...columns.filter((other) => other !== id), id] : columns.filter((other) => other !== id),
  }));
}

/** A first click sorts downwards, a second upwards, a third as it was: newest first. */
export function sortBy(column: string): void {
  useRunTable.setState(({ order }) => ({
    order: order?.column !== column ? { column, descending: true } : order.descending ? { column, descending: false } : null,
  }));
}

export function groupBy(group: string | null): void {
  useRunTable.setState({ group });
}

/** Settings of the runs, as far as they were asked for. */
export const useRunSettings = create<{ readonly settings: RunSettings }>(() => ({ settings: {} }));
const asked = new Set<string>();

/** Reads the settings of runs that are not known yet. A run's settings never change. */
export async function readSettings(runs: readonly string[]): Promise<void> {
  const missing = runs.filter((run) => !asked.has(run));
  if (missing.length === 0) return;
  for (const run of missing) asked.add(run);
  try {
    const { settings } = await engine.call('runs.settings', { runs: missing });
    useRunSettings.setState((state) => ({ settings: { ...state.settings, ...settings } }));
  } catch (error) {
    for (const run of missing) asked.delete(run);
    toastFailure(error, 'The settings of the runs cannot be read');
  }
}
