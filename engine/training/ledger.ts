import type { TrainingSettings } from '../document/training-settings.ts';
import { isBetter } from '../metrics/headline.ts';
import type { MetricValues } from '../protocol/runs.ts';
import type { TrainingState } from '../protocol/training-state.ts';
import { Random } from '../random.ts';
import { emptyWindow } from '../runs/checkpoint.ts';
import { afterValidation, initialSchedule, learningRate } from './schedules.ts';
import type { SessionFacts } from './session-facts.ts';

/**
 * The books of a run: where it is, what its schedule, its early stopping and its best validation remember. Knows no tensors; its
 * state is what a checkpoint saves, and a ledger opened on that state goes on as if it had never been closed.
 */
export class Ledger {
  readonly #settings: TrainingSettings;
  readonly #facts: SessionFacts;
  #state: TrainingState;

  /** @param state of a checkpoint; `null` for a new run */
  constructor(settings: TrainingSettings, facts: SessionFacts, state: TrainingState | null) {
    this.#settings = settings;
    this.#facts = facts;
    this.#state = state ?? initialState(settings.seed);
  }

  get state(): TrainingState {
    return this.#state;
  }

  /** Epochs done, with the fraction of the one under way. */
  get epochs(): number {
    return this.#state.step / this.#facts.stepsPerEpoch;
  }

  /** Of the next update. */
  get learningRate(): number {
    const { step, epoch, schedule } = this.#state;
    return learningRate(this.#settings, schedule, step, epoch, this.#facts.totalSteps);
  }

  /** Share of a decoder's previous tokens that the next update takes from the model itself: rises linearly over the run. */
  get ownTokens(): number {
    return (this.#settings.scheduledSampling * this.#state.step) / Math.max(1, this.#facts.totalSteps - 1);
  }

  /** Whether a checkpoint with its validation is due inside an epoch. */
  get checkpointDue(): boolean {
    const { step, batch, validatedStep } = this.#state;
    const every = this.#settings.checkpointEverySteps;
    return every !== null && batch > 0 && step % every === 0 && validatedStep !== step;
  }

  /** One update is done. @param dropout state of the generator after it */
  stepped(dropout: readonly number[]): void {
    const { step, batch } = this.#state;
    this.#state = { ...this.#state, step: step + 1, batch: batch + 1, dropout: [...dropout] };
  }

  /** Adds a step's figures to those of the next logged line. */
  counted(loss: number, correct: number, targets: number): void {
    const { window } = this.#state;
    this.#state = {
      ...this.#state,
      window: {
        lossSum: window.lossSum + loss,
        steps: window.steps + 1,
        correct: window.correct + correct,
        targets: window.targets + targets,
      },
    };
  }

  /** Training metrics since the last logged line, once; `null` when there was no step. */
  takeWindow(): MetricValues | null {
    const { lossSum, steps, correct, targets } = this.#state.window;
    if (steps === 0) return null;
    this.#state = { ...this.#state, window: emptyWindow };
    return { loss: lossSum / steps, ...(targets > 0 ? { accuracy: correct / targets } : {}) };
  }

  /**
   * @returns whether these weights are the best so far: by the headline metric, by the loss where it is equal, the first of equals.
   *   Weights that give no number never are: they have diverged, whatever their accuracy.
   */
  validated(values: MetricValues): boolean {
    const { best, step } = this.#state;
    const { headline } = this.#facts;
    const value = values[headline.metric] ?? Number.NaN;
    const loss = lossOf(values);
    const told = !Number.isNaN(value) && !Number.isNaN(loss);
    const better = told && (best === null || isBetter(headline, value, best.value) || (value === best.value && loss < best.loss));
    this.#state = {
      ...this.#state,
      validation: values,
      validatedStep: step,
      best: better ? { step, value, loss } : best,
    };
    return better;
  }

  /**
   * Closes the epoch after its validation. An equal loss is no improvement, as in Keras' `EarlyStopping`.
   *
   * @returns whether training stops early
   */
  endEpoch(values: MetricValues): boolean {
    const { schedule, patience, epoch } = this.#state;
    const loss = lossOf(values);
    const improved = patience.best === null ? !Number.isNaN(loss) : loss < patience.best;
    const next = improved ? { best: loss, stale: 0 } : { ...patience, stale: patience.stale + 1 };
    this.#state = {
      ...this.#state,
      schedule: { ...afterValidation(this.#settings, schedule, loss) },
      patience: next,
      epoch: epoch + 1,
      batch: 0,
    };
    const limit = this.#settings.earlyStoppingPatience;
    return limit !== null && next.stale >= limit;
  }

  /** Notes the time trained, for the next checkpoint. */
  timed(seconds: number): void {
    this.#state = { ...this.#state, seconds };
  }
}

const lossOf = (values: MetricValues): number => values['loss'] ?? Number.NaN;

function initialState(seed: number): TrainingState {
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    seconds: 0,
    dropout: [...new Random(seed, 'dropout').state],
    schedule: { ...initialSchedule },
    patience: { best: null, stale: 0 },
    best: null,
    validation: null,
    validatedStep: -1,
    window: emptyWindow,
  };
}
