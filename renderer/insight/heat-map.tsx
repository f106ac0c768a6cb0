import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { NumberScale } from './colour-scale.ts';
import { FigureTools } from './figure-tools.tsx';
import './heat-map.css';
import { drawHeatMap, type HeatMapPicture } from './heat-map-draw.ts';
import { heatMapSvg, heatMapTable } from './heat-map-export.ts';
import { type Cell, cellUnder, geometryOf, scrollFor } from './heat-map-geometry.ts';
import { at, type Matrix } from './matrix.ts';
import { canvasOf, pixelsOf } from './pixels.ts';
import { type FigureColours, useColourTables, useFigureColours } from './scale-colours.ts';
import { shown } from './step-equations.ts';
import type { StepRange } from './store.ts';
import { walkedTo } from './walked-to.ts';

export interface HeatMapProps {
  /** What the map is of, e.g. `f of LSTM cell, units × steps`. */
  readonly label: string;
  /** `[T, units]`. */
  readonly matrix: Matrix;
  /** The unit of each row, from the top. */
  readonly order: readonly number[];
  readonly scale: NumberScale;
  /** Of each step. */
  readonly names: readonly string[];
  /** What a row is, e.g. `unit 17`. */
  rowName(unit: number): string;
  /** What stands beside a row. */
  rowLabel?(unit: number): string;
  /** What a number is called, e.g. `f`. */
  readonly quantity: string;
  readonly cursor: number | null;
  readonly unit: number | null;
  readonly range: StepRange | null;
  /** What can be done with it, while nothing is read. */
  readonly hint?: string;
  onCursor(step: number): void;
  onPin(unit: number | null): void;
  onRange(range: StepRange | null): void;
}

/** Thousands of numbers are one control, which arrow keys walk through. */
const focusable = { tabIndex: 0 };
const plain = (unit: number): string => String(unit);

/** A map of numbers, units × steps, drawn on a canvas: read by pointer, by keys or as a table. */
export function HeatMap(props: HeatMapProps) {
  const { label, matrix, order, scale, names, rowName, rowLabel = plain, quantity, cursor, unit, range } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [hover, setHover] = useState<Cell | null>(null);
  const dragFrom = useRef<number | null>(null);
  const tables = useColourTables();
  const image = useMemo(() => {
    const pixels = pixelsOf(matrix, order, scale, tables[scale.kind]);
    return pixels && canvasOf(pixels);
  }, [matrix, order, scale, tables]);
  const geometry = useMemo(() => geometryOf(matrix.rows, order.length, room), [matrix.rows, order.length, room]);
  const row = unit === null ? null : order.indexOf(unit);
  const rowNames = useMemo(() => order.map(rowLabel), [order, rowLabel]);
  const picture = useMemo(
    (): HeatMapPicture | null => image && { image, geometry, names, rowNames, cursor, row, hover, range },
    [image, geometry, names, rowNames, cursor, row, hover, range],
  );

  const colours = useFigureColours();
  const drawn = useRef<{ readonly picture: HeatMapPicture | null; readonly colours: FigureColours } | null>(null);
  const draw = useRef((): void => {
    const [view, area, ctx] = [scroller.current, canvas.current, canvas.current?.getContext('2d')];
    const picture = drawn.current?.picture;
    if (!view || !area || !ctx || !picture || !drawn.current) return;
    const [width, height, dpr] = [view.clientWidth, view.clientHeight, window.devicePixelRatio];
    if (area.width !== Math.round(width * dpr) || area.height !== Math.round(height * dpr)) {
      area.width = Math.round(width * dpr);
      area.height = Math.round(height * dpr);
    }
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    drawHeatMap(ctx, picture, { width, height, left: view.scrollLeft, top: view.scrollTop }, drawn.current.colours);
  });
  useEffect(() => {
    drawn.current = { picture, colours };
    draw.current();
  }, [picture, colours]);
  useEffect(() => {
    const view = scroller.current;
    if (!view) return undefined;
    const observer = new ResizeObserver(() => {
      setRoom({ width: view.clientWidth, height: view.clientHeight });
      draw.current();
    });
    observer.observe(view);
    return () => observer.disconnect();
  }, []);

  const walking = useRef(false);
  useEffect(() => {
    const view = scroller.current;
    if (!view || !walking.current) return;
    walking.current = false;
    const here = { step: cursor ?? 0, row: row ?? 0 };
    const next = scrollFor(geometry, here, { width: view.clientWidth, height: view.clientHeight }, scrollOf(view));
    view.scrollTo(next);
  });

  // Whoever moves the cursor: its column is in view.
  useEffect(() => {
    const view = scroller.current;
    if (!view || cursor === null || view.clientWidth === 0) return;
    const now = scrollOf(view);
    const { left } = scrollFor(geometry, { step: cursor, row: 0 }, { width: view.clientWidth, height: view.clientHeight }, now);
    if (left !== now.left) view.scrollLeft = left;
  }, [cursor, geometry]);

  const under = (event: PointerEvent<HTMLElement>): Cell | null => {
    const view = scroller.current;
    if (!view) return null;
    const corner = view.getBoundingClientRect();
    return cellUnder(geometry, { x: event.clientX - corner.left, y: event.clientY - corner.top }, scrollOf(view));
  };
  const press = (event: PointerEvent<HTMLElement>): void => {
    const cell = under(event);
    if (!cell || event.button !== 0) return;
    dragFrom.current = cell.step;
    props.onCursor(cell.step);
    props.onPin(order[cell.row] ?? null);
    props.onRange(null);
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const cell = under(event);
    setHover((before) => (before?.step === cell?.step && before?.row === cell?.row ? before : cell));
    const from = dragFrom.current;
    if (from === null || !cell || (event.buttons & 1) === 0) return;
    props.onRange(cell.step === from ? null : { from: Math.min(from, cell.step), to: Math.max(from, cell.step) });
  };
  const key = (event: KeyboardEvent): void => {
    const step = cursor ?? 0;
    const to = walkedTo(event.key, step, matrix.rows - 1);
    const down = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (to !== undefined) {
      if (event.shiftKey) props.onRange(grown(range, step, to));
      props.onCursor(to);
    } else if (down !== undefined) {
      const next = row === null ? 0 : Math.min(order.length - 1, Math.max(0, row + down));
      props.onPin(order[next] ?? null);
    } else if (event.key === 'Escape' && (range !== null || unit !== null)) {
      props.onRange(null);
      if (range === null) props.onPin(null);
    } else return;
    walking.current = true;
    event.preventDefault();
  };

  const read = hover ?? (row !== null && cursor !== null ? { step: cursor, row } : null);
  const readUnit = read === null ? undefined : order[read.row];
  return (
    <figure className="heat-map">
      <div
        ref={scroller}
        className="heat-map__view"
        role="application"
        aria-roledescription="heat map"
        aria-label={`${label}; arrow keys read it, Shift and arrow keys choose steps`}
        aria-describedby={`${id}-read`}
        onScroll={() => draw.current()}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={() => {
          dragFrom.current = null;
        }}
        onPointerLeave={() => setHover(null)}
        onKeyDown={key}
        {...focusable}
      >
        <div className="heat-map__size" style={geometry.whole}>
          <canvas ref={canvas} className="heat-map__canvas" style={room} aria-hidden />
        </div>
      </div>
      <figcaption className="heat-map__foot">
        <span id={`${id}-read`} className="heat-map__read" role="status">
          {read && readUnit !== undefined ? (
            <>
              {rowName(readUnit)} at <b>{names[read.step]}</b> (step {read.step + 1}): {quantity} ={' '}
              <b>{shown(at(matrix, read.step, readUnit))}</b>
            </>
          ) : (
            (props.hint ?? 'Point at a number to read it; a click pins its unit, a drag chooses steps.')
          )}
        </span>
        <FigureTools
          name={label}
          table={() => heatMapTable(props)}
          svg={() => heatMapSvg(props, image, tables[props.scale.kind])}
        />
      </figcaption>
    </figure>
  );
}

const scrollOf = (view: HTMLElement): { readonly left: number; readonly top: number } => ({
  left: view.scrollLeft,
  top: view.scrollTop,
});

/** A range of steps whose one end moves. */
function grown(range: StepRange | null, from: number, to: number): StepRange | null {
  const fixed = range === null ? from : range.from === from ? range.to : range.from;
  return fixed === to ? null : { from: Math.min(fixed, to), to: Math.max(fixed, to) };
}
