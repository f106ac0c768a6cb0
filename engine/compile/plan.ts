import type { TaskKind } from '../document/data-binding.ts';
import type { DataFacts, ParameterSpec } from '../layers/layer.ts';
import type { ValueType } from '../shapes/value-type.ts';

/** Where a module's input comes from. */
export interface PlanInput {
  readonly module: string;
  readonly port: string;
}

/** One node of the graph, ready to be built: settings parsed, types known, parameters listed. Cells are folded into their wrappers. */
export interface PlanModule {
  /** The node's id in the expanded document. */
  readonly id: string;
  /**
   * Generated name, unique in the plan: `embedding`, `bidirectional`, `dense_softmax_2`, in a block `encoder.0.recurrent`. Its parts are
   * Python-safe. Prefix of its parameters.
   */
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, string | number | boolean | null>>;
  readonly inputs: Readonly<Record<string, readonly PlanInput[]>>;
  readonly inputTypes: Readonly<Record<string, readonly ValueType[]>>;
  readonly outputTypes: Readonly<Record<string, ValueType>>;
  readonly parameters: readonly ParameterSpec[];
}

/** What runs in one block, or outside of all, in order: modules by id, and blocks. Wires start in the same level. */
export interface PlanLevel {
  readonly steps: readonly PlanStep[];
  /** The ports that something of it comes in by, in order; what leaves them has their id as `module`, and `port` `value`. */
  readonly inputs: readonly string[];
  /** What leaves it, by the port's id. */
  readonly outputs: Readonly<Record<string, PlanInput>>;
}

export type PlanStep =
  | { readonly kind: 'module'; readonly id: string; readonly inputs: Readonly<Record<string, readonly PlanInput[]>> }
  | PlanBlock;

/** A placed block. */
export interface PlanBlock {
  readonly kind: 'block';
  /** In the level around it; what leaves the block has it as `module`. */
  readonly id: string;
  /** Python-safe, unique in its level. */
  readonly name: string;
  readonly definition: string;
  /** As the user named it. */
  readonly title: string;
  /** What is wired to its ports. */
  readonly inputs: Readonly<Record<string, PlanInput>>;
  /** One, or as many as it is repeated; each but the first reads the one before it. */
  readonly copies: readonly PlanLevel[];
}

/** The compiled graph: pure, serializable, topologically sorted. Same document and facts, same plan. */
export interface Plan {
  readonly task: TaskKind;
  readonly facts: DataFacts;
  readonly modules: readonly PlanModule[];
  /** `id` of the one head. */
  readonly head: string;
  /** The same modules as they lie in blocks; absent where there is none. */
  readonly levels?: PlanLevel;
}

/** Full name of a parameter in checkpoints and exports. */
export const parameterName = (module: PlanModule, spec: ParameterSpec): string => `${module.name}.${spec.name}`;
