import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { Answer } from '../bridge/use-answer.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { formatShare } from '../training/metric-format.ts';
import { Spinner } from '../ui/spinner.tsx';
import { type Arrow, type ArrowPoint, type ArrowStart, arrowPoints, heldStart } from './arrow.ts';
import './arrow-plot.css';
import { FigureTools } from './figure-tools.tsx';
import { svgOf } from './save-figure.ts';
import { shown } from './step-equations.ts';
import type { Place } from './store.ts';
import { useArrow } from './use-answers.ts';
import { useSize } from './use-size.ts';
import { ViewHead } from './view-head.tsx';

interface CellArrowProps extends Omit<ArrowViewProps, 'answer'> {
  readonly trace: string;
  readonly place: Place;
}

/** Of one of the cell's own matrices. */
export function CellArrow({ trace, place, ...props }: CellArrowProps) {
  return <ArrowView {...props} answer={useArrow(trace, place, props.matrix)} />;
}

interface ArrowViewProps {
  /** Its name. */
  readonly matrix: string;
  /** Of its dominant eigenvalue. */
  readonly radius: number;
  readonly answer: Answer<Arrow>;
}

/** How signals fade, as the lecture draws it: one vector, again and again multiplied by a matrix (row L21). */
export function ArrowView({ matrix, radius, answer: { result, failure } }: ArrowViewProps) {
  const where =
    result?.turns === true ? 'the plane of the dominant pair, in which it turns' : 'the dominant eigenvector, left or right';
  return (
    <section className="microscope__main" aria-label="Repeated products">
      <ViewHead
        title="Again and again"
        shows={`An arrow, multiplied by ${matrix} and made 1 long, again and again: pale at first, full at the end.`}
        lookFor={`Drag its start: wherever it is, the arrow ends in ${where}.`}
        tex={'h \\leftarrow \\frac{W h}{\\|W h\\|}'}
      />
      {failure && <FailureNote failure={failure} />}
      {!result && !failure && <Spinner label="Multiplying …" />}
      {result && result.products.length > 0 && (
        <ArrowPlot label={`Repeated products with ${matrix}`} arrow={result} radius={radius} />
      )}
      {result && result.products.length === 0 && <p className="view-head__words">Its products are nothing.</p>}
    </section>
  );
}

interface ArrowPlotProps {
  readonly label: string;
  readonly arrow: Arrow;
  readonly radius: number;
}

/** One control, which arrow keys move. */
const focusable = { tabIndex: 0 };
/** Of a key: a turn, and nearer to the middle. */
const [turn, nearer] = [Math.PI / 36, 0.05];

function ArrowPlot({ label, arrow, radius }: ArrowPlotProps) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const drawing = useRef<SVGSVGElement>(null);
  const [wanted, setWanted] = useState<ArrowStart>({ x: 0.25, y: 0.75 });
  const start = heldStart(arrow, wanted);
  const points = arrowPoints(arrow, start);
  const unit = Math.max(1, Math.min(width, height) / 2 - 16);
  const [x0, y0] = [width / 2, height / 2];
  const drag = (event: PointerEvent<HTMLElement>): void => {
    if ((event.buttons & 1) === 0) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    setWanted(heldStart(arrow, { x: (event.clientX - left - x0) / unit, y: (y0 - event.clientY + top) / unit }));
  };
  const key = (event: KeyboardEvent): void => {
    const moved = movedBy(event.key, start);
    if (moved === null) return;
    event.preventDefault();
    setWanted(heldStart(arrow, moved));
  };
  const last = points.at(-1);
  return (
    <figure className="time-chart">
      <div
        ref={ref}
        className="time-chart__view arrow-plot"
        role="application"
        aria-roledescription="arrow"
        aria-label={`${label}; arrow keys turn the start${arrow.directions > 2 ? ', and move it out of the plane' : ''}`}
        onPointerDown={drag}
        onPointerMove={drag}
        onKeyDown={key}
        {...focusable}
      >
        <svg ref={drawing} width={width} height={height} fontSize="12" aria-hidden="true">
          <circle cx={x0} cy={y0} r={unit} fill="none" stroke="var(--control-line)" strokeWidth={1.5} />
          <line x1={x0 - unit} x2={x0 + unit} y1={y0} y2={y0} stroke="var(--cell)" strokeWidth={arrow.turns ? 1 : 2} />
          <line x1={x0} x2={x0} y1={y0 - unit} y2={y0 + unit} stroke={arrow.turns ? 'var(--cell)' : 'var(--line)'} />
          <text x={x0 + unit - 4} y={y0 - 6} textAnchor="end" fill="var(--dim)">
            {arrow.turns ? 'e₁' : 'v₁'}
          </text>
          {arrow.turns && (
            <text x={x0 + 6} y={y0 - unit + 14} fill="var(--dim)">
              e₂
            </text>
          )}
          {points
            .map(({ x, y }, n) => ({ n, x: x0 + unit * x, y: y0 - unit * y }))
            .map(({ n, x, y }) => (
              <line
                key={n}
                x1={x0}
                y1={y0}
                x2={x}
                y2={y}
                stroke={n === 0 ? 'var(--state)' : 'var(--accent)'}
                strokeWidth={n === 0 || n === points.length - 1 ? 3 : 1.5}
                strokeDasharray={n === 0 ? '5 4' : undefined}
                opacity={n === 0 ? 1 : 0.15 + (0.85 * n) / points.length}
              />
            ))}
          <circle
            cx={x0 + unit * start.x}
            cy={y0 - unit * start.y}
            r={7}
            fill="var(--state)"
            stroke="var(--panel)"
            strokeWidth={2}
          />
          {last && <circle cx={x0 + unit * last.x} cy={y0 - unit * last.y} r={5} fill="var(--accent)" stroke="var(--panel)" />}
        </svg>
      </div>
      <figcaption className="heat-map__foot">
        <span className="heat-map__read" role="status">
          <Words arrow={arrow} start={start} points={points} radius={radius} />
        </span>
        <FigureTools
          name={label}
          table={() => ({
            head: ['products', arrow.turns ? 'along e₁' : 'along v₁', 'across', 'in this plane', '‖W h‖'],
            rows: points.map(({ x, y, stretch }, n) => [String(n), x, y, Math.hypot(x, y), stretch]),
          })}
          svg={() => drawing.current && svgOf(label, width, height, drawing.current.innerHTML)}
        />
      </figcaption>
    </figure>
  );
}

function movedBy(key: string, { x, y }: ArrowStart): ArrowStart | null {
  const [angle, length] = [Math.atan2(y, x), Math.hypot(x, y)];
  const at = (a: number, l: number): ArrowStart => ({ x: l * Math.cos(a), y: l * Math.sin(a) });
  switch (key) {
    case 'ArrowLeft':
      return at(angle + turn, length);
    case 'ArrowRight':
      return at(angle - turn, length);
    case 'ArrowUp':
      return at(angle, Math.min(1, length + nearer));
    case 'ArrowDown':
      return at(angle, Math.max(nearer, length - nearer));
    default:
      return null;
  }
}

interface WordsProps {
  readonly arrow: Arrow;
  readonly start: ArrowStart;
  readonly points: readonly ArrowPoint[];
  readonly radius: number;
}

const degrees = ({ x, y }: ArrowStart): string => `${Math.round((Math.atan2(y, x) * 180) / Math.PI)}°`;

/** Where it starts, how much of it each product leaves, and how much of it lies in the plane in the end. */
function Words({ arrow, start, points, radius }: WordsProps) {
  const last = points.at(-1);
  if (!last || points.length < 2) return <>From {degrees(start)} its first product is nothing.</>;
  const n = points.length - 1;
  const inside = arrow.turns ? Math.hypot(last.x, last.y) : Math.abs(last.x);
  return (
    <>
      Start at <b>{degrees(start)}</b>
      {arrow.directions > 2 && (
        <>
          , <b>{formatShare(Math.hypot(start.x, start.y))}</b> in this plane
        </>
      )}
      ; after {n} products <b>{formatShare(inside)}</b> {arrow.turns ? 'in it' : 'along v₁'}, and the last one made it{' '}
      <b>{shown(last.stretch)}</b> long (|λ₁| = {shown(radius)}).
    </>
  );
}
