import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { StateParts } from '../kernels/recurrence.tf.ts';
import type { Random } from '../random.ts';
import type { CellDescription } from '../shapes/value-type.ts';
import type { BatchTensors, TimeAxis } from './batch-tensors.tf.ts';
import type { PlanModule } from './plan-module.ts';
import type { LayerConfig, LayerKindName } from './registry.ts';
import type { Watch } from './watch.tf.ts';

/** What flows along a wire while a batch runs; shapes as in `shapes/value-type.ts`, time-major. */
export type Value =
  | { readonly type: 'tokens'; readonly tensor: Tensor2D; readonly time: TimeAxis }
  /** `[T, B, F]`; what stands at padding steps is arbitrary, and nothing may depend on it. */
  | { readonly type: 'sequence'; readonly tensor: Tensor3D; readonly time: TimeAxis; readonly differentiable: boolean }
  | { readonly type: 'vector'; readonly tensor: Tensor2D; readonly differentiable: boolean }
  /** `[B, h, w, c]`, or `[T·B, h, w, c]` where there is one at each step. */
  | { readonly type: 'pictures'; readonly tensor: Tensor4D; readonly time: TimeAxis | null; readonly differentiable: boolean }
  /** The state of each layer of a stack, first layer first; of a bidirectional layer forwards, then backwards, as PyTorch's `h_n`. */
  | { readonly type: 'state'; readonly layers: readonly StateParts[] };

/**
 * States that live on from one call to the next: between the chunks of truncated back-propagation, and between the tokens of a
 * sequence that is being generated. A recurrent module that reads forwards starts from what it finds here and leaves its final state.
 */
export interface CarriedStates {
  /** `null` at a fresh start: the module then starts from its wired state or from zeros. */
  read(module: string): readonly StateParts[] | null;
  write(module: string, state: readonly StateParts[]): void;
}

export interface ForwardMode {
  /** Source of dropout masks while training; `null` leaves dropout out. */
  readonly dropout: Random | null;
  /** Absent: every batch starts afresh. */
  readonly carried?: CarriedStates | undefined;
  /** Where attention leaves its alignment `[B, U, T]`, by module; absent when nobody looks. */
  readonly alignments?: Map<string, Tensor3D> | undefined;
  /** Sees each recurrence and each value, and may give others; absent when nobody looks. */
  readonly watch?: Watch | undefined;
}

/** What a layer is built from, for one batch. */
export interface BuildContext<K extends LayerKindName> {
  readonly config: LayerConfig<K>;
  readonly module: PlanModule;
  readonly inputs: Readonly<Record<string, readonly Value[]>>;
  readonly batch: BatchTensors;
  readonly mode: ForwardMode;
  /** Output ports that something is wired to: what nobody reads need not be computed. */
  readonly wanted: ReadonlySet<string>;
  /** Parameter by its name inside the node. */
  parameter(name: string): Tensor;
}

/** Tensors of one kind: its output values by port. A head gives its raw logits at the port `logits`. */
export type Builder<K extends LayerKindName> = (context: BuildContext<K>) => Readonly<Record<string, Value>>;

/** Kinds with tensors of their own. Cells have none: the wrapper that a cell is wired to runs it (engine/kernels). */
export type BuiltKind = Exclude<LayerKindName, CellDescription['kind']>;

type Features = Extract<Value, { type: 'sequence' | 'vector' }>;

/** The value at a port. Shapes were checked when the plan was compiled, so anything else is a bug. */
export function valueAt<T extends Value['type']>(
  inputs: Readonly<Record<string, readonly Value[]>>,
  port: string,
  ...types: T[]
): Extract<Value, { type: T }> {
  const value = inputs[port]?.[0];
  if (value === undefined || !(types as string[]).includes(value.type)) {
    throw new Error(`port ${port}: expected ${types.join(' or ')}, got ${value?.type ?? 'nothing'}`);
  }
  return value as Extract<Value, { type: T }>;
}

/** Same kind of value as `like`, with another tensor. */
export function sameType(like: Features, tensor: Tensor, differentiable = true): Features {
  return like.type === 'sequence'
    ? { type: 'sequence', tensor: tensor as Tensor3D, time: like.time, differentiable }
    : { type: 'vector', tensor: tensor as Tensor2D, differentiable };
}
