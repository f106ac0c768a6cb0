import type { NamedTensor } from '../files/safetensors.ts';
import type { ParameterSpec } from '../shapes/parameter.ts';
import type { CellDescription, TimeSymbol, ValueType } from '../shapes/value-type.ts';
import type { OnnxAttribute, OnnxValueInfo } from './onnx-data.ts';

/** A time axis inside the ONNX graph: every sequence has one, because a layer may shorten time. */
export interface OnnxTime {
  /** As on the wires, `T` at the input. */
  readonly symbol: TimeSymbol;
  /** Value of the real steps of each row, `[batch]` int64. */
  readonly lengths: string;
}

/** What flows along a wire: names of values in the ONNX graph, time-major. */
export type OnnxValue =
  /** `[time, batch]` int64 */
  | { readonly type: 'tokens'; readonly name: string; readonly time: OnnxTime }
  /** `[time, batch, F]`; what stands at padding steps is arbitrary. */
  | { readonly type: 'sequence'; readonly name: string; readonly time: OnnxTime }
  /** `[batch, F]` */
  | { readonly type: 'vector'; readonly name: string }
  /** `[batch, c, h, w]`, or with a time axis `[time·batch, c, h, w]`, time first. */
  | { readonly type: 'pictures'; readonly name: string; readonly time: OnnxTime | null }
  /** h, or h and c, each `[layers, batch, F]`, as PyTorch's `h_n` and `c_n`. */
  | { readonly type: 'state'; readonly parts: readonly string[] }
  /** `[batch, steps, memory steps]`: how much each step of a memory counted. On no wire; told beside the model's output. */
  | { readonly type: 'alignment'; readonly name: string; readonly steps: TimeSymbol; readonly memory: TimeSymbol };

/** The ONNX graph while it is written. Values are named by the node that makes them, so that a viewer reads like the canvas. */
export interface OnnxGraph {
  /**
   * Adds a node with one output of the same name.
   *
   * @param inputs names of values; `''` leaves an optional input out
   * @returns the output's name
   */
  node(op: string, name: string, inputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttribute>>): string;
  /** Adds a node with several outputs, `''` for those that nobody reads. */
  nodes(
    op: string,
    name: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): void;
  /** Adds float32 numbers, `[]` for one number. */
  weight(name: string, shape: readonly number[], data: Float32Array): string;
  /** Adds one int64. */
  integer(name: string, value: number): string;
  /** Adds an int64 list `[n]`, e.g. axes. */
  integers(name: string, values: readonly number[]): string;
  /** Lengths as recurrent operators take them, `[batch]` int32. */
  lengths32(time: OnnxTime): string;
  /** True where a step is real, `[time, batch, 1]`. `like` is a value with that time axis first. */
  realSteps(time: OnnxTime, like: string): string;
  /**
   * A graph that an operator runs itself, as its attribute.
   *
   * @param write adds its nodes, and says what comes out
   */
  body(name: string, inputs: readonly OnnxValueInfo[], write: (body: OnnxGraph) => readonly OnnxValueInfo[]): OnnxAttribute;
}

/** The node that is exported, with its settings, types, weights and what arrives at its ports. */
export interface OnnxNode<Config> {
  /** Generated name; prefix of every node and weight that it adds. */
  readonly name: string;
  readonly config: Config;
  readonly inputTypes: Readonly<Record<string, readonly ValueType[]>>;
  readonly outputTypes: Readonly<Record<string, ValueType>>;
  readonly parameters: readonly ParameterSpec[];
  /** Output ports that another layer reads. */
  readonly wanted: ReadonlySet<string>;
  readonly inputs: Readonly<Record<string, readonly OnnxValue[]>>;
  /** The wired cell; wrappers only. */
  readonly cell: CellDescription | null;
  /** A parameter's values by its name inside the node. */
  tensor(parameter: string): NamedTensor;
}

/**
 * The ONNX side of one layer kind: writes its operators and says what each output port carries. A head returns its one result under
 * `result`. A kind that ONNX cannot express is `refused` instead, in words for the user.
 */
export type OnnxLayer<Config> =
  | { write(node: OnnxNode<Config>, graph: OnnxGraph): Readonly<Record<string, OnnxValue>> }
  | { readonly refused: string };

type OfType<T extends OnnxValue['type']> = Extract<OnnxValue, { type: T }>;

/** The one value that arrived at a port. */
export function arrived<T extends OnnxValue['type']>(node: OnnxNode<unknown>, port: string, ...types: T[]): OfType<T> {
  const value = node.inputs[port]?.[0];
  if (value === undefined || !(types as string[]).includes(value.type)) {
    throw new Error(`${node.name}: expected ${types.join(' or ')} at ${port}, got ${value?.type ?? 'nothing'}`);
  }
  return value as OfType<T>;
}

/** The same kind of value as `like`, by another name. */
export const renamed = (like: OfType<'sequence' | 'vector'>, name: string): OfType<'sequence' | 'vector'> => ({ ...like, name });
