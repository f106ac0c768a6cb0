import type { RunManager } from '../manage/run-manager.ts';
import type { EventData, EventName } from '../protocol/contract.ts';
import type { MetricEvent, RunSummary } from '../protocol/runs.ts';
import { beginWhenFree, type TrialHooks, type TrialRunner, type TrialTask } from './trial-runner.ts';

/** Trains in this process, one after another, as any other run. */
export class LocalRunner implements TrialRunner {
  readonly width = 1;
  readonly #manager: RunManager;
  readonly #listeners = new Map<string, (event: MetricEvent) => void>();

  constructor(manager: RunManager) {
    this.#manager = manager;
  }

  /** What the manager tells. */
  heard<E extends EventName>(event: E, data: EventData<E>): void {
    if (event !== 'run.metrics') return;
    const { run, events } = data as EventData<'run.metrics'>;
    for (const one of events) if (one.split === 'validation') this.#listeners.get(run)?.(one);
  }

  admits(): boolean {
    return true;
  }

  async train(task: TrialTask, { validated, signal }: TrialHooks): Promise<RunSummary> {
    const manager = this.#manager;
    this.#listeners.set(task.id, validated);
    const end = (): void => {
      const ended = signal.reason === 'stopped' ? manager.stop(task.id) : manager.pause(task.id);
      // It ended by itself meanwhile.
      ended.catch(() => undefined);
    };
    try {
      signal.throwIfAborted();
      const { status } = await beginWhenFree(manager, task, signal);
      if (status === 'running') {
        signal.addEventListener('abort', end, { once: true });
        if (signal.aborted) end();
      }
      return await manager.ended(task.run);
    } finally {
      signal.removeEventListener('abort', end);
      this.#listeners.delete(task.id);
    }
  }
}
