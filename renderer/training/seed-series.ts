import { create } from 'zustand';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import type { SeedSeries } from '../../engine/protocol/series.ts';
import { engine, useConnection } from '../bridge/engine.ts';
import { useMachine } from '../bridge/machine.ts';
import { compare, compareNone } from '../runs/selection-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { toast } from '../ui/toast-store.ts';
import { loadRun, startDocument, useTrainingStore } from './store.ts';

interface SeedSeriesState {
  /** Kept by the engine, so that it is found again by another window, and after a restart. */
  readonly series: SeedSeries | null;
  /** Runs of the last series that came to its end, which was told as one. */
  readonly told: readonly string[];
}

export const useSeedSeries = create<SeedSeriesState>(() => ({ series: null, told: [] }));

/** Whether what the store gets is what the engine has said. */
let hearing = false;

useSeedSeries.subscribe(({ series }, before) => {
  if (hearing || series === before.series) return;
  engine.call('series.keep', { series }).then(
    ({ held }) => {
      // Another window goes on with a series of its own.
      if (!held && useSeedSeries.getState().series === series) hear(null);
    },
    () => undefined, // away for a moment; with the next connection it is said again
  );
});

function hear(series: SeedSeries | null): void {
  hearing = true;
  useSeedSeries.setState({ series });
  hearing = false;
}

/** Takes up the series that an earlier window, or an earlier start of the app, has left. */
async function takeUp(): Promise<void> {
  const { series } = useSeedSeries.getState();
  if (series) {
    const { held } = await engine.call('series.keep', { series });
    if (!held) hear(null);
    return;
  }
  const kept = await engine.call('series.take', {});
  if (!kept.series || useSeedSeries.getState().series) return;
  hear(kept.series);
  if (kept.series.runs.length > 0) follow(undefined);
  else void next();
}

/** Trains the run's own document again with the seeds that follow its own. Nothing is asked: the run has shown what its settings do. */
export async function trainSeeds(run: RunSummary, count = 5): Promise<void> {
  if (!useTrainingStore.getState().documents[run.id]) await loadRun(run.id);
  const seed = useTrainingStore.getState().documents[run.id]?.training.seed;
  if (seed === undefined || isGoing()) return;
  const seeds = Array.from({ length: count }, (_, i) => (seed + 1 + i) % 2 ** 31);
  useSeedSeries.setState({ series: { first: run, seeds, runs: [] } });
  await next();
}

/** What trains goes on; the seeds after it are not begun. */
export function endSeries(): void {
  useSeedSeries.setState({ series: null });
}

/** Whether a series goes on: one that was halted gives way to another. */
function isGoing(): boolean {
  const { series } = useSeedSeries.getState();
  return series !== null && series.halted === undefined;
}

/** The state of a series whose next run is being begun: once only. */
let going: SeedSeries | null = null;

/** Begins the next seed, or ends the series with what it has done. */
async function next(): Promise<void> {
  const { series } = useSeedSeries.getState();
  if (!series || series.halted !== undefined || going === series) return;
  going = series;
  try {
    const { first, seeds, runs } = series;
    if (!useTrainingStore.getState().documents[first.id]) await loadRun(first.id);
    const document = useTrainingStore.getState().documents[first.id];
    const seed = seeds[runs.length];
    if (seed === undefined) return finish(series);
    if (!document) return halt(series, `“${first.name}” cannot be read`);
    const begun = await begunUnseen(series, seed);
    const run = begun ?? (await startDocument({ ...document, training: { ...document.training, seed } }));
    // It may have been ended while its next run was made ready.
    if (useSeedSeries.getState().series !== series) return;
    if (!run) return halt(series, `the run with seed ${seed} did not start`);
    useSeedSeries.setState({ series: { ...series, runs: [...runs, run.id] } });
  } finally {
    if (going === series) going = null;
  }
  follow(undefined);
}

const alive: ReadonlySet<RunSummary['status']> = new Set(['running', 'paused', 'done']);

/** The run of that seed, where the window went away between its start and the engine's answer. */
async function begunUnseen({ first, runs }: SeedSeries, seed: number): Promise<RunSummary | null> {
  const known = useTrainingStore.getState().runs;
  const later = known.filter(
    (run) => alive.has(run.status) && run.created > first.created && run.graph === first.graph && !runs.includes(run.id),
  );
  for (const run of later) {
    if (!useTrainingStore.getState().documents[run.id]) await loadRun(run.id);
    if (useTrainingStore.getState().documents[run.id]?.training.seed === seed) return run;
  }
  return null;
}

/** Begins no more of a series, and says so: half of it must not look like all. */
function halt(series: SeedSeries, why: string): void {
  useSeedSeries.setState({ series: { ...series, halted: why } });
  const { first, seeds, runs } = series;
  toast({
    tone: 'bad',
    title: `The seeds of “${first.name}” end with ${runs.length} of ${seeds.length}`,
    text: `No more are begun: ${why}.`,
    action: { label: 'Go on', run: goOn },
  });
}

/** Goes on with a series that was halted: what was not done is begun again. */
export function goOn(): void {
  const { series } = useSeedSeries.getState();
  if (series?.halted === undefined) return;
  const { first, seeds, runs } = series;
  const status = statuses(useTrainingStore.getState().runs);
  const done = runs.filter((id) => status(id) === 'done');
  const left = seeds.filter((_, i) => !done.includes(runs[i] ?? ''));
  useSeedSeries.setState({ series: { first, seeds: [...seeds.filter((seed) => !left.includes(seed)), ...left], runs: done } });
  void next();
}

function finish(series: SeedSeries): void {
  useSeedSeries.setState({ series: null, told: series.runs });
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

const statuses =
  (runs: readonly RunSummary[]) =>
  (id: string): RunSummary['status'] | undefined =>
    runs.find((run) => run.id === id)?.status;

/** Goes on when the last run begun is done. @param before its status until now */
function follow(before: RunSummary['status'] | undefined): void {
  const { series } = useSeedSeries.getState();
  const last = series?.runs.at(-1);
  if (!series || series.halted !== undefined || last === undefined) return;
  const { runs } = useTrainingStore.getState();
  const now = statuses(runs)(last);
  if (now === before || now === 'running' || now === 'paused') return;
  // One that was stopped, failed or deleted is a reason to look, not to go on.
  if (now === 'done') void next();
  else halt(series, `“${runs.find(({ id }) => id === last)?.name ?? last}” is ${now ?? 'deleted'}`);
}

useTrainingStore.subscribe(({ runs, loaded }, before) => {
  if (!loaded || runs === before.runs) return;
  if (!before.loaded) void takeUp().catch(() => undefined);
  const last = useSeedSeries.getState().series?.runs.at(-1);
  if (last !== undefined) follow(statuses(before.runs)(last));
});

// Another machine has a series of its own; this one's is kept, and taken up again when the window is back.
useMachine.subscribe(({ state }, before) => {
  if (state.joined !== before.state.joined) hear(null);
});

useConnection.subscribe((state, before) => {
  // The engine is back, and has forgotten whose it was.
  if (state.generation !== before.generation && useTrainingStore.getState().loaded) void takeUp().catch(() => undefined);
});

engine.on('series.free', () => {
  if (useTrainingStore.getState().loaded) void takeUp().catch(() => undefined);
});
