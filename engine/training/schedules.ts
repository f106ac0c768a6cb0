import type { TrainingSettings } from '../document/training-settings.ts';

/** What a schedule remembers from epoch to epoch; part of a checkpoint. */
export interface ScheduleState {
  /** Factor that `plateau` has reached; 1 for the others. */
  readonly scale: number;
  /** Lowest validation loss so far; `null` before the first. */
  readonly best: number | null;
  /** Epochs since then. */
  readonly stale: number;
}

export const initialSchedule: ScheduleState = { scale: 1, best: null, stale: 0 };

/** A loss must fall by this share of itself to count as an improvement: PyTorch's `ReduceLROnPlateau` default. */
const threshold = 1e-4;

type Settings = Pick<TrainingSettings, 'learningRate' | 'schedule' | 'warmupSteps'>;

/**
 * Learning rate of one update.
 *
 * Warm-up rises linearly from 0 and reaches the full rate at step `warmupSteps - 1` (counting from 0), then the schedule runs.
 *
 * @param step update, from 0
 * @param epoch the update's epoch, from 0
 * @param totalSteps updates of the whole training, warm-up included
 */
export function learningRate(settings: Settings, state: ScheduleState, step: number, epoch: number, totalSteps: number): number {
  const { schedule, warmupSteps, learningRate: rate } = settings;
  if (step < warmupSteps) return (rate * (step + 1)) / warmupSteps;
  switch (schedule.kind) {
    case 'constant':
      return rate;
    case 'step':
      return rate * schedule.factor ** Math.floor(epoch / schedule.every);
    case 'cosine': {
      const length = Math.max(1, totalSteps - warmupSteps);
      const progress = Math.min(1, (step - warmupSteps) / length);
      return rate * (schedule.floor + (1 - schedule.floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
    case 'plateau':
      return rate * state.scale;
  }
}

/** The state after an epoch's validation. Only `plateau` changes it, by the rule of PyTorch's `ReduceLROnPlateau`. */
export function afterValidation(settings: Settings, state: ScheduleState, loss: number): ScheduleState {
  const { schedule } = settings;
  if (schedule.kind !== 'plateau') return state;
  if (loss < (state.best ?? Number.POSITIVE_INFINITY) * (1 - threshold)) return { ...state, best: loss, stale: 0 };
  const stale = state.stale + 1;
  if (stale <= schedule.patience) return { ...state, stale };
  return { scale: state.scale * schedule.factor, best: state.best, stale: 0 };
}
