import { create } from 'zustand';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { compare, compareNone } from '../runs/selection-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { toast } from '../ui/toast-store.ts';
import { loadRun, startDocument, useTrainingStore } from './store.ts';

/** Runs of one document that differ in their seed, trained one after another. */
interface SeedSeries {
  readonly first: RunSummary;
  readonly seeds: readonly number[];
  /** Those begun, in the order of `seeds`. */
  readonly runs: readonly string[];
}

export const useSeedSeries = create<{ readonly series: SeedSeries | null }>(() => ({ series: null }));

/** Trains the run's own document again with the seeds that follow its own. Nothing is asked: the run has shown what its settings do. */
export async function trainSeeds(run: RunSummary, count = 5): Promise<void> {
  if (!useTrainingStore.getState().documents[run.id]) await loadRun(run.id);
  const seed = useTrainingStore.getState().documents[run.id]?.training.seed;
  if (seed === undefined || useSeedSeries.getState().series) return;
  const seeds = Array.from({ length: count }, (_, i) => (seed + 1 + i) % 2 ** 31);
  useSeedSeries.setState({ series: { first: run, seeds, runs: [] } });
  await next();
}

/** What trains goes on; the seeds after it are not begun. */
export const endSeries = (): void => useSeedSeries.setState({ series: null });

async function next(): Promise<void> {
  const { series } = useSeedSeries.getState();
  if (!series) return;
  const document = useTrainingStore.getState().documents[series.first.id];
  const seed = series.seeds[series.runs.length];
  if (!document || seed === undefined) return finish(series);
  const started = await startDocument({ ...document, training: { ...document.training, seed } });
  // It may have been ended while its next run was made ready.
  if (useSeedSeries.getState().series !== series) return;
  if (!started) return endSeries();
  useSeedSeries.setState({ series: { ...series, runs: [...series.runs, started.id] } });
}

function finish(series: SeedSeries): void {
  endSeries();
  toast({
    tone: 'good',
    title: `Trained ${series.runs.length} seeds of “${series.first.name}”`,
    action: {
      label: 'Compare',
      run() {
        compareNone();
        for (const id of [series.first.id, ...series.runs]) compare(id, true);
        useUiStore.getState().setTab('runs');
      },
    },
  });
}

useTrainingStore.subscribe(({ runs }, before) => {
  const last = useSeedSeries.getState().series?.runs.at(-1);
  const status = (list: readonly RunSummary[]): RunSummary['status'] | undefined => list.find(({ id }) => id === last)?.status;
  const now = status(runs);
  if (now === status(before.runs) || now === 'running' || now === 'paused') return;
  // One that was stopped, failed or deleted is a reason to look, not to go on.
  if (now === 'done') void next();
  else endSeries();
});
