import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { SweepState, SweepTrial } from '../../engine/protocol/sweep.ts';
import { useSize } from '../insight/use-size.ts';
import { formatMetric } from '../training/metric-format.ts';
import { Button } from '../ui/button.tsx';
import { cutText } from '../ui/cut-text.ts';
import { type Brush, isWithin, linePath, numberAxis, type PlotAxis, settingAxis } from './parallel-geometry.ts';
import { objectiveTitle, resultText, shortTitle, valueText } from './words.ts';

const margin = { top: 34, right: 62, bottom: 14, left: 62 };
const height = 250;
/** Letters of a label: the first axis has nothing left of it. */
const most = { first: 18, other: 10 } as const;
/** Width of a letter at most, and what a label is beside its axis, px. */
const [letter, beside] = [7, 7];
/** Room for the labels of the first axis, px. */
const roomOf = (axis: PlotAxis | undefined): number =>
  Math.max(
    margin.left,
    beside + letter * Math.max(0, ...(axis?.ticks ?? []).map(({ label }) => cutText(label, most.first).length)),
  );
/** What an arrow key moves a brush by. */
const step = 0.05;

interface ParallelProps {
  readonly state: SweepState;
  /** As of `plotAxes`. */
  readonly axes: readonly PlotAxis[];
  /** The trial that is pointed at, here or in the table. */
  readonly hovered: number | null;
  onHover(trial: number | null): void;
  readonly brushes: ReadonlyMap<number, Brush>;
  onBrush(brushes: ReadonlyMap<number, Brush>): void;
}

/** An axis for each setting and one for the result. */
export function plotAxes(state: SweepState): readonly PlotAxis[] {
  const { trials, settings, objective } = state;
  const results = trials.flatMap(({ value }) => (value === null ? [] : [value]));
  const [low, high] = results.length === 0 ? [0, 1] : [Math.min(...results), Math.max(...results)];
  const result = numberAxis(objectiveTitle(state), low, high, false, (value) => formatMetric(objective.metric, value), 3);
  return [
    ...settings.map(({ title, range }, i) =>
      settingAxis(
        title,
        range,
        trials.map(({ values }) => values[i] ?? null),
        valueText,
      ),
    ),
    result,
  ];
}

export const placesOf = (axes: readonly PlotAxis[], { values, value }: SweepTrial): readonly (number | null)[] =>
  axes.map((axis, i) => axis.place(i < axes.length - 1 ? (values[i] ?? null) : value));

/**
 * Each trial a line through its settings to its result. Pointing at one highlights it; a part of an axis that is dragged over, or set with
 * arrow keys, keeps the lines that go through it.
 */
export function ParallelCoordinates({ state, axes, hovered, onHover, brushes, onBrush }: ParallelProps) {
  const { ref, width } = useSize<HTMLDivElement>();
  const left = roomOf(axes[0]);
  const room = Math.max(0, width - left - margin.right);
  const xs = axes.map((_, i) => left + (axes.length === 1 ? 0 : (room * i) / (axes.length - 1)));
  const y = (place: number): number => height - margin.bottom - place * (height - margin.top - margin.bottom);
  const shown = state.trials.filter(({ value }) => value !== null);
  const lines = shown.map((trial) => {
    const places = placesOf(axes, trial);
    return { trial, path: linePath(places, xs, y), within: isWithin(places, brushes), score: places.at(-1) ?? null };
  });
  const order = (line: (typeof lines)[number]): number =>
    line.trial.number === hovered ? 2 : line.trial.number === state.best ? 1 : 0;
  const good = (score: number | null): number =>
    score === null ? 0 : state.objective.direction === 'maximize' ? score : 1 - score;
  const best = lines.find(({ trial }) => trial.number === state.best);
  const pointed = shown.find(({ number }) => number === hovered);
  return (
    <div ref={ref} className="sweep-plot">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Parallel coordinates of ${shown.length} trials, ${lines.filter(({ within }) => within).length} within the chosen ranges`}
      >
        {lines
          .toSorted((a, b) => order(a) - order(b))
          .map(({ trial, path, within, score }) => (
            <path
              key={trial.number}
              d={path}
              className="sweep-plot__line"
              data-trial={trial.number}
              data-best={trial.number === state.best}
              data-hovered={trial.number === hovered}
              data-within={within}
              style={{ '--tone': `color-mix(in srgb, var(--scale-full) ${Math.round(15 + 85 * good(score))}%, var(--faint))` }}
              onPointerEnter={() => onHover(trial.number)}
              onPointerLeave={() => onHover(null)}
            />
          ))}
        {axes.map((axis, i) => (
          <AxisLines key={`${axis.title} ${xs[i]}`} axis={axis} x={xs[i] ?? 0} y={y} place={placeAmong(i, axes)} />
        ))}
        {best && best.score !== null && <circle className="sweep-plot__best" cx={xs.at(-1) ?? 0} cy={y(best.score)} r={6} />}
      </svg>
      {width > 0 &&
        axes.map((axis, i) => (
          <BrushArea
            key={`${axis.title} ${xs[i]}`}
            title={axis.title}
            x={xs[i] ?? 0}
            y={y}
            brush={brushes.get(i) ?? null}
            onChange={(brush) => {
              const next = new Map(brushes);
              if (brush === null) next.delete(i);
              else next.set(i, brush);
              onBrush(next);
            }}
          />
        ))}
      <p className="sweep-plot__words" aria-live="off">
        {best && <span className="sweep-plot__key">Best: trial {best.trial.number}</span>}
        <span>
          {pointed
            ? `Trial ${pointed.number}: ${state.settings.map(({ title }, i) => `${title} ${valueText(pointed.values[i])}`).join(' · ')} → ${resultText(state, pointed)}`
            : `Point at a line to read it; drag along an axis to keep the lines that go through there.`}
        </span>
        {brushes.size > 0 && (
          <Button size="small" variant="quiet" onClick={() => onBrush(new Map())}>
            Show all
          </Button>
        )}
      </p>
    </div>
  );
}

interface AxisLinesProps {
  readonly axis: PlotAxis;
  readonly x: number;
  y(place: number): number;
  readonly place: 'first' | 'between' | 'last';
}

const placeAmong = (i: number, { length }: readonly PlotAxis[]): AxisLinesProps['place'] =>
  i === length - 1 ? 'last' : i === 0 ? 'first' : 'between';

function AxisLines({ axis, x, y, place }: AxisLinesProps) {
  const last = place === 'last';
  // Many choices: those that have room.
  const every = Math.max(1, Math.ceil(axis.ticks.length / 8));
  return (
    <g className="sweep-plot__axis">
      <line x1={x} x2={x} y1={y(0)} y2={y(1)} />
      <text x={x} y={14} textAnchor="middle" className="sweep-plot__title">
        {shortTitle(axis.title)}
      </text>
      {axis.ticks
        .filter((_, i) => i % every === 0)
        .map(({ at, label }) => (
          <text key={at} x={last ? x + beside + 4 : x - beside} y={y(at)} dy="0.32em" textAnchor={last ? 'start' : 'end'}>
            {cutText(label, place === 'first' ? most.first : most.other)}
          </text>
        ))}
    </g>
  );
}

interface BrushAreaProps {
  readonly title: string;
  readonly x: number;
  y(place: number): number;
  readonly brush: Brush | null;
  onChange(brush: Brush | null): void;
}

/** Over an axis: dragged, or moved with arrow keys (with Shift its other end); Escape takes it away. */
function BrushArea({ title, x, y, brush, onChange }: BrushAreaProps) {
  const [start, setStart] = useState<number | null>(null);
  const [top, bottom] = [y(1), y(0)];
  const placeAt = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height));
  };
  const drag = (event: PointerEvent<HTMLElement>): void => {
    if (start === null) return;
    const now = placeAt(event);
    onChange(Math.abs(now - start) < 0.02 ? null : { from: Math.min(start, now), to: Math.max(start, now) });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onChange(null);
    const move = event.key === 'ArrowUp' ? step : event.key === 'ArrowDown' ? -step : 0;
    if (move === 0) return;
    event.preventDefault();
    const { from, to } = brush ?? { from: 0, to: 1 };
    const clamp = (value: number): number => Math.min(1, Math.max(0, value));
    const next = event.shiftKey ? { from, to: Math.max(from, clamp(to + move)) } : { from: Math.min(to, clamp(from + move)), to };
    onChange(next.from <= 0 && next.to >= 1 ? null : next);
  };
  const { from, to } = brush ?? { from: 0, to: 1 };
  return (
    <div
      className="sweep-plot__brush"
      role="slider"
      tabIndex={0}
      aria-label={`Range of ${title}`}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * from)}
      aria-valuetext={brush === null ? 'all' : `from ${Math.round(100 * from)} to ${Math.round(100 * to)} percent of the axis`}
      style={{ left: x - 9, top, height: bottom - top }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setStart(placeAt(event));
      }}
      onPointerMove={drag}
      onPointerUp={(event) => {
        if (start !== null && Math.abs(placeAt(event) - start) < 0.02) onChange(null);
        setStart(null);
      }}
      onKeyDown={press}
    >
      {brush && <span style={{ bottom: `${100 * from}%`, height: `${100 * (to - from)}%` }} />}
    </div>
  );
}
