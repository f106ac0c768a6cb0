import type { UnrollDocument } from '../document/schema.ts';
import type { RunManager, StartOptions } from '../manage/run-manager.ts';
import type { EventData, EventName } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { MetricEvent, RunSummary } from '../protocol/runs.ts';
import { deleteOwnFiles } from '../runs/own-files.ts';

/** One training that a sweep asks for. */
export interface TrialTask {
  /** Of a trial, its settings filled in. */
  readonly document: UnrollDocument;
  /** Of the run. */
  readonly id: string;
  /** The run's place for the store: its id, or the path of its folder. */
  readonly run: string;
  readonly name: string;
  readonly tags: readonly string[];
}

/** What a runner is told while it trains, and what it tells. */
export interface TrialHooks {
  /** A validation was logged. */
  validated(event: MetricEvent): void;
  /** Aborts with `'paused'` or `'stopped'`: the run is saved, and ends. */
  readonly signal: AbortSignal;
}

/**
 * Where trials are trained. A run that is there already goes on from its checkpoint; what is done is not trained again. Another place to
 * train, such as a cluster, is another runner.
 */
export interface TrialRunner {
  /** Trainings at the same time. */
  readonly width: number;
  /** Whether the memory has room for one more beside those that train. */
  admits(task: TrialTask, beside: readonly TrialTask[]): boolean;
  /**
   * @returns the run as it ended
   * @throws UserError why it could not begin
   */
  train(task: TrialTask, hooks: TrialHooks): Promise<RunSummary>;
  /** No trial is left: takes away what was kept for them. @throws UserError */
  over?(): Promise<void>;
}

/** Who waits for the validations of a run, out of what is told of all runs. */
export class Validations {
  readonly #listeners = new Map<string, (event: MetricEvent) => void>();

  heard<E extends EventName>(event: E, data: EventData<E>): void {
    if (event !== 'run.metrics') return;
    const { run, events } = data as EventData<'run.metrics'>;
    for (const one of events) if (one.split === 'validation') this.#listeners.get(run)?.(one);
  }

  /** @param run its id */
  async during<T>(run: string, validated: (event: MetricEvent) => void, work: () => Promise<T>): Promise<T> {
    this.#listeners.set(run, validated);
    try {
      return await work();
    } finally {
      this.#listeners.delete(run);
    }
  }
}

/**
 * Begins a trial's run, or goes on with it.
 *
 * @param start how a new one begins
 * @returns where it stands: one that is over does not train
 */
export async function beginTrial(
  manager: RunManager,
  { document, id, run, name, tags }: TrialTask,
  start = (options: StartOptions): Promise<RunSummary> => manager.startRun(options),
): Promise<RunSummary> {
  const folder = manager.store.folder(run);
  const found = await folder.read().catch((error: unknown) => {
    if (error instanceof UserError && error.failure.code === 'run-not-found') return null;
    throw error;
  });
  if (found === null) {
    // Cut off while its folder was made: what lies there holds nothing yet, and bears this sweep's own name.
    await deleteOwnFiles(folder.path).catch(() => undefined);
    return start({ document, id, folder: folder.path, name, tags: [...tags] });
  }
  const { summary } = found;
  return summary.status === 'done' || summary.status === 'failed' ? summary : manager.resumeRun(folder.path);
}

/** Milliseconds between two looks whether the device, or the run's folder, is free. */
const pause = 250;
/** Codes of what passes by itself: another run trains, or a process that was cut off is still ending. */
const passing: ReadonlySet<string> = new Set(['busy', 'run-busy']);

/** Begins once nothing else trains. */
export async function beginWhenFree(manager: RunManager, task: TrialTask, signal: AbortSignal): Promise<RunSummary> {
  for (;;) {
    try {
      return await beginTrial(manager, task);
    } catch (error) {
      if (!(error instanceof UserError) || !passing.has(error.failure.code) || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
