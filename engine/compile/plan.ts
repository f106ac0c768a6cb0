import type { TaskKind } from '../document/data-binding.ts';
import type { PlanInput, PlanModule } from '../layers/plan-module.ts';
import type { DataFacts } from '../shapes/data-facts.ts';

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
