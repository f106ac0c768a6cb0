import type { FixedPointFound } from '../../engine/protocol/inspect-projection.ts';
import type { Matrix } from './matrix.ts';
import type { TextSequence } from './sample-texts.ts';
import type { FigureColours } from './scale-colours.ts';
import type { AxisPair, PlaneScale } from './trajectory-geometry.ts';

/** What a plane of states shows. */
export interface PlanePicture {
  /** `[S, K]`, and the colour of each step. */
  readonly points: Matrix;
  readonly sequences: readonly TextSequence[];
  colourOf(step: number): string;
  /** `[T, K]` of the sentence that is looked at, with its words. */
  readonly path: Matrix | null;
  readonly words: readonly string[];
  readonly cursor: number | null;
  readonly axes: AxisPair;
  readonly scale: PlaneScale;
  /** A sequence of the sample that stands out. */
  readonly lit: number | null;
  /** Those that are ones. */
  readonly fixed: readonly FixedPointFound[];
}

/** What of it lies behind, and does not move. */
export type SequencesPicture = Pick<PlanePicture, 'points' | 'sequences' | 'colourOf' | 'path' | 'axes' | 'scale'>;

/** What draws: a canvas, or what writes SVG. */
export interface Pen {
  line(points: readonly (readonly [number, number])[], colour: string, width: number, opacity: number): void;
  dot(x: number, y: number, radius: number, colour: string, opacity: number, edge?: string): void;
  shape(points: readonly (readonly [number, number])[], colour: string, edge: string): void;
  text(x: number, y: number, text: string, colour: string, halo: string): void;
}

/** Beyond so many steps the sequences are dots alone. */
const mostLines = 40_000;

/** Numbers beside the plane, and where zero is. */
export function drawGrid(pen: Pen, { ticks }: PlaneScale, width: number, height: number, colours: GridColours): void {
  for (const { place, label } of ticks.x) {
    pen.line(
      [
        [place, 6],
        [place, height - 32],
      ],
      colours.line,
      1,
      1,
    );
    pen.text(place - 3.5 * label.length, height - 24, label, colours.dim, colours.panel);
  }
  for (const { place, label } of ticks.y) {
    pen.line(
      [
        [66, place],
        [width - 10, place],
      ],
      colours.line,
      1,
      1,
    );
    pen.text(60 - 6.5 * label.length, place, label, colours.dim, colours.panel);
  }
}

export type GridColours = Readonly<Record<'line' | 'dim' | 'panel', string>>;

/** All sequences of the sample. */
export function drawSequences(pen: Pen, { points, sequences, colourOf, axes, scale, path }: SequencesPicture): void {
  const at = placeOf(points, axes, scale);
  const faint = path === null ? 1 : 0.55;
  if (points.rows <= mostLines)
    for (const { start, words } of sequences) {
      let from = start;
      // A stretch of one colour is one line.
      for (let step = start + 1; step < start + words.length; step++) {
        const last = step === start + words.length - 1;
        if (!last && colourOf(step) === colourOf(from + 1)) continue;
        const stretch = Array.from({ length: step - from + 1 }, (_, i) => at(from + i));
        pen.line(stretch, colourOf(from + 1), 1, 0.28 * faint);
        from = step;
      }
    }
  const radius = points.rows > 8000 ? 1.2 : 2;
  for (let step = 0; step < points.rows; step++) pen.dot(...at(step), radius, colourOf(step), 0.85 * faint);
}

/** What lies over them: the sequence that stands out, the sentence with its cursor, and the fixed points. */
export function drawMarks(pen: Pen, picture: PlanePicture, colours: FigureColours, kinds: FixedColours): void {
  const { points, sequences, axes, scale, lit, path, words, cursor, fixed } = picture;
  const sequence = lit === null ? undefined : sequences[lit];
  if (sequence) {
    const at = placeOf(points, axes, scale);
    const { start } = sequence;
    pen.line(
      sequence.words.map((_, t) => at(start + t)),
      colours.ink,
      2,
      0.8,
    );
  }
  for (const { at: place, kind } of fixed) {
    const [x, y] = [scale.x(place[axes.x] ?? Number.NaN), scale.y(place[axes.y] ?? Number.NaN)];
    if (kind === 'stable') pen.dot(x, y, 6, kinds.stable, 1, colours.panel);
    else pen.shape(kind === 'saddle' ? diamond(x, y, 8) : triangle(x, y, 8), kinds[kind], colours.panel);
  }
  if (path === null) return;
  const at = placeOf(path, axes, scale);
  const all = words.map((_, t) => at(t));
  pen.line(all, colours.panel, 5, 0.8);
  pen.line(all, colours.cursor, 2.5, 1);
  for (const [x, y] of all) pen.dot(x, y, 2.5, colours.cursor, 1, colours.panel);
  const [first] = all;
  if (first) pen.dot(first[0], first[1], 5, colours.panel, 1, colours.cursor);
  const here = cursor === null ? undefined : all[cursor];
  if (here) pen.dot(here[0], here[1], 7, colours.cursor, 1, colours.ink);
  for (const { x, y, word } of placed(all, words, cursor)) pen.text(x + 8, y - 8, word, colours.ink, colours.panel);
}

export type FixedColours = Readonly<Record<FixedPointFound['kind'], string>>;

const placeOf =
  ({ columns, data }: Matrix, axes: AxisPair, scale: PlaneScale) =>
  (row: number): [number, number] => [
    scale.x(data[row * columns + axes.x] ?? Number.NaN),
    scale.y(data[row * columns + axes.y] ?? Number.NaN),
  ];

const diamond = (x: number, y: number, r: number): [number, number][] => [
  [x, y - r],
  [x + r, y],
  [x, y + r],
  [x - r, y],
];
const triangle = (x: number, y: number, r: number): [number, number][] => [
  [x, y - r],
  [x + r, y + r * 0.8],
  [x - r, y + r * 0.8],
];

/** Words that do not lie over each other: that of the cursor first, then in their order. */
function placed(
  all: readonly (readonly [number, number])[],
  words: readonly string[],
  cursor: number | null,
): readonly { readonly x: number; readonly y: number; readonly word: string }[] {
  const order = words.map((_, t) => t).sort((a, b) => Number(b === cursor) - Number(a === cursor));
  const boxes: { x: number; y: number; width: number }[] = [];
  return order.flatMap((t) => {
    const [x = 0, y = 0] = all[t] ?? [];
    const word = words[t] ?? '';
    const width = 7 * word.length + 6;
    if (word === '' || boxes.some((box) => Math.abs(box.y - y) < 15 && x < box.x + box.width && box.x < x + width)) return [];
    boxes.push({ x, y, width });
    return [{ x, y, word }];
  });
}
