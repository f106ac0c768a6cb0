import type { ParameterSpec } from '../shapes/parameter.ts';
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

/** Full name of a parameter in checkpoints and exports. */
export const parameterName = (module: PlanModule, spec: ParameterSpec): string => `${module.name}.${spec.name}`;
