import { create } from 'zustand';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import type { EventData } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { InspectedInput } from '../../engine/protocol/inspect.ts';
import type { RayTarget } from '../../engine/protocol/ray.ts';
import type { DamagedRun, Evaluation, MetricEvent, RunSummary, RunWords } from '../../engine/protocol/runs.ts';
import { engine, failureOf, useConnection } from '../bridge/engine.ts';
import { hasMoved, useMachine } from '../bridge/machine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { newerRuns } from './newer-runs.ts';
import { readCurves } from './read-curves.ts';
import { RunCurves } from './run-curves.ts';
import { confirmStart } from './start-check.ts';

/** What the engine measures while it trains. */
interface Pace {
  readonly tokensPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly memoryBytes: number | null;
}

interface TrainingState {
  /** All kept runs, newest first. */
  readonly runs: readonly RunSummary[];
  /** Folders among them that cannot be read as runs. */
  readonly damaged: readonly DamagedRun[];
  /** Lines of a run's metrics that cannot be read; the curves have a gap there. */
  readonly lostLines: Readonly<Record<string, number>>;
  /** How much of their curves is read, 0–1, of runs that are being read. */
  readonly reading: Readonly<Record<string, number>>;
  /** Whether the list has been read from the engine. */
  readonly loaded: boolean;
  /** The run that the training panel, the playground and the export show. */
  readonly active: string | null;
  readonly pace: Readonly<Record<string, Pace>>;
  readonly curves: Readonly<Record<string, RunCurves>>;
  /** Rises with each batch of metrics, so that charts of the mutable curves draw again. */
  readonly ticks: Readonly<Record<string, number>>;
  readonly evaluations: Readonly<Record<string, Evaluation>>;
  /** Documents of runs as they were trained, read on demand. */
  readonly documents: Readonly<Record<string, UnrollDocument>>;
  /** What the runs that are started from now on keep a film of; `null`: none. */
  readonly nextFilm: InspectedInput | null;
  /** What a button of the user waits for. */
  readonly pending: 'start' | 'pause' | 'resume' | 'stop' | null;
  /** How far the data of a run is that is being made ready. */
  readonly preparing: EventData<'data.progress'> | null;
  /** The last refused action, until dismissed. */
  readonly failure: Failure | null;
}

const nothing: TrainingState = {
  runs: [],
  damaged: [],
  lostLines: {},
  reading: {},
  loaded: false,
  active: null,
  pace: {},
  curves: {},
  ticks: {},
  evaluations: {},
  documents: {},
  nextFilm: null,
  pending: null,
  preparing: null,
  failure: null,
};

export const useTrainingStore = create<TrainingState>(() => nothing);

const { getState: get, setState: set } = useTrainingStore;

/** Runs whose history is still being read, with what they log meanwhile. */
const loading = new Map<string, { readonly done: Promise<void>; readonly live: MetricEvent[] }>();

/** The run that trains or is paused, if any. */
export const runningRun = (state: Pick<TrainingState, 'runs'>): RunSummary | null =>
  state.runs.find((run) => run.status === 'running' || run.status === 'paused') ?? null;

export const activeRun = (state: Pick<TrainingState, 'runs' | 'active'>): RunSummary | null =>
  state.runs.find((run) => run.id === state.active) ?? null;

function upsert(summary: RunSummary): void {
  set(({ runs }) => {
    const known = runs.some((run) => run.id === summary.id);
    const next = known ? runs.map((run) => (run.id === summary.id ? summary : run)) : [summary, ...runs];
    return { runs: next.sort((a, b) => b.created - a.created) };
  });
}

function appendMetrics(run: string, events: readonly MetricEvent[]): void {
  const curves = get().curves[run] ?? new RunCurves();
  curves.append(events);
  set((state) => ({
    curves: { ...state.curves, [run]: curves },
    ticks: { ...state.ticks, [run]: (state.ticks[run] ?? 0) + 1 },
  }));
}

/** Reads the run list again, e.g. after the engine came back. */
export async function refreshRuns(): Promise<void> {
  const moved = hasMoved();
  try {
    const asked = get().runs;
    const { runs, damaged } = await engine.call('runs.list', {});
    if (moved()) return;
    const sorted = newerRuns(runs, asked, get().runs).sort((a, b) => b.created - a.created);
    set({ runs: sorted, damaged, loaded: true });
    const live = runningRun({ runs: sorted });
    const kept = sorted.find((run) => run.id === get().active);
    // A run that was cut off is shown at once, so that it can be continued.
    const cutOff = sorted[0]?.status === 'interrupted' ? sorted[0] : null;
    const shown = live ?? kept ?? cutOff;
    if (shown) await showRun(shown.id);
    else set({ active: null });
  } catch (error) {
    if (!moved()) set({ failure: failureOf(error), loaded: true });
  }
}

/** Makes a run the active one and reads its history. */
export async function showRun(run: string): Promise<void> {
  set({ active: run });
  await loadRun(run);
}

/** Reads a run's document, curves and last evaluation; once, however often it is asked for meanwhile. */
export function loadRun(run: string): Promise<void> {
  const begun = loading.get(run);
  if (begun) return begun.done;
  const live: MetricEvent[] = [];
  const done = readRun(run, live).finally(() => loading.delete(run));
  loading.set(run, { done, live });
  return done;
}

async function readRun(run: string, live: readonly MetricEvent[]): Promise<void> {
  const moved = hasMoved();
  const reading = (share: number): boolean => {
    if (!moved()) set((state) => ({ reading: { ...state.reading, [run]: share } }));
    return !moved();
  };
  reading(0);
  try {
    const asked = get().runs;
    const [details, read] = await Promise.all([engine.call('runs.get', { run }), readCurves(run, reading)]);
    if (moved() || read === null) return;
    const { curves, lost } = read;
    curves.append(live);
    for (const summary of newerRuns([details.summary], asked, get().runs)) upsert(summary);
    set((state) => ({
      curves: { ...state.curves, [run]: curves },
      ticks: { ...state.ticks, [run]: (state.ticks[run] ?? 0) + 1 },
      lostLines: { ...state.lostLines, [run]: lost },
      documents: { ...state.documents, [run]: details.document },
      ...(details.evaluation ? { evaluations: { ...state.evaluations, [run]: details.evaluation } } : {}),
    }));
  } catch (error) {
    if (!moved()) set({ failure: failureOf(error) });
  } finally {
    set(({ reading: { [run]: _done, ...others } }) => ({ reading: others }));
  }
}

async function act(pending: TrainingState['pending'], work: () => Promise<RunSummary>): Promise<RunSummary | null> {
  if (get().pending !== null) return null;
  set({ pending, failure: null });
  try {
    const summary = await work();
    upsert(summary);
    return summary;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== 'cancelled') set({ failure });
    return null;
  } finally {
    set({ pending: null, preparing: null });
  }
}

/** Whether a run is being made ready: it can be cancelled, and there is nothing to pause yet. */
export const isStarting = (state: Pick<TrainingState, 'pending'>): boolean =>
  state.pending === 'start' || state.pending === 'resume';

/** Ends what `startTraining` or `resume` has begun, before its first step. */
export async function cancelStart(): Promise<void> {
  await engine.call('training.cancel', {}).catch((error: unknown) => set({ failure: failureOf(error) }));
}

/** Trains the document on the canvas as a new run; from the weights of another run, if one is named. Asks first where it may train badly. */
export async function startTraining(from?: string): Promise<void> {
  if (get().pending !== null) return;
  if (from !== undefined && !get().documents[from]) await loadRun(from);
  if (!(await confirmStart(from === undefined ? null : (get().documents[from] ?? null)))) return;
  await startDocument(useDocumentStore.getState().whole, from);
}

/** Trains a run's own document at a tenth of its learning rate, on from the weights that did best, if there are any. */
export async function trainSlower(run: RunSummary): Promise<void> {
  if (!get().documents[run.id]) await loadRun(run.id);
  const trained = get().documents[run.id];
  if (!trained) return;
  const learningRate = Number((trained.training.learningRate / 10).toPrecision(3));
  await startDocument({ ...trained, training: { ...trained.training, learningRate } }, run.best === null ? undefined : run.id);
}

/** A new run of the same document, from this run's best weights: where no checkpoint of it is whole. */
export async function trainOn(run: RunSummary): Promise<void> {
  if (!get().documents[run.id]) await loadRun(run.id);
  const trained = get().documents[run.id];
  if (trained) await startDocument(trained, run.id);
}

/** Trains a document as a new run, whatever is on the canvas. @returns `null` where it does not start; the reason is shown */
export async function startDocument(document: UnrollDocument, from?: string, on?: RayTarget): Promise<RunSummary | null> {
  const { nextFilm: film } = get();
  const more = {
    ...(from === undefined ? {} : { from }),
    ...(film === null ? {} : { film }),
    ...(on === undefined ? {} : { on }),
  };
  const summary = await act('start', () => engine.call('training.start', { document, ...more }));
  if (summary) set((state) => ({ active: summary.id, documents: { ...state.documents, [summary.id]: document } }));
  return summary;
}

export async function pause(): Promise<void> {
  const run = runningRun(get());
  if (run) await act('pause', () => engine.call('training.pause', { run: run.id }));
}

/** Continues a paused, stopped, interrupted or failed run from its last checkpoint; the active one by default. */
export async function resume(id?: string): Promise<void> {
  const run = id ?? runningRun(get())?.id ?? get().active;
  if (!run) return;
  const summary = await act('resume', () => engine.call('training.resume', { run }));
  if (summary) await showRun(run);
}

export async function stop(): Promise<void> {
  const run = runningRun(get());
  if (run) await act('stop', () => engine.call('training.stop', { run: run.id }));
}

/** Writes a name, a note or tags on a run. */
export async function describeRun(run: string, words: RunWords): Promise<void> {
  upsert(await engine.call('runs.describe', { run, words }));
}

/** Deletes a run. What else lies in its folder stays: its names are given back. */
export async function deleteRun(run: string): Promise<readonly string[]> {
  const { kept } = await engine.call('runs.delete', { run });
  set((state) => ({
    runs: state.runs.filter((r) => r.id !== run),
    damaged: state.damaged.filter((r) => r.id !== run),
    active: state.active === run ? null : state.active,
  }));
  return kept;
}

/** Repairs a run from what is whole of it. @returns what was done, in words */
export async function restoreRun(run: string): Promise<readonly string[]> {
  const { done } = await engine.call('runs.restore', { run });
  await refreshRuns();
  return done;
}

/** A full pass over one split with the run's best weights. */
export async function evaluateRun(run: string, split: Evaluation['split']): Promise<Evaluation> {
  return engine.call('runs.evaluate', { run, split });
}

export const filmNextRun = (nextFilm: InspectedInput | null): void => set({ nextFilm });

export const dismissFailure = (): void => set({ failure: null });

engine.on('run.progress', ({ summary, ...pace }) => {
  upsert(summary);
  set((state) => ({ pace: { ...state.pace, [summary.id]: pace }, active: state.active ?? summary.id }));
});
engine.on('data.progress', (preparing) => {
  if (isStarting(get())) set({ preparing });
});
engine.on('run.metrics', ({ run, events }) => {
  const begun = loading.get(run);
  if (begun) begun.live.push(...events);
  else appendMetrics(run, events);
});
engine.on('run.evaluation', ({ run, evaluation }) => {
  if (evaluation.split !== 'test') set((state) => ({ evaluations: { ...state.evaluations, [run]: evaluation } }));
});
// Another machine has other runs. What is asked of the one before is answered, or refused, as it would have been.
useMachine.subscribe(({ state }, before) => {
  if (state.joined !== before.state.joined) set(({ pending }) => ({ ...nothing, pending }));
});
useConnection.subscribe((connection, before) => {
  if (connection.generation !== before.generation) void refreshRuns();
});
if (useConnection.getState().generation > 0) void refreshRuns();
