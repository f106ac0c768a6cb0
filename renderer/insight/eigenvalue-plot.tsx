import { useRef } from 'react';
import { FigureTools } from './figure-tools.tsx';
import { svgOf } from './save-figure.ts';
import { shown } from './step-equations.ts';
import { useSize } from './use-size.ts';

interface EigenvaluePlotProps {
  /** What they are of, e.g. `U_f of Recurrent`. */
  readonly label: string;
  /** Real and imaginary parts, largest first. */
  readonly eigenvalues: readonly (readonly [number, number])[];
}

/** Eigenvalues in the plane, against the unit circle: outside of it a repeated product grows, inside it fades. */
export function EigenvaluePlot({ label, eigenvalues }: EigenvaluePlotProps) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const drawing = useRef<SVGSVGElement>(null);
  const reach = Math.max(1.15, ...eigenvalues.map(([re, im]) => 1.08 * Math.hypot(re, im)).filter(Number.isFinite));
  const unit = Math.max(1, Math.min(width, height) / 2 - 14) / reach;
  const [x0, y0] = [width / 2, height / 2];
  const finite = eigenvalues.map(([re, im], place) => ({ re, im, place })).filter(({ re, im }) => Number.isFinite(re + im));
  const outside = finite.filter(({ re, im }) => Math.hypot(re, im) > 1).length;
  const [first] = finite;
  return (
    <figure className="time-chart">
      <div
        ref={ref}
        className="time-chart__view time-chart__view--still"
        role="img"
        aria-label={`${label}: ${finite.length} eigenvalues, ${outside} of them outside of the unit circle`}
      >
        <svg ref={drawing} width={width} height={height} fontSize="12" aria-hidden="true">
          <line x1={x0 - unit * reach} x2={x0 + unit * reach} y1={y0} y2={y0} stroke="var(--line)" />
          <line x1={x0} x2={x0} y1={y0 - unit * reach} y2={y0 + unit * reach} stroke="var(--line)" />
          <circle cx={x0} cy={y0} r={unit} fill="none" stroke="var(--control-line)" strokeWidth={1.5} />
          <text x={x0 + unit + 4} y={y0 - 4} fill="var(--dim)">
            1
          </text>
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
          table={() => ({
            head: ['', 'real part', 'imaginary part', 'size'],
            rows: eigenvalues.map(([re, im], place) => [String(place + 1), re, im, Math.hypot(re, im)]),
          })}
          svg={() => drawing.current && svgOf(label, width, height, drawing.current.innerHTML)}
        />
      </figcaption>
    </figure>
  );
}
