import type { ManagerEvents } from '../manage/run-manager.ts';
import type { EventData } from '../protocol/contract.ts';
import type { Failure } from '../protocol/envelope.ts';
import type { RunSummary } from '../protocol/runs.ts';
import type { TrialTask } from './trial-runner.ts';

/** To the process of a trial. */
export type ToTrial =
  | { readonly kind: 'train'; readonly root: string; readonly task: TrialTask }
  | { readonly kind: 'end'; readonly how: 'paused' | 'stopped' };

type RunEvent = Parameters<ManagerEvents['emit']>[0];

/** From it: what its manager tells, then how the run ended, or why it could not begin. */
export type FromTrial =
  | { readonly kind: 'event'; readonly event: RunEvent; readonly data: EventData<RunEvent> }
  | { readonly kind: 'ended'; readonly summary: RunSummary }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A process that trains a trial, as its parent has it. */
export interface TrialProcess {
  say(message: ToTrial): void;
}

/** What its parent hears. */
export interface TrialListener {
  heard(message: FromTrial): void;
  /** @param how e.g. `ended with 1`, `was ended by SIGKILL` @param output the last of what it wrote */
  ended(how: string, output: string): void;
}

/** Starts one that computes with so many threads. */
export type StartTrialProcess = (threads: number, listener: TrialListener) => TrialProcess;
