import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { cutText } from '../ui/cut-text.ts';
import { legendOf } from './chart-legend.ts';
import { evenAxis, logAxis } from './chart-scale.ts';
import { FigureTools } from './figure-tools.tsx';
import { labelStride } from './heat-map-geometry.ts';
import { svgOf } from './save-figure.ts';
import { shown } from './step-equations.ts';
import './time-chart.css';
import { useSize } from './use-size.ts';
import { walkedTo } from './walked-to.ts';

/** A number at each step. */
export interface TimeSeries {
  readonly label: string;
  /** A colour token of the theme. */
  readonly color: string;
  readonly dashed?: boolean;
  readonly values: readonly number[];
}

interface TimeChartProps {
  /** What is drawn. */
  readonly label: string;
  readonly series: readonly TimeSeries[];
  /** Of each step. */
  readonly names: readonly string[];
  readonly cursor: number | null;
  onCursor(step: number): void;
  /** Lines on powers of ten, or lines or bars around zero. */
  readonly form: 'log-lines' | 'lines' | 'bars';
  /** How a number is written. */
  format?(value: number): string;
  /** The step that all is of, marked. */
  readonly mark?: number | null;
}

const margin = { left: 48, right: 10, top: 22, bottom: 22 } as const;
/** Of a letter below the chart, and what is free between two names at least, px. */
const [letter, gap] = [7, 6];
/** One control, which arrow keys walk through. */
const focusable = { tabIndex: 0 };

/** Numbers over the steps of a sentence, read by pointer, by keys or as a table. */
export function TimeChart({ label, series, names, cursor, onCursor, form, format = shown, mark = null }: TimeChartProps) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const drawing = useRef<SVGSVGElement>(null);
  const steps = names.length;
  const all = series.flatMap(({ values }) => values);
  const axis = form === 'log-lines' ? logAxis(all) : evenAxis(all, format);
  const [across, down] = [Math.max(1, width - margin.left - margin.right), Math.max(1, height - margin.top - margin.bottom)];
  const each = across / Math.max(1, steps);
  const x = (step: number): number => margin.left + (step + 0.5) * each;
  const y = (value: number): number | null => {
    const share = axis.place(value);
    return share === null ? null : margin.top + (1 - share) * down;
  };
  const stepUnder = (event: PointerEvent<HTMLElement>): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return Math.min(steps - 1, Math.max(0, Math.floor((event.clientX - left - margin.left) / each)));
  };
  const point = (event: PointerEvent<HTMLElement>): void => {
    if ((event.buttons & 1) === 1) onCursor(stepUnder(event));
  };
  const key = (event: KeyboardEvent): void => {
    const to = walkedTo(event.key, cursor ?? 0, steps - 1);
    if (to === undefined) return;
    event.preventDefault();
    onCursor(to);
  };
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  const every = labelStride(each, Math.min(60, Math.max(34, longest * letter + gap)));
  const letters = Math.floor((each * every - gap) / letter);
  const legend = legendOf(
    series.map((one) => one.label),
    across,
    letter,
  );
  return (
    <figure className="time-chart">
      <div
        ref={ref}
        className="time-chart__view"
        role="application"
        aria-roledescription="chart"
        aria-label={`${label}; arrow keys read it`}
        onPointerDown={point}
        onPointerMove={point}
        onKeyDown={key}
        {...focusable}
      >
        <svg ref={drawing} width={width} height={height} fontSize="12" aria-hidden="true">
          {axis.ticks.map(({ value, label: tick }) => (
            <g key={value}>
              <line x1={margin.left} x2={width - margin.right} y1={y(value) ?? 0} y2={y(value) ?? 0} stroke="var(--line)" />
              <text x={margin.left - 6} y={(y(value) ?? 0) + 4} textAnchor="end" fill="var(--dim)">
                {tick}
              </text>
            </g>
          ))}
          {mark !== null && (
            <rect x={x(mark) - each / 2} y={margin.top} width={each} height={down} fill="var(--state)" opacity={0.14} />
          )}
          {cursor !== null && (
            <rect
              x={x(cursor) - each / 2}
              y={margin.top}
              width={each}
              height={down}
              fill="var(--accent)"
              fillOpacity={0.12}
              stroke="var(--accent)"
            />
          )}
          {names
            .map((name, step) => ({ name, step }))
            .map(({ name, step }) =>
              step === cursor || (step % every === 0 && (cursor === null || Math.abs(step - cursor) >= every)) ? (
                <text
                  key={step}
                  x={x(step)}
                  y={height - 6}
                  textAnchor="middle"
                  fill={step === cursor ? 'var(--ink)' : 'var(--dim)'}
                >
                  {cutText(name, letters)}
                </text>
              ) : null,
            )}
          {series.map((one, place) =>
            form === 'bars' ? (
              <Bars key={one.label} {...one} place={place} count={series.length} each={each} x={x} y={y} />
            ) : (
              <Line key={one.label} {...one} x={x} y={y} />
            ),
          )}
          {series.map(({ label: name, color, dashed }, place) => (
            <g key={name} transform={`translate(${margin.left + (legend[place]?.x ?? 0)} 12)`}>
              <line
                x1={0}
                x2={18}
                y1={-4}
                y2={-4}
                stroke={`var(${color})`}
                strokeWidth={form === 'bars' ? 8 : 2.2}
                strokeDasharray={dashed === true ? '5 4' : undefined}
              />
              <text x={24} fill="var(--ink)">
                {legend[place]?.words}
              </text>
            </g>
          ))}
        </svg>
      </div>
      <figcaption className="heat-map__foot">
        <span className="heat-map__read" role="status">
          {cursor !== null && (
            <>
              At <b>{names[cursor]}</b> (step {cursor + 1}):{' '}
              {series.map(({ label: name, values }, place) => (
                <span key={name}>
                  {place > 0 && ', '}
                  {name} <b>{format(values[cursor] ?? Number.NaN)}</b>
                </span>
              ))}
            </>
          )}
        </span>
        <FigureTools
          name={label}
          table={() => ({
            head: ['step', ...series.map((one) => one.label)],
            rows: names.map((name, step) => [`${step + 1} ${name}`, ...series.map(({ values }) => values[step] ?? Number.NaN)]),
          })}
          svg={() => drawing.current && svgOf(label, width, height, drawing.current.innerHTML)}
        />
      </figcaption>
    </figure>
  );
}

interface Placed {
  x(step: number): number;
  y(value: number): number | null;
}

function Line({ values, color, dashed, x, y }: TimeSeries & Placed) {
  const path = values.map((value, step) => {
    const at = y(value);
    const before = step > 0 ? y(values[step - 1] ?? Number.NaN) : null;
    return at === null ? '' : `${before === null ? 'M' : 'L'}${x(step).toFixed(1)} ${at.toFixed(1)}`;
  });
  // What stands between two gaps is a dot.
  const lone = values
    .map((value, step) => ({ value, step }))
    .filter(({ value, step }) => {
      const beside = [values[step - 1], values[step + 1]].some((one) => one !== undefined && y(one) !== null);
      return y(value) !== null && !beside;
    });
  return (
    <>
      <path
        d={path.join('')}
        fill="none"
        stroke={`var(${color})`}
        strokeWidth={2.2}
        strokeDasharray={dashed === true ? '5 4' : undefined}
      />
      {lone.map(({ value, step }) => (
        <circle key={step} cx={x(step)} cy={y(value) ?? 0} r={3} fill={`var(${color})`} />
      ))}
    </>
  );
}

function Bars({ values, color, place, count, each, x, y }: TimeSeries & Placed & { place: number; count: number; each: number }) {
  const zero = y(0) ?? 0;
  const wide = Math.max(1, (each * 0.8) / count);
  return values
    .map((value, step) => ({ value, step }))
    .map(({ value, step }) => {
      const top = y(value);
      if (top === null) return null;
      return (
        <rect
          key={step}
          x={x(step) - each * 0.4 + place * wide}
          y={Math.min(top, zero)}
          width={wide}
          height={Math.max(0.5, Math.abs(top - zero))}
          // Below zero is told by the place too; of several, the colour tells which.
          fill={value < 0 && count === 1 ? 'var(--bad)' : `var(${color})`}
        />
      );
    });
}
