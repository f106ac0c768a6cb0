import type { NamedTensor } from '../files/safetensors.ts';
import type { Evaluation, MetricEvent } from '../protocol/runs.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';
import type { RunSink, SessionProgress } from './sink.ts';

/** Keeps what a session says in memory; for tests. */
export class MemorySink implements RunSink {
  readonly events: MetricEvent[] = [];
  readonly evaluations: Evaluation[] = [];
  readonly checkpoints: Checkpoint[] = [];
  readonly reports: SessionProgress[] = [];
  readonly notes: string[] = [];
  bestWeights: ReadonlyMap<string, NamedTensor> | null = null;
  /** Called after each report. */
  onProgress: (progress: SessionProgress) => void = () => {};
  /** Called after each logged line. */
  onMetrics: (event: MetricEvent) => void = () => {};
  /** Called after each evaluation. */
  onEvaluation: (evaluation: Evaluation) => void = () => {};

  async metrics(event: MetricEvent): Promise<void> {
    this.events.push(event);
    this.onMetrics(event);
  }
  progress(progress: SessionProgress): void {
    this.reports.push(progress);
    this.onProgress(progress);
  }
  async evaluation(evaluation: Evaluation): Promise<void> {
    this.evaluations.push(evaluation);
    this.onEvaluation(evaluation);
  }
  async checkpoint(checkpoint: Checkpoint): Promise<void> {
    this.checkpoints.push(checkpoint);
  }
  async best(weights: ReadonlyMap<string, NamedTensor>): Promise<void> {
    this.bestWeights = weights;
  }
  async note(text: string): Promise<void> {
    this.notes.push(text);
  }
}
