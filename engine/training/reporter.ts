import { batchesPerRound } from '../data/bucket.ts';
import type { RunHealth } from '../protocol/health.ts';
import type { Evaluation, MetricValues } from '../protocol/runs.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import type { SessionFacts } from './session-facts.ts';
import type { RunSink } from './sink.ts';

const progressInterval = 100;
/** A run of fewer steps logs each of them; a longer one aims at `wantedLines` lines of whole rounds. */
const fewSteps = 300;
const wantedLines = 2000;
const mostRounds = 3;

/** Steps that a logged line covers. A round's batches are of all lengths, so lines of whole rounds can be compared. */
export function windowOf(totalSteps: number): number {
  if (totalSteps < fewSteps) return 1;
  return batchesPerRound * Math.min(mostRounds, Math.max(1, Math.round(totalSteps / wantedLines / batchesPerRound)));
}

/** Words what a session's sink is told: logged lines, and progress at most ten times a second. */
export class Reporter {
  readonly #sink: RunSink;
  readonly #ledger: Ledger;
  readonly #pace: Pace;
  readonly #facts: SessionFacts;
  readonly #window: number;
  #lastProgress = 0;

  constructor(sink: RunSink, ledger: Ledger, pace: Pace, facts: SessionFacts) {
    this.#sink = sink;
    this.#ledger = ledger;
    this.#pace = pace;
    this.#facts = facts;
    this.#window = windowOf(facts.totalSteps);
  }

  /** Whether the steps since the last line make one. */
  get lineDue(): boolean {
    return this.#ledger.state.batch % this.#window === 0;
  }

  /**
   * A line about training.
   *
   * @param gradientNorm `null` where no gradient is followed: nor is there a learning rate then
   * @param about the step that it tells of, where it is not the last one; and what a step looked like that was measured since the last line
   */
  trained(
    values: MetricValues,
    gradientNorm: number | null,
    about: { readonly step?: number; readonly health?: RunHealth | null } = {},
  ): Promise<void> {
    const { step = this.#ledger.state.step, health = null } = about;
    const { tokensPerSecond } = this.#pace;
    return this.#sink.metrics({
      ...this.#now(),
      step,
      epoch: step / this.#facts.stepsPerEpoch,
      split: 'train',
      values,
      ...(gradientNorm === null ? {} : { learningRate: this.#ledger.learningRate, gradientNorm }),
      ...(tokensPerSecond === null ? {} : { tokensPerSecond }),
      ...(health === null ? {} : { health }),
    });
  }

  /** A line about a validation, and its evaluation. */
  async validated(evaluation: Evaluation): Promise<void> {
    await this.#sink.metrics({ ...this.#now(), split: evaluation.split, values: evaluation.values });
    await this.#sink.evaluation(evaluation);
  }

  /** @param force also when the last report was a moment ago */
  progress(force: boolean, memoryBytes: () => number): void {
    const now = performance.now();
    if (!force && now - this.#lastProgress < progressInterval) return;
    this.#lastProgress = now;
    const { step, best, validation } = this.#ledger.state;
    const { stepsPerEpoch, totalSteps } = this.#facts;
    const stepsLeft = totalSteps - step;
    this.#sink.progress({
      epoch: this.#ledger.epochs,
      step,
      totalSteps,
      seconds: this.#pace.seconds,
      best: best && { step: best.step, value: best.value },
      validation,
      tokensPerSecond: this.#pace.tokensPerSecond,
      secondsLeft: this.#pace.secondsLeft(stepsLeft, Math.ceil(stepsLeft / stepsPerEpoch)),
      memoryBytes: memoryBytes(),
    });
  }

  #now(): { step: number; epoch: number; seconds: number } {
    return { step: this.#ledger.state.step, epoch: this.#ledger.epochs, seconds: this.#pace.seconds };
  }
}
