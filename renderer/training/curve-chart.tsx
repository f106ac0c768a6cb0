import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { alignLines, type ChartLine, drawLines, fullRange, lineBreaks, readingAt, type XRange } from './chart-lines.ts';
import './curve-chart.css';
import { CurvePlot, type PlotMark } from './curve-plot.ts';
import { LineKey } from './line-key.tsx';
import { formatNumber } from './metric-format.ts';
import { formatDuration } from './time-left.ts';
import { useLookedAt } from './use-looked-at.ts';

interface CurveChartProps {
  /** What is drawn, for assistive technology, e.g. `loss by step`. */
  readonly title: string;
  /** Another array whenever the lines have changed, also when they have grown in place. */
  readonly lines: readonly ChartLine[];
  /** 0 to below 1. */
  readonly smoothing: number;
  readonly logarithmic: boolean;
  readonly axis: 'step' | 'epoch' | 'time';
  /** A level line such as the trivial baseline. */
  readonly level?: { readonly label: string; readonly value: number } | undefined;
  readonly format?: (value: number) => string;
  /** The values are shares, shown in percent at the axis. */
  readonly percent?: boolean;
  /** Title of the vertical axis. */
  readonly unit: string;
  readonly mark?: PlotMark | undefined;
}

/**
 * Lines over steps, epochs or time. Drag across to zoom, double click to see all; with the keyboard, arrows move the reading line
 * (with Shift in strides), + and − zoom around it, 0 shows all.
 */
export function CurveChart({
  title,
  lines,
  smoothing,
  logarithmic,
  axis,
  level,
  format = formatNumber,
  percent = false,
  unit,
  mark,
}: CurveChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<CurvePlot | null>(null);
  const [zoom, setZoom] = useState<{ readonly axis: string; readonly range: XRange }>({ axis, range: fullRange });
  const [cursor, setCursor] = useState<number | null>(null);
  // A range of steps says nothing about seconds.
  const range = zoom.axis === axis ? zoom.range : fullRange;
  const picture = useLookedAt({ lines, smoothing, logarithmic });
  const drawn = useMemo(() => drawLines(picture.lines, picture.smoothing, picture.logarithmic, range), [picture, range]);
  const data = useMemo(() => alignLines(drawn), [drawn]);
  const breaks = useMemo(() => lineBreaks(picture.lines), [picture.lines]);
  const showRange = (next: XRange): void => setZoom({ axis, range: next });
  const events = useRef({ showRange });
  useEffect(() => {
    events.current = { showRange };
  });

  useEffect(() => {
    if (!host.current) return;
    const chart = new CurvePlot(host.current, { moved: setCursor, zoomed: (next) => events.current.showRange(next) });
    plot.current = chart;
    return () => chart.destroy();
  }, []);
  useEffect(() => {
    const content = { drawn, data, breaks, range, axis, level: level?.value, percent, unit, mark };
    plot.current?.show({ ...content, logarithmic: picture.logarithmic });
  }, [drawn, data, breaks, range, picture.logarithmic, axis, level?.value, percent, unit, mark]);

  const keys = (event: KeyboardEvent): void => {
    const chart = plot.current;
    const [xs] = data;
    if (!chart || xs.length === 0) return;
    const at = cursor ?? xs.length - 1;
    const stride = event.shiftKey ? Math.ceil(xs.length / 20) : 1;
    const read = (index: number): void => chart.read(Math.max(0, Math.min(xs.length - 1, index)));
    const scale = (factor: number): void => {
      const { from, to } = chart.visible;
      const middle = xs[at] ?? 0;
      showRange({ from: middle - (middle - from) * factor, to: middle + (to - middle) * factor });
    };
    if (event.key === 'ArrowLeft') read(at - stride);
    else if (event.key === 'ArrowRight') read(at + stride);
    else if (event.key === 'Home') read(0);
    else if (event.key === 'End') read(xs.length - 1);
    else if (event.key === '+' || event.key === '=') scale(0.5);
    else if (event.key === '-') scale(2);
    else if (event.key === '0') showRange(fullRange);
    else return;
    event.preventDefault();
  };

  const position = cursor === null ? undefined : data[0][cursor];
  const place = (x: number): string => (axis === 'time' ? formatDuration(x) : `${axis} ${Number(x.toFixed(2))}`);
  const readings = drawn.flatMap(({ line, faint }, i) => {
    const value = cursor === null || faint ? null : readingAt(line, data, i + 1, cursor);
    return value === null ? [] : [{ line, value }];
  });
  const said =
    position === undefined
      ? inWords(lines, { level, mark }, format)
      : `${place(position)}: ${readings.map(({ line, value }) => `${line.label} ${format(value)}`).join(', ')}`;
  return (
    <div className="curve-chart">
      <div
        ref={host}
        className="curve-chart__canvas"
        role="slider"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={Math.max(1, data[0].length - 1)}
        aria-valuenow={cursor ?? 0}
        aria-valuetext={said}
        tabIndex={0}
        onKeyDown={keys}
      />
      {range !== fullRange && (
        <Button size="small" className="curve-chart__reset" onClick={() => showRange(fullRange)}>
          Show all
        </Button>
      )}
      {position !== undefined && (
        <div className="curve-chart__readout" aria-hidden>
          <div className="curve-chart__readout-row">{place(position)}</div>
          {readings.map(({ line, value }) => (
            <div className="curve-chart__readout-row" key={line.label}>
              <LineKey color={line.color} dashed={line.dashed} />
              <span>{line.label}</span>
              <span>{format(value)}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** The picture in words. */
function inWords(
  lines: readonly ChartLine[],
  { level, mark }: Pick<CurveChartProps, 'level' | 'mark'>,
  format: (value: number) => string,
): string {
  const words = lines.map((line) => {
    const last = line.y.at(-1);
    if (last === undefined) return `${line.label}: no values yet`;
    return `${line.label}: from ${format(line.y[0] ?? 0)} to ${format(last)} in ${line.y.length} points`;
  });
  if (level) words.push(`${level.label} ${format(level.value)}`);
  if (mark) words.push(mark.label);
  return words.join('; ');
}
