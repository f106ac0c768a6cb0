import type { RunManager } from '../manage/run-manager.ts';
import type { RayTarget } from '../protocol/ray.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { ManagedRunner } from '../sweep/managed-runner.ts';
import { beginTrial, type TrialRunner, type Validations } from '../sweep/trial-runner.ts';
import type { RayRuns } from './ray-runs.ts';

export interface RayTrialsOptions {
  readonly rays: RayRuns;
  readonly runs: RunManager;
  readonly validations: Validations;
  readonly target: RayTarget;
  /** Id of the sweep. */
  readonly sweep: string;
  /** Jobs at the same time; the cluster lets those wait that it has no room for. */
  readonly width: number;
}

/**
 * Trains a sweep's trials on a Ray cluster, each as a job of its own, which goes on when this process is gone and is found again. Their
 * data lies once in the storage as long as there are trials to come.
 */
export function rayTrials({ rays, runs, validations, target, sweep, width }: RayTrialsOptions): TrialRunner {
  // One after another: the first one sends the data, and those after it find it.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<RunSummary>): Promise<RunSummary> => {
    const begun = last.then(work);
    last = begun.catch(() => undefined);
    return begun;
  };
  return new ManagedRunner(runs, validations, {
    width,
    begin: (task, signal) =>
      inTurn(() => {
        signal.throwIfAborted();
        return beginTrial(runs, task, (options) => rays.start(options, target, sweep));
      }),
    over: () => rays.dropShared(target, sweep),
  });
}
