import { type Columns, copyMiddle, copySize, type RowLayout } from './unfold-layout.ts';

/** Length of an arrow's head, and half its width, px. */
const [long, wide] = [5, 3.5];
/** Room between an arrow and what it points at, px. */
const gap = 2;

interface Span {
  readonly first: number;
  readonly end: number;
}

/** The arrows of a row of copies, as SVG paths, one for each thing that they carry. */
export interface RowArrows {
  /** From what lies below the layer into each copy. */
  readonly inputs: string;
  /** From copy to copy, with those before the first and after the last. */
  readonly states: string;
  /** The one before the last copy where steps are left out. */
  readonly leftOut: string;
  /** From each copy to the top of its layer. */
  readonly outputs: string;
}

/** How far beside a copy's middle a line passes a copy of the other direction, px. */
const aside = copySize.width / 2 + 5;

const along = (x: number, y: number, to: number): string => {
  const back = to > x ? -long : long;
  return `M${x} ${y}H${to}m${back} ${-wide}L${to} ${y}l${back} ${wide}`;
};

const headUp = (x: number, y: number): string => `M${x - wide} ${y + long}L${x} ${y}l${wide} ${long}`;

/**
 * @param seen the copies that are drawn
 * @param lower whether a row of the same layer lies lower: lines into this row pass beside its copies
 * @param shortened whether steps are left out before the last copy
 */
export function rowArrows(
  row: RowLayout,
  columns: Columns,
  seen: Span,
  { lower, shortened }: { readonly lower: boolean; readonly shortened: boolean },
): RowArrows {
  const middle = (copy: number): number => copyMiddle(row, copy, columns);
  let [inputs, outputs] = ['', ''];
  for (let copy = seen.first; copy < seen.end; copy++) {
    inputs += inputsOf(row, columns, copy, lower);
    if (row.top > row.to) outputs += passing(row, middle(copy));
  }
  const [half, y] = [copySize.width / 2, row.top + copySize.height / 2];
  const step = (from: number, to: number): string =>
    row.direction === 'forward' ? along(from, y, to - gap) : along(to, y, from + gap);
  let [states, leftOut] = ['', ''];
  for (let copy = Math.max(0, seen.first - 1); copy < Math.min(row.copies - 1, seen.end); copy++) {
    const arrow = step(middle(copy) + half, middle(copy + 1) - half);
    if (shortened && copy === row.copies - 2) leftOut += arrow;
    else states += arrow;
  }
  // What the first begins with, and what the last leaves.
  if (seen.first === 0) states += step(Math.max(1, middle(0) - half - stub), middle(0) - half);
  if (seen.end === row.copies) states += step(middle(row.copies - 1) + half, middle(row.copies - 1) + half + stub);
  return { inputs, states, leftOut, outputs };
}

/** Length of what comes before the first copy and after the last, px; before the first, no more than there is. */
const stub = 20;

/** From what lies below into a copy: from several where they are joined. */
function inputsOf(row: RowLayout, columns: Columns, copy: number, lower: boolean): string {
  const [x, bottom] = [copyMiddle(row, copy, columns), row.top + copySize.height + gap];
  const [join, side] = [row.span / row.spanBelow, x + aside];
  let path = '';
  for (let part = copy * join; part < (copy + 1) * join && part * row.spanBelow < columns.columns; part++) {
    const start = copyMiddle({ span: row.spanBelow }, part, columns);
    path += lower
      ? `M${start} ${row.from}C${start} ${row.from - 14} ${side} ${row.from - 8} ${side} ${row.from - 22}V${bottom + 10}Q${side} ${bottom + 5} ${x + long} ${bottom + long}`
      : `M${start} ${row.from}L${x} ${bottom}`;
  }
  return `${path}${headUp(x, bottom)}`;
}

/** From a copy to the top of its layer, past the copy of the other direction, on its left. */
function passing({ top, to }: RowLayout, x: number): string {
  const side = x - aside;
  return `M${x - 8} ${top}Q${side} ${top - 2} ${side} ${top - 10}V${to + 6}Q${side} ${to - 2} ${x - 4} ${to - 3}`;
}

/** From the last layer up. @param given the middles of the steps that it gives, px */
export function givenArrows(to: number, given: readonly number[]): string {
  return given.map((x) => `M${x} ${to - 3}V${to - rise}${headUp(x, to - rise)}`).join('');
}

/** Height of an arrow out of the last layer, px. */
export const rise = 17;
