import type { Task } from '../cases.ts';
import type { StateDict } from '../problem.ts';

/** One step's loss, and its own time in ms where not all of it counts. */
export interface StepResult {
  readonly loss: number;
  readonly ms?: number;
}

/** A loaded task of a peer that runs in JavaScript. */
export interface Trainer {
  step(): Promise<StepResult>;
  dispose(): void;
}

/** A peer that runs in JavaScript, on the active backend. */
export interface JavascriptPeer {
  load(task: Task, tensors: StateDict): Promise<Trainer>;
}
