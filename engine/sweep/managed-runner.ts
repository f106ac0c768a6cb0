import type { RunManager } from '../manage/run-manager.ts';
import type { RunSummary } from '../protocol/runs.ts';
import type { TrialHooks, TrialRunner, TrialTask, Validations } from './trial-runner.ts';

interface Where {
  /** Trainings at the same time. */
  readonly width: number;
  /** Begins a trial's run there, or goes on with it. @returns where it stands */
  begin(task: TrialTask, signal: AbortSignal): Promise<RunSummary>;
  /** As `TrialRunner.over`. */
  over?(): Promise<void>;
}

/** Trains by a manager of this process, as any other run, here or where that manager has runs followed. */
export class ManagedRunner implements TrialRunner {
  readonly width: number;
  readonly #manager: RunManager;
  readonly #validations: Validations;
  readonly #where: Where;

  constructor(manager: RunManager, validations: Validations, where: Where) {
    this.width = where.width;
    this.#manager = manager;
    this.#validations = validations;
    this.#where = where;
  }

  admits(): boolean {
    return true;
  }

  async over(): Promise<void> {
    await this.#where.over?.();
  }

  train(task: TrialTask, { validated, signal }: TrialHooks): Promise<RunSummary> {
    const manager = this.#manager;
    return this.#validations.during(task.id, validated, async () => {
      const end = (): void => {
        const ended = signal.reason === 'stopped' ? manager.stop(task.id) : manager.pause(task.id);
        // It ended by itself meanwhile.
        ended.catch(() => undefined);
      };
      try {
        signal.throwIfAborted();
        const { status } = await this.#where.begin(task, signal);
        if (status === 'running') {
          signal.addEventListener('abort', end, { once: true });
          if (signal.aborted) end();
        }
        return await manager.ended(task.run);
      } finally {
        signal.removeEventListener('abort', end);
      }
    });
  }
}
