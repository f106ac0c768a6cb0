/**
 * The types that flow along wires.
 *
 * Batch `B` and time `T` are symbolic: they are known only when a batch is made. Feature widths are known as soon as the
 * graph and its data are; `null` means "comes from the data, and no data is attached yet".
 *
 * In the engine every sequence tensor is time-major: tokens are `[T, B]`, sequences `[T, B, F]`, vectors `[B, F]`, with a
 * separate `lengths [B]` that says how many of the T steps of each row are real. The interface shows the same as B·T·F.
 */

/** A width: a number, or `null` while it waits for data. */
export type Width = number | null;

/** Symbolic number of time steps, as shown on wires: 'T' at the input. */
export type TimeSymbol = string;

/** Token ids `[T, B]`, with the size of the vocabulary they index. */
export interface TokensType {
  readonly type: 'tokens';
  readonly vocabulary: Width;
  readonly time: TimeSymbol;
}

/** One vector per time step, `[T, B, F]`. */
export interface SequenceType {
  readonly type: 'sequence';
  readonly features: Width;
  readonly time: TimeSymbol;
}

/** One vector per example, `[B, F]`. */
export interface VectorType {
  readonly type: 'vector';
  readonly features: Width;
}

/** A recurrent state, `h [B, H]` or `h, c` of that width. */
export interface StateType {
  readonly type: 'state';
  readonly parts: readonly ('h' | 'c')[];
  readonly features: Width;
}

/** The description of a recurrent cell: no tensor flows here, the wrapper that receives it makes the weights. */
export interface CellType {
  readonly type: 'cell';
  readonly cell: CellDescription;
}

/** A cell's kind with its own settings; closed union so that kernels and export switch over it exhaustively. */
export type CellDescription =
  | { readonly kind: 'rnn-cell'; readonly hidden: number; readonly activation: 'tanh' | 'sigmoid' | 'relu' | 'identity' }
  | {
      readonly kind: 'gru-cell';
      readonly hidden: number;
      /** 'reset-after' is PyTorch's and cuDNN's form; 'relevance-before' is the lectures' (row L7). */
      readonly form: 'reset-after' | 'relevance-before';
    }
  | { readonly kind: 'lstm-cell'; readonly hidden: number; readonly forgetBias: number };

export type ValueType = TokensType | SequenceType | VectorType | StateType | CellType;
export type ValueTypeName = ValueType['type'];

const width = (w: Width, symbol: string): string => (w === null ? symbol : String(w));

/** The short form shown on a wire, e.g. `B·T·64`. */
export function formatShape(value: ValueType): string {
  switch (value.type) {
    case 'tokens':
      return `B·${value.time}`;
    case 'sequence':
      return `B·${value.time}·${width(value.features, '?')}`;
    case 'vector':
      return `B·${width(value.features, '?')}`;
    case 'state':
      return `${value.parts.join(', ')} B·${width(value.features, '?')}`;
    case 'cell':
      return `${value.cell.hidden} wide`;
  }
}
