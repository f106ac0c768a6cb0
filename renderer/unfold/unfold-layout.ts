import type { Unrolled } from './unrolled.ts';
import type { Direction } from './wrapper-runs.ts';

/** From one step to the next, px: at least, and at most, where few steps have room. */
const [leastPitch, mostPitch] = [58, 92];
/** A copy of the cell, px. */
export const copySize = { width: 34, height: 44 } as const;
/** More steps than this are scrolled. */
export const mostColumns = 12;

/** Width of the names of the rows, of what comes after the last copy, and of the card's edges, px. */
const [namesWidth, tail, edge] = [66, 26, 12];
/** Title and settings of the card, px. */
const headHeight = 62;
/** From a layer to what lies above it: an arrow, and after the last layer what is given, px. */
const [between, above] = [30, 34];
/** From the words to the first layer, and the words, px. */
const [below, words] = [24, 20];
/** Between the two directions of a layer, px. */
const apart = 18;
/** Where a decoder looks, below the words, px. */
const looks = 18;
/** Of a scrollbar, px. */
const bar = 12;
/** A line of the equations, and the sentence under them, px. */
const [line, sentence] = [23, 44];
/** Lines of the equations that are seen at once. */
const [fewestLines, mostLines] = [3, 6];
/** Equations and their parameters stand side by side, px. */
const narrowest = 600;
/** Of the parameters: how many stand in a row, and its height, px. */
const [besides, parameterRow] = [4, 33];

/** A row of copies. */
export interface RowLayout {
  readonly layer: number;
  readonly direction: Direction;
  /** From the diagram's top to the row's, px. */
  readonly top: number;
  readonly copies: number;
  /** Columns that a copy spans. */
  readonly span: number;
  /** Columns that each copy of the layer below spans; 1 above the words. */
  readonly spanBelow: number;
  /** From the diagram's top to the end of what lies below the layer, px. */
  readonly from: number;
  /** From the diagram's top to the layer's own, px: both directions meet there. */
  readonly to: number;
}

/** Where everything of an unfolded node is, px. */
export interface UnfoldLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  /** From one step to the next. */
  readonly pitch: number;
  /** Of all columns, with what comes after them. */
  readonly content: number;
  readonly names: number;
  readonly diagram: number;
  /** From the diagram's top to the words, and to where a decoder looks. */
  readonly words: number;
  readonly looks: number;
  readonly text: number;
  /** From the lowest. */
  readonly rows: readonly RowLayout[];
  /** Columns that a copy of the last layer spans. */
  readonly lastSpan: number;
}

type Shape = Pick<Unrolled, 'inputs' | 'layers' | 'equations' | 'parameters' | 'attention'>;

/** An unfolded node's size and the places in it. What is longer than `mostColumns` has the width of that, and scrolls. */
export function unfoldLayout({ inputs, layers, equations, parameters, attention }: Shape): UnfoldLayout {
  const columns = inputs.length;
  const heightOf = (rows: number): number => rows * copySize.height + (rows - 1) * apart;
  const layersHeight = layers.reduce((sum, { rows }) => sum + heightOf(rows.length), (layers.length - 1) * between);
  const floor = above + layersHeight;
  const rows: RowLayout[] = [];
  let [bottom, from, span] = [floor, floor + below, 1];
  for (const { rows: own, join } of layers) {
    const to = bottom - heightOf(own.length);
    const spanBelow = span;
    span *= join;
    for (const [place, { layer, direction, names }] of own.entries()) {
      const top = bottom - copySize.height - place * (copySize.height + apart);
      rows.push({ layer, direction, top, copies: names.length, span, spanBelow, from, to });
    }
    from = to;
    bottom = to - between;
  }
  const diagram = floor + below + words + (attention ? looks : 0) + (columns > mostColumns ? bar : 0);
  const lines = equations.split('\n').filter((text) => /^[^#]*=/.test(text) && !/^(width|start) /.test(text)).length;
  const seenLines = Math.min(mostLines, Math.max(fewestLines, lines));
  const seenRows = Math.min(mostLines - 1, Math.ceil(parameters.length / besides));
  const text = Math.max(seenLines * line, seenRows * parameterRow) + sentence;
  const beside = 2 * edge + namesWidth + tail;
  const pitch = Math.min(mostPitch, Math.max(leastPitch, Math.floor((narrowest - beside) / columns)));
  return {
    width: Math.max(narrowest, beside + Math.min(columns, mostColumns) * pitch),
    height: headHeight + diagram + text,
    columns,
    pitch,
    content: columns * pitch + tail,
    names: namesWidth,
    diagram,
    words: floor + below,
    looks: floor + below + words,
    text,
    rows,
    lastSpan: span,
  };
}

/** The columns of a diagram. */
export type Columns = Pick<UnfoldLayout, 'columns' | 'pitch'>;

/** Middle of a copy, from the diagram's left, px. What spans several columns stands in the middle of those that there are. */
export function copyMiddle({ span }: Pick<RowLayout, 'span'>, copy: number, { columns, pitch }: Columns): number {
  const [first, end] = [copy * span, Math.min(columns, (copy + 1) * span)];
  return ((first + end) / 2) * pitch;
}

/** What of a row is drawn: the copies in view with one more on either side, from `first` up to `end`. */
export function copiesInView(
  { span, copies }: Pick<RowLayout, 'span' | 'copies'>,
  { pitch }: Pick<Columns, 'pitch'>,
  left: number,
  width: number,
): { readonly first: number; readonly end: number } {
  const wide = span * pitch;
  return {
    first: Math.max(0, Math.floor(left / wide) - 1),
    end: Math.min(copies, Math.ceil((left + width) / wide) + 1),
  };
}

/** How far a view is scrolled so that a copy and its neighbours are seen; as it was where they are. */
export function scrollToCopy(
  middle: number,
  { pitch }: Pick<Columns, 'pitch'>,
  view: { readonly left: number; readonly width: number },
): number {
  const [start, end] = [middle - 1.5 * pitch, middle + 1.5 * pitch];
  if (start < view.left) return Math.max(0, start);
  return end > view.left + view.width ? end - view.width : view.left;
}
