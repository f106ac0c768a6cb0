/** One gate block of an ONNX operator: rows of our gate, as they are or negated, or none with a bias that holds the gate open. */
export type OnnxGate = { readonly from: string; readonly sign: 1 | -1 } | 'open';

/** An operator of ONNX that is exactly a cell, once its gates are put in the operator's order. */
export interface OnnxCell {
  readonly op: 'RNN' | 'GRU' | 'LSTM';
  /** The operator's gates, in its own order. */
  readonly gates: readonly OnnxGate[];
  /** The operator's peepholes, in its own order; empty without. */
  readonly peepholes: readonly { readonly from: string; readonly sign: 1 | -1 }[];
  /** Names of activations and their parameters, one set a direction. */
  readonly activations?: {
    readonly names: readonly string[];
    readonly alpha: readonly number[];
    readonly beta: readonly number[];
  };
  readonly attributes: Readonly<Record<string, { readonly int: number }>>;
}
