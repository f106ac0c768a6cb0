/**
 * A value in the exported Python. Only numbers, truth values and words out of closed lists: text that a user typed never
 * reaches the code.
 */
export type PythonValue = number | boolean | 'relu' | 'tanh';

/** Classes of cells: those of `torch.nn`, and those that bring their source. */
export type CellClass =
  | 'nn.RNN'
  | 'nn.GRU'
  | 'nn.LSTM'
  | `${string}RNN`
  | `${string}GRU`
  | `${string}LSTM`
  | `CustomCell_${string}`;

/** A cell's module in PyTorch. */
export interface TorchForm {
  readonly className: CellClass;
  /** Arguments after `input_size` and `hidden_size`. */
  readonly options: Readonly<Record<string, PythonValue>>;
  /** What blocks of rows of the stacked weights are multiplied by, one a gate. Absent: they stay as they are. */
  readonly signs?: readonly (1 | -1)[];
  /** The class, where `torch.nn` does not have it. */
  readonly source?: string;
}

/** The PyTorch side of a cell: what a wrapper needs to write it. */
export interface TorchCell extends TorchForm {
  /** True where `torch.nn` has exactly this cell; it then runs packed sequences and both directions by itself. */
  readonly stock: boolean;
  readonly hidden: number;
  /** Name of each part of the state. */
  readonly parts: readonly string[];
  /** Its width. */
  readonly widths: readonly number[];
  /** Name of a weight in the module; absent: PyTorch's, with its layer, `weight_ih_l0`. */
  weightName?(parameter: string): string;
}
