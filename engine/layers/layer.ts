import type { z } from 'zod';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Family } from '../shapes/family.ts';
import type { ParameterSpec } from '../shapes/parameter.ts';
import type { NodeInputs, ValueType, ValueTypeName } from '../shapes/value-type.ts';

/** One connection point of a node. `accepts`/`type` decide its colour and what may be wired to it. */
export interface InputPort {
  readonly name: string;
  readonly label: string;
  readonly accepts: readonly ValueTypeName[];
  /** Several wires may end here (concat, add). Default false. */
  readonly many?: boolean;
  /** The node works without a wire here. Default false. */
  readonly optional?: boolean;
  /** Every step reads the whole of what arrives here, what comes later too. Default false. */
  readonly whole?: boolean;
}

export interface OutputPort {
  readonly name: string;
  readonly label: string;
  /** What may leave this port. More than one when it depends on the settings (a wrapper's `every step` or `last`) or the input. */
  readonly types: readonly ValueTypeName[];
}

/** Result of a shape rule: one type per output port, or a problem with its fix. */
export type ShapeResult =
  | { readonly ok: true; readonly outputs: Readonly<Record<string, ValueType>> }
  | { readonly ok: false; readonly message: string; readonly fix: string };

/**
 * The definition of one node kind, pure: no tensors, no DOM. The tensor side is `build.tf.ts`, the PyTorch side `torch.ts`.
 */
export interface LayerDefinition<Kind extends string, Config extends z.ZodObject> {
  readonly kind: Kind;
  /** Field's standard term, e.g. 'LSTM cell'. */
  readonly title: string;
  readonly family: Family;
  /** One sentence for the palette's tooltip and search. */
  readonly summary: string;
  /** More words the palette search finds this by. */
  readonly keywords: readonly string[];
  /**
   * The only source of fields, defaults, limits and help. Each field carries `.default(…)` and `.meta({ title, description })`;
   * the inspector's form is generated from it (`enum` → select, `int`/`number` → number field with min and max, `boolean` → switch,
   * nullable number → number field with "from data", `string` → text field, or with `fileEndings` in its meta a path with a file picker;
   * `elsewhere` in its meta: none, since it has an editor of its own).
   */
  readonly config: Config;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  /** Output types from settings and input types. Called only when every required input has a type. */
  shape(config: z.output<Config>, inputs: NodeInputs, facts: DataFacts): ShapeResult;
  /** The card's second line, e.g. `concat · every step`. */
  subtitle(config: z.output<Config>, facts: DataFacts): string;
  /**
   * Its part in the name of a run, e.g. `BiLSTM 128`; absent for what does not tell one model from another.
   *
   * @param cell that of the cell wired into it, e.g. `LSTM 128`
   */
  brief?(config: z.output<Config>, cell: string): string;
  /** The node's own equations in TeX, where its settings are equations; `null` while they are wrong. Absent: those of its kind alone. */
  latex?(config: z.output<Config>): string | null;
  /**
   * Why a step's output depends on later steps, with these settings; `null` where it does not. Such a layer cannot stand in the part
   * of a graph that says a sequence token by token. Absent: it never does.
   */
  notCausal?(config: z.output<Config>): { readonly message: string; readonly fix: string } | null;
  /** Trainable tensors for these input types. Only called when all widths are known. */
  parameters(config: z.output<Config>, inputs: NodeInputs, facts: DataFacts): readonly ParameterSpec[];
}

/** Identity that infers the kind and config types. */
export function defineLayer<const Kind extends string, Config extends z.ZodObject>(
  definition: LayerDefinition<Kind, Config>,
): LayerDefinition<Kind, Config> {
  return definition;
}
