/** An operator's attribute; the kind of number is part of the format, so it is said. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  /** What an operator runs itself, e.g. at each step; it may read every value of the graph around it, and its weights lie there. */
  | { readonly graph: OnnxGraphData };

export interface OnnxOperator {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** A dimension that is known, or the name of one that is not. */
export type OnnxDimension = number | string;

/** Type of a value at a graph's border, or on a wire between layers. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly type: 'float' | 'int64' | 'bool';
  readonly shape: readonly OnnxDimension[];
  readonly description?: string;
}

/** An ONNX graph as data: what is written into the file, and what is listed for a look. */
export interface OnnxGraphData {
  readonly name: string;
  readonly description: string;
  readonly operators: readonly OnnxOperator[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** Values on the canvas's wires. */
  readonly values: readonly OnnxValueInfo[];
}
