import type { CellClass, PythonValue, TorchCell } from '../cells/export/torch-cell.ts';
import type { ParameterSpec } from '../shapes/parameter.ts';
import type { ValueType } from '../shapes/value-type.ts';

/** One attribute of the exported `nn.Module`: `self.<attribute> = <className>(…)`. */
export interface TorchModule {
  /** Python name and prefix of its weights, made from the plan's generated name. */
  readonly attribute: string;
  readonly className: TorchClass;
  /** In the order of the class's own signature. */
  readonly arguments: Readonly<Record<string, PythonValue>>;
  /** How many of them are written without their name. */
  readonly positional: number;
  /** Source of a class that is this module's alone; absent where `python-sources.ts` has it, or torch. */
  readonly source?: string;
  /** Weights stay as they are in training. Default false. */
  readonly frozen?: boolean;
  /** State that the module carries from step to step; absent for modules without one. */
  readonly state?: TorchState;
}

/** `torch.nn`'s own modules, and the small ones that an export brings along where `torch.nn` has none that is exact. */
export type TorchClass =
  | 'nn.Embedding'
  | 'nn.Dropout'
  | 'nn.LayerNorm'
  | 'nn.Linear'
  | 'nn.Conv2d'
  | 'DotAttention'
  | 'GeneralAttention'
  | 'AdditiveAttention'
  | CellClass;

export interface TorchState {
  /** h, and c for an LSTM: what the cell calls them. */
  readonly parts: readonly string[];
  readonly widths: readonly number[];
  /** Layers times directions: the first axis of the state. */
  readonly layers: number;
  /** Wired from another layer's final state, so it does not start at zero. */
  readonly given: boolean;
}

/** Functions that exported code may call; only those named are written. */
export const torchFunctions = [
  'unroll',
  'reverse_steps',
  'real_steps',
  'last_step',
  'mean_over_steps',
  'max_over_steps',
  'join_steps',
  'attend',
  'log_softmax',
  'one_hot',
  'max_pool2d',
] as const;
export type TorchFunction = (typeof torchFunctions)[number];

/** What a layer's part of `forward` is written from. */
export interface TorchScope {
  /** Python expressions that arrive at each input port, in wire order. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** The variable that takes the main output. */
  readonly output: string;
  /** Expression of how many steps are real in each row `[B]`, on the time axis of what arrives at a port. */
  lengths(port: string): string;
  /** Where an attribute's state is kept: `self.hidden`, `self.hidden[1]`, or a variable. */
  state(attribute: string): string;
}

/** A layer's part of `forward`. */
export interface TorchForward {
  readonly lines: readonly string[];
  /** Expression of each output port; of a head, its one result under `result`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly functions: readonly TorchFunction[];
  /** Lengths of an output whose time axis is new, by port. */
  readonly lengths?: Readonly<Record<string, string>>;
}

/** The settings and types of the node that is exported. */
export interface TorchNode<Config> {
  /** Generated Python-safe name. */
  readonly name: string;
  readonly config: Config;
  readonly inputTypes: Readonly<Record<string, readonly ValueType[]>>;
  readonly outputTypes: Readonly<Record<string, ValueType>>;
  readonly parameters: readonly ParameterSpec[];
  /** The wired cell's own side of the export; wrappers only. */
  readonly cell: TorchCell | null;
}

/** The PyTorch side of one layer kind. Pure. */
export interface TorchLayer<Config> {
  modules(node: TorchNode<Config>): readonly TorchModule[];
  forward(node: TorchNode<Config>, scope: TorchScope): TorchForward;
  /** Where a parameter goes in the state dict. Absent: the same name and values. */
  weight?(node: TorchNode<Config>, parameter: string): TorchWeight;
}

export interface TorchWeight {
  /** Name in the state dict, e.g. `bidirectional_reverse.weight_ih_l0`. */
  readonly name: string;
  /** Equal blocks of rows, one a gate, each multiplied by 1 or -1. Absent: as they are. */
  readonly signs?: readonly (1 | -1)[];
}

/** The one expression wired to a port. */
export function wired(scope: TorchScope, port: string): string {
  const expression = scope.inputs[port]?.[0];
  if (expression === undefined) throw new Error(`port ${port}: nothing is wired`);
  return expression;
}

/** `[out, in]` of a node's `weight`, for `nn.Linear` and `nn.Embedding`. */
export function weightShape(node: TorchNode<unknown>): readonly [number, number] {
  const [rows, columns] = node.parameters.find((spec) => spec.name === 'weight')?.shape ?? [];
  if (rows === undefined || columns === undefined) throw new Error(`${node.name}: expected a weight matrix`);
  return [rows, columns];
}
