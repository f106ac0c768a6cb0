import { useMemo, useRef } from 'react';
import { type Complex, eigenvalueTrails, type TrailMoment } from './eigenvalue-trails.ts';
import { type FigureTable, FigureTools } from './figure-tools.tsx';
import { svgOf } from './save-figure.ts';
import { shown } from './step-equations.ts';
import { useSize } from './use-size.ts';

interface EigenvaluePlotProps {
  /** What they are of, e.g. `U_f of Recurrent`. */
  readonly label: string;
  /** Real and imaginary parts, largest first. */
  readonly eigenvalues: readonly Complex[];
  /** The same at earlier moments of the training, oldest first. */
  readonly past: readonly TrailMoment[];
}

/** Above this many, ways are not drawn: dots are. */
const mostWays = 96;

/** Eigenvalues in the plane, against the unit circle: outside of it a repeated product grows, inside it fades. */
export function EigenvaluePlot({ label, eigenvalues, past }: EigenvaluePlotProps) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const drawing = useRef<SVGSVGElement>(null);
  const all = [...eigenvalues, ...past.flatMap((moment) => moment.eigenvalues)];
  const reach = all
    .map(([re, im]) => 1.08 * Math.hypot(re, im))
    .filter(Number.isFinite)
    .reduce((most, size) => Math.max(most, size), 1.15);
  const unit = Math.max(1, Math.min(width, height) / 2 - 14) / reach;
  const [x0, y0] = [width / 2, height / 2];
  const finite = eigenvalues.map(([re, im], place) => ({ re, im, place })).filter(({ re, im }) => Number.isFinite(re + im));
  const outside = finite.filter(({ re, im }) => Math.hypot(re, im) > 1).length;
  const [first] = finite;
  const at = ([re, im]: Complex): string => `${(x0 + unit * re).toFixed(1)} ${(y0 - unit * im).toFixed(1)}`;
  const ways = useMemo(
    () =>
      past.length === 0 || eigenvalues.length > mostWays
        ? []
        : eigenvalueTrails([...past, { step: Number.POSITIVE_INFINITY, eigenvalues }]),
    [past, eigenvalues],
  );
  return (
    <figure className="time-chart">
      <div
        ref={ref}
        className="time-chart__view time-chart__view--still"
        role="img"
        aria-label={`${label}: ${finite.length} eigenvalues, ${outside} of them outside of the unit circle${past.length === 0 ? '' : `; with their ways over ${past.length} earlier moments`}`}
      >
        <svg ref={drawing} width={width} height={height} fontSize="12" aria-hidden="true">
          <line x1={x0 - unit * reach} x2={x0 + unit * reach} y1={y0} y2={y0} stroke="var(--line)" />
          <line x1={x0} x2={x0} y1={y0 - unit * reach} y2={y0 + unit * reach} stroke="var(--line)" />
          <circle cx={x0} cy={y0} r={unit} fill="none" stroke="var(--control-line)" strokeWidth={1.5} />
          <text x={x0 + unit + 4} y={y0 - 4} fill="var(--dim)">
            1
          </text>
          <g fill="none" stroke="var(--cell)" opacity={0.5}>
            {ways
              .map((way, place) => ({ place, d: way.map(at).join('L') }))
              .map(({ place, d }) => (
                <path key={place} d={`M${d}`} />
              ))}
          </g>
          {past.flatMap(({ step, eigenvalues: then }, moment) =>
            then
              .map((value, place) => ({ key: `${step} ${place}`, value }))
              .map(({ key, value: [re, im] }) => (
                <circle
                  key={key}
                  cx={x0 + unit * re}
                  cy={y0 - unit * im}
                  r={1.5}
                  fill="var(--cell)"
                  opacity={0.15 + (0.5 * moment) / past.length}
                />
              )),
          )}
          {finite.map(({ re, im, place }) => (
            <circle
              key={place}
              cx={x0 + unit * re}
              cy={y0 - unit * im}
              r={place === 0 ? 5 : 3}
              fill={Math.hypot(re, im) > 1 ? 'var(--state)' : 'var(--cell)'}
              stroke="var(--panel)"
            >
              <title>{`${shown(re)} ${im < 0 ? '−' : '+'} ${shown(Math.abs(im))}i, size ${shown(Math.hypot(re, im))}`}</title>
            </circle>
          ))}
        </svg>
      </div>
      <figcaption className="heat-map__foot">
        <span className="heat-map__read">
          {first && (
            <>
              The largest is <b>{`${shown(first.re)}${first.im === 0 ? '' : ` ± ${shown(Math.abs(first.im))}i`}`}</b>; {outside}{' '}
              of {finite.length} lie outside of the circle.
            </>
          )}
        </span>
        <FigureTools
          name={label}
          table={() => tableOf(eigenvalues, past)}
          svg={() => drawing.current && svgOf(label, width, height, drawing.current.innerHTML)}
        />
      </figcaption>
    </figure>
  );
}

/** With earlier moments each row has its step; those that are shown now come first. */
function tableOf(eigenvalues: readonly Complex[], past: readonly TrailMoment[]): FigureTable {
  const rows = (of: readonly Complex[]): [string, number, number, number][] =>
    of.map(([re, im], place) => [String(place + 1), re, im, Math.hypot(re, im)]);
  const head = ['', 'real part', 'imaginary part', 'size'];
  if (past.length === 0) return { head, rows: rows(eigenvalues) };
  const then = past.flatMap((moment) => rows(moment.eigenvalues).map((row) => [...row, `step ${moment.step}`]));
  return { head: [...head, 'moment'], rows: [...rows(eigenvalues).map((row) => [...row, 'shown']), ...then] };
}
