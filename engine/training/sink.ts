import type { NamedTensor } from '../files/safetensors.ts';
import type { Evaluation, MetricEvent, RunSummary } from '../protocol/runs.ts';
import type { TrainingState } from '../protocol/training-state.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';

/** What a session says of itself at most ten times a second. */
export interface SessionProgress {
  /** Epochs done, with the fraction of the one under way. */
  readonly epoch: number;
  readonly step: number;
  readonly totalSteps: number;
  /** Trained, pauses not counted. */
  readonly seconds: number;
  readonly best: RunSummary['best'];
  readonly validation: TrainingState['validation'];
  /** Real tokens or time steps, padding not counted; `null` before the first measurement. */
  readonly tokensPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** Held in tensors. */
  readonly memoryBytes: number;
}

/**
 * Where a session's results go: files in the engine's process, messages in a Web Worker. What is awaited is durable when the
 * promise settles; a rejection ends the training.
 */
export interface RunSink {
  metrics(event: MetricEvent): Promise<void>;
  progress(progress: SessionProgress): void;
  /** Of the validation split (the training split where there is no other) as training goes on; of the test split once, at the end. */
  evaluation(evaluation: Evaluation): Promise<void>;
  checkpoint(checkpoint: Checkpoint): Promise<void>;
  /** The weights that did best on the validation split so far. */
  best(weights: ReadonlyMap<string, NamedTensor>, evaluation: Evaluation | null, step: number): Promise<void>;
  /** What is worth knowing of how it trains here, for a person. */
  note(text: string): Promise<void>;
}
