import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { StateParts } from '../kernels/recurrence.tf.ts';
import type { CellDescription } from '../shapes/value-type.ts';
import type { TimeAxis } from './batch-tensors.tf.ts';
import type { Value } from './builder.tf.ts';

/** One direction of a recurrence. */
export interface WatchedDirection {
  readonly reverse: boolean;
  /** Weights as they are stored, by name without layer and direction: `weight_ih`, or `W_f` of a cell that has its equations alone. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** `null` starts from zeros. */
  readonly initial: StateParts | null;
}

/** A wrapper's cell over a sequence, in one direction or in both. */
export interface WatchedRun {
  /** The wrapper's id in the plan. */
  readonly module: string;
  /** From 0. */
  readonly layer: number;
  readonly cell: CellDescription;
  /** `[T, B, I]` */
  readonly input: Tensor3D;
  readonly time: TimeAxis;
  readonly directions: readonly WatchedDirection[];
}

export interface RunOutput {
  /** h of each direction side by side `[T, B, D·P]`, zero at padding steps; `null` when only the final state was asked for. */
  readonly sequence: Tensor3D | null;
  /** Final state of each direction; empty when only the sequence was asked for. */
  readonly final: readonly StateParts[];
}

type Want = { readonly sequence: boolean; readonly final: boolean };

/** Looks on, and may step in, while a model runs. */
export interface Watch {
  /** Runs a recurrence in its stead. @param kernels runs it as it runs when nobody looks */
  recurrence(run: WatchedRun, want: Want, kernels: (want: Want) => RunOutput): RunOutput;
  /** What a module gave at a port. @returns what is handed on */
  value(module: string, port: string, value: Value): Value;
}
