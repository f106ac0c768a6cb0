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

/** Rows, columns and colours (1 or 3) of a picture, or rows, columns and features of what a convolution made of it. */
export interface PictureSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** One picture per example `[B, h, w, c]`, or one per time step `[T, B, h, w, c]`. */
export interface PicturesType {
  readonly type: 'pictures';
  readonly size: PictureSize | null;
  /** `null`: one per example. */
  readonly time: TimeSymbol | null;
}

/** A part of a recurrent state, `[B, width]`: h, an LSTM's c, or what a cell's equations call it. */
export interface StatePart {
  readonly name: string;
  readonly width: number;
}

/** A recurrent state: `h`, or `h` and more, of each layer of a stack. */
export interface StateType {
  readonly type: 'state';
  /** What the cell gives at each step first. */
  readonly parts: readonly StatePart[];
  /** Layers of the stack, each with its own parts. */
  readonly layers: number;
}

/** The description of a recurrent cell: no tensor flows here, the wrapper that receives it makes the weights. */
export interface CellType {
  readonly type: 'cell';
  readonly cell: CellDescription;
}

/** A recurrent cell in its settings, made by `engine/cells`: data, so that a plan can be written down. */
export interface CellDescription {
  /** Of the registry of cells. */
  readonly kind: string;
  /** H, the width of every value for which the equations state no other. */
  readonly hidden: number;
  /** What it computes: text that was checked. */
  readonly equations: string;
  /** The first is what it gives at each step. */
  readonly states: readonly StatePart[];
  /** Its kind's own, parsed. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What kernels know it as, `null` for a cell that has its equations alone. */
  readonly kernel: CellKernel | null;
}

/** A cell for which there is code that is faster than its equations; its weights are then stacked as PyTorch's. */
export interface CellKernel {
  /** e.g. `lstm-coupled-peepholes`, the same in `native/src`. */
  readonly name: string;
  /** Rows of the stacked matrices, in order. */
  readonly gates: readonly string[];
}

export type AcceleratedCell = CellDescription & { readonly kernel: CellKernel };

/** Width of the state h that a cell gives at each step. */
export const outputWidth = ({ states, hidden }: CellDescription): number => states[0]?.width ?? hidden;

/** Width of each part of a cell's state. */
export const stateWidths = ({ states }: CellDescription): readonly number[] => states.map(({ width }) => width);

/** The state of a stack of so many layers of a cell. */
export const stateType = ({ states }: CellDescription, layers: number): StateType => ({ type: 'state', parts: states, layers });

export type ValueType = TokensType | SequenceType | VectorType | PicturesType | StateType | CellType;
export type ValueTypeName = ValueType['type'];
export const valueTypes = [
  'tokens',
  'sequence',
  'vector',
  'pictures',
  'state',
  'cell',
] as const satisfies readonly ValueTypeName[];

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
    case 'pictures': {
      const size = value.size === null ? '?' : `${value.size.height}·${value.size.width}·${value.size.channels}`;
      return value.time === null ? `B·${size}` : `B·${value.time}·${size}`;
    }
    case 'state': {
      const names = value.parts.map(({ name }) => name).join(', ');
      const widths = new Set(value.parts.map((part) => part.width));
      const each = value.parts.map((part) => `${part.name} B·${part.width}`).join(', ');
      const one = widths.size === 1 ? `${names} B·${[...widths][0]}` : each;
      return value.layers === 1 ? one : `${value.layers} × ${one}`;
    }
    case 'cell':
      return `${outputWidth(value.cell)} wide`;
  }
}

/** Types that arrived at a node, by port name, in wire order. */
export type NodeInputs = Readonly<Record<string, readonly ValueType[]>>;
