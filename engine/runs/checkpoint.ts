import type { NamedTensor } from '../files/safetensors.ts';
import type { TrainingState } from '../protocol/training-state.ts';

export interface Checkpoint {
  readonly state: TrainingState;
  /** Weights by `module.param`, optimizer slots by `optimizer.<slot>.<module.param>`, states of a running text by `carried.…`. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

export const emptyWindow: TrainingState['window'] = { lossSum: 0, steps: 0, correct: 0, targets: 0 };

/** Only the weights of a checkpoint. */
export function weightsOf(checkpoint: Checkpoint): Map<string, NamedTensor> {
  return new Map([...checkpoint.tensors].filter(([name]) => !/^(optimizer|carried)\./.test(name)));
}
