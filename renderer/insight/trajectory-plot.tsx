import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { FixedPointFound } from '../../engine/protocol/inspect-projection.ts';
import { formatShare } from '../training/metric-format.ts';
import { escaped } from '../ui/xml-text.ts';
import { legendOf } from './chart-legend.ts';
import { FigureTools } from './figure-tools.tsx';
import { at, type Matrix, rowOf } from './matrix.ts';
import { canvasPen, svgPen } from './pens.ts';
import type { TextSequence } from './sample-texts.ts';
import { svgOf } from './save-figure.ts';
import { figureColours, tokenOf, useFigureColours } from './scale-colours.ts';
import { shown } from './step-equations.ts';
import {
  drawGrid,
  drawMarks,
  drawSequences,
  type FixedColours,
  type GridColours,
  type PlanePicture,
  type SequencesPicture,
} from './trajectory-draw.ts';
import { type AxisPair, nearestRow, planeScale, sequenceOf } from './trajectory-geometry.ts';
import { useSize } from './use-size.ts';
import { walkedTo } from './walked-to.ts';

export interface NamedColour {
  readonly name: string;
  readonly colour: string;
}

interface TrajectoryPlotProps {
  readonly label: string;
  /** `[S, K]` */
  readonly points: Matrix;
  readonly sequences: readonly TextSequence[];
  /** What a sequence is called: `test row 12`. */
  rowName(sequence: TextSequence): string;
  colourOf(step: number): string;
  /** What the colours stand for. */
  readonly legend: readonly NamedColour[];
  /** `[T, K]` */
  readonly path: Matrix | null;
  readonly words: readonly string[];
  readonly cursor: number | null;
  readonly axes: AxisPair;
  /** Of each axis. */
  readonly explained: readonly number[];
  readonly fixed: readonly FixedPointFound[];
  onCursor(step: number): void;
  onLook(sequence: TextSequence, step: number): void;
}

/** What is pointed at: a step of a sequence, or of the sentence where that is `null`. */
interface Pointed {
  readonly sequence: number | null;
  readonly step: number;
}

/** How near the pointer must be, px. */
const reach = 14;
/** Thousands of points are one control, which arrow keys walk through. */
const focusable = { tabIndex: 0 };

/** States of many sequences in a plane, and the path of the sentence that is looked at. */
export function TrajectoryPlot(props: TrajectoryPlotProps) {
  const { label, points, sequences, rowName, colourOf, legend, path, words, cursor, axes, explained, fixed } = props;
  const id = useId();
  const { ref, width, height } = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useFigureColours();
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const starts = useMemo(() => sequences.map(({ start }) => start), [sequences]);
  const marks = useMemo(() => pointsOf(fixed, points.columns), [fixed, points.columns]);
  const groups = useMemo(() => [points, ...(path ? [path] : []), ...(marks.rows > 0 ? [marks] : [])], [points, path, marks]);
  const scale = useMemo(() => planeScale(groups, axes, width, height), [groups, axes, width, height]);
  const picture = useMemo(
    (): PlanePicture => ({
      points,
      sequences,
      colourOf,
      path,
      words,
      cursor,
      axes,
      scale,
      lit: pointed?.sequence ?? null,
      fixed,
    }),
    [points, sequences, colourOf, path, words, cursor, axes, scale, pointed, fixed],
  );
  const behind = useMemo(
    () => sequencesCanvas({ points, sequences, colourOf, path, axes, scale }, width, height),
    [points, sequences, colourOf, path, axes, scale, width, height],
  );
  useEffect(() => {
    const [area, ctx] = [canvas.current, canvas.current?.getContext('2d')];
    if (!area || !ctx || !behind) return;
    const dpr = window.devicePixelRatio;
    area.width = behind.width;
    area.height = behind.height;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(behind, 0, 0);
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    drawMarks(canvasPen(ctx), picture, colours, fixedColours(tokenOf));
  }, [behind, picture, colours]);

  const under = (event: PointerEvent<HTMLElement>): Pointed | null => {
    const corner = event.currentTarget.getBoundingClientRect();
    const point = { x: event.clientX - corner.left, y: event.clientY - corner.top };
    const own = path && nearestRow(path, axes, scale, point, reach);
    const near = nearestRow(points, axes, scale, point, own ? Math.max(0, own.away - 3) : reach);
    if (near) {
      const sequence = sequenceOf(starts, near.row);
      return { sequence, step: near.row - (starts[sequence] ?? 0) };
    }
    return own && { sequence: null, step: own.row };
  };
  const look = (at: Pointed): void => {
    const sequence = at.sequence === null ? null : sequences[at.sequence];
    if (sequence) props.onLook(sequence, at.step);
    else props.onCursor(at.step);
  };
  const key = (event: KeyboardEvent): void => {
    const to = walkedTo(event.key, cursor ?? 0, words.length - 1);
    const other = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (to !== undefined) {
      setPointed(null);
      props.onCursor(to);
    } else if (other !== undefined) {
      const next = pointed?.sequence == null ? 0 : pointed.sequence + other;
      const sequence = Math.min(sequences.length - 1, Math.max(0, next));
      setPointed({ sequence, step: (sequences[sequence]?.words.length ?? 1) - 1 });
    } else if (event.key === 'Enter' && pointed) look(pointed);
    else if (event.key === 'Escape' && pointed) setPointed(null);
    else return;
    event.preventDefault();
  };
  const percent = (axis: number): string => formatShare(explained[axis] ?? 0);
  return (
    <figure className="trajectory-plot">
      <div
        ref={ref}
        className="trajectory-plot__view"
        role="application"
        aria-roledescription="plane of states"
        aria-label={`${label}; left and right move through the sentence, up and down through the others, Enter looks at one`}
        aria-describedby={`${id}-read`}
        onPointerMove={(event) => setPointed(under(event))}
        onPointerLeave={() => setPointed(null)}
        onPointerDown={(event) => {
          const at = event.button === 0 ? under(event) : null;
          if (at) look(at);
        }}
        onKeyDown={key}
        {...focusable}
      >
        <canvas ref={canvas} style={{ width, height }} aria-hidden />
        <span className="trajectory-plot__x" aria-hidden>
          axis {axes.x + 1} ({percent(axes.x)}) →
        </span>
        <span className="trajectory-plot__y" aria-hidden>
          axis {axes.y + 1} ({percent(axes.y)}) →
        </span>
      </div>
      <figcaption className="heat-map__foot">
        <span id={`${id}-read`} className="heat-map__read" role="status">
          {read(pointed ?? (cursor === null ? null : { sequence: null, step: cursor }))}
        </span>
        <FigureTools
          name={label}
          table={() => ({
            head: ['', 'step', 'token', 'label', ...explained.map((_, axis) => `axis ${axis + 1}`)],
            rows: [
              ...words.map((word, t) => ['the sentence', t + 1, word, '', ...rowNumbers(path, t)]),
              ...sequences.flatMap((sequence) =>
                sequence.words.map((word, t) => [
                  rowName(sequence),
                  t + 1,
                  word,
                  sequence.tags?.[t] ?? sequence.label ?? '',
                  ...rowNumbers(points, sequence.start + t),
                ]),
              ),
            ],
          })}
          svg={() => {
            const body: string[] = [];
            drawGrid(svgPen(body), scale, width, height, gridColours(inSvg));
            drawSequences(svgPen(body), picture);
            drawMarks(svgPen(body), picture, figureColours(inSvg), fixedColours(inSvg));
            const foot = `<text x="${width / 2}" y="${height - 4}" text-anchor="middle" fill="var(--dim)">axis ${axes.x + 1} (${percent(axes.x)}), up: axis ${axes.y + 1} (${percent(axes.y)})</text>`;
            const lines = [legend, marksLegend(path, fixed)].filter((entries) => entries.length > 0);
            const told = lines.map((entries, at) => legendRow(entries, width, height + (at + 1) * legendLine - 8));
            const tall = height + lines.length * legendLine;
            return width === 0 ? null : svgOf(label, width, tall, body.join('') + foot + told.join(''));
          }}
        />
      </figcaption>
    </figure>
  );

  function read(at: Pointed | null) {
    if (at === null) return 'Point at a state to read it; a click looks at its sequence.';
    const sequence = at.sequence === null ? null : sequences[at.sequence];
    const word = sequence ? sequence.words[at.step] : words[at.step];
    const [x, y] = [axes.x, axes.y].map((axis) =>
      sequence ? numberAt(points, sequence.start + at.step, axis) : numberAt(path, at.step, axis),
    );
    const tag = sequence?.tags?.[at.step] ?? sequence?.label;
    return (
      <>
        <b>{word || at.step + 1}</b> (step {at.step + 1}
        {sequence ? ` of ${rowName(sequence)}${tag ? `, ${tag}` : ''}` : ''}): axis {axes.x + 1} = <b>{shown(x ?? Number.NaN)}</b>
        , axis {axes.y + 1} = <b>{shown(y ?? Number.NaN)}</b>
      </>
    );
  }
}

const numberAt = (matrix: Matrix | null, row: number, column: number): number =>
  matrix === null ? Number.NaN : at(matrix, row, column);
const rowNumbers = (matrix: Matrix | null, row: number): readonly number[] => (matrix === null ? [] : [...rowOf(matrix, row)]);

const pointsOf = (fixed: readonly FixedPointFound[], columns: number): Matrix => ({
  rows: fixed.length,
  columns,
  data: Float32Array.from(fixed.flatMap(({ at }) => at.slice(0, columns))),
});

/** The sequences are drawn once: what moves lies over them. */
function sequencesCanvas(picture: SequencesPicture, width: number, height: number): HTMLCanvasElement | null {
  if (width === 0 || height === 0) return null;
  const dpr = window.devicePixelRatio;
  const area = document.createElement('canvas');
  area.width = Math.round(width * dpr);
  area.height = Math.round(height * dpr);
  const ctx = area.getContext('2d');
  if (!ctx) return null;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  const pen = canvasPen(ctx);
  drawGrid(pen, picture.scale, width, height, gridColours(tokenOf));
  drawSequences(pen, picture);
  return area;
}

const gridColours = (colour: (token: string) => string): GridColours => ({
  line: colour('--line'),
  dim: colour('--dim'),
  panel: colour('--panel'),
});
const fixedColours = (colour: (token: string) => string): FixedColours => ({
  stable: colour('--good'),
  saddle: colour('--warn'),
  unstable: colour('--bad'),
});
/** Of the exported picture, px. */
const [legendLine, letter] = [24, 7];

/** What is drawn over the sequences, as far as there is any. */
function marksLegend(path: Matrix | null, fixed: readonly FixedPointFound[]): readonly NamedColour[] {
  const colours = fixedColours(inSvg);
  const kinds = [...new Set(fixed.map(({ kind }) => kind))];
  return [
    ...(path === null ? [] : [{ name: 'the sentence', colour: figureColours(inSvg).cursor }]),
    ...kinds.map((kind) => ({ name: `${kind} fixed point`, colour: colours[kind] })),
  ];
}

function legendRow(entries: readonly NamedColour[], width: number, y: number): string {
  const places = legendOf(
    entries.map(({ name }) => name),
    width,
    letter,
  );
  return entries
    .map(({ colour }, at) => {
      const { x = 0, words = '' } = places[at] ?? {};
      return `<g transform="translate(${x} ${y})"><circle cx="9" cy="-4" r="5" fill="${colour}"/><text x="24" fill="var(--ink)">${escaped(words)}</text></g>`;
    })
    .join('');
}

const inSvg = (token: string): string => `var(${token})`;
