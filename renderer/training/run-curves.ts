import { followHealth, type RunHealth } from '../../engine/protocol/health.ts';
import {
  type MetricFigure,
  type MetricsPiece,
  metricFigures,
  numbersOf,
  type SplitColumns,
} from '../../engine/protocol/metric-columns.ts';
import type { MetricEvent } from '../../engine/protocol/runs.ts';

/** The chart of a gradient-free method: its candidates' best, mean and worst loss. */
export const population = 'population';
const isPopulation = (name: string): boolean => name.startsWith(`${population}-`);

export type CurveSplit = MetricEvent['split'];
export type CurveAxis = 'step' | 'epoch' | 'time';

/** One metric of one split over a run, as columns that only grow at their end: where points are replaced, the columns are others. */
export interface Curve {
  readonly step: number[];
  readonly epoch: number[];
  /** Seconds spent training. */
  readonly time: number[];
  readonly value: number[];
}

/** Points that are added without a rest: a millisecond. */
const pointsAtOnce = 4096;

/** What the curve of a figure is called. */
const curveNames: Readonly<Record<MetricFigure, string>> = {
  learningRate: 'learning rate',
  gradientNorm: 'gradient norm',
  tokensPerSecond: 'tokens per second',
};

/** All curves of a run. Mutable on purpose: a million points are appended in place. */
export class RunCurves {
  readonly #curves = new Map<string, Points>();
  #health: readonly RunHealth[] = [];

  /**
   * Adds events in order. A resumed run repeats steps since its last checkpoint: points at or after a repeated step are replaced.
   */
  append(events: readonly MetricEvent[]): void {
    for (const event of events) {
      const { split, step, epoch, seconds, values, health } = event;
      for (const [metric, value] of Object.entries(values)) this.#points(metric, split).add(step, epoch, seconds, value);
      for (const figure of metricFigures) {
        const value = event[figure];
        if (value !== undefined) this.#points(curveNames[figure], split).add(step, epoch, seconds, value);
      }
      if (split === 'train') this.#health = followHealth(this.#health, step, health);
    }
  }

  /** Adds a piece of what was logged, as `append` does; whoever has it done may rest at each `yield`. */
  *join({ splits, health }: Pick<MetricsPiece, 'splits' | 'health'>): Generator<undefined, void> {
    for (const columns of splits) yield* this.#join(columns);
    for (const one of health) this.#health = followHealth(this.#health, one.step, one);
  }

  get(metric: string, split: CurveSplit): Curve | null {
    return this.#curves.get(`${split}:${metric}`)?.curve ?? null;
  }

  /** What was measured of the run's health, oldest first; the same array until there is more. */
  get health(): readonly RunHealth[] {
    return this.#health;
  }

  /** Newest value of a metric, or `null`. */
  latest(metric: string, split: CurveSplit): number | null {
    return this.get(metric, split)?.value.at(-1) ?? null;
  }

  /** Metrics that have at least one point in train or validation, loss first; the lines of a population are one. */
  metrics(): string[] {
    const names = new Set(
      [...this.#curves.keys()]
        .map((key) => key.slice(key.indexOf(':') + 1))
        .map((name) => (isPopulation(name) ? population : name)),
    );
    return [...names].sort((a, b) => Number(b === 'loss') - Number(a === 'loss') || a.localeCompare(b));
  }

  *#join({ split, values, ...columns }: SplitColumns): Generator<undefined, void> {
    const [step, epoch, seconds] = [numbersOf(columns.step), numbersOf(columns.epoch), numbersOf(columns.seconds)];
    const own = metricFigures.flatMap((figure) => {
      const column = columns[figure];
      return column === undefined ? [] : [[curveNames[figure], column] as const];
    });
    for (const [metric, column] of [...Object.entries(values), ...own]) {
      const points = this.#points(metric, split);
      const lines = column.lines === undefined ? null : numbersOf(column.lines);
      let at = 0;
      for (const value of numbersOf(column.values)) {
        const line = lines === null ? at : (lines[at] ?? Number.NaN);
        points.add(step[line] ?? Number.NaN, epoch[line] ?? Number.NaN, seconds[line] ?? Number.NaN, value);
        if (++at % pointsAtOnce === 0) yield;
      }
    }
    // What was measured at steps that are repeated here.
    if (split === 'train')
      this.#health = followHealth(
        this.#health,
        step.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY),
        undefined,
      );
  }

  #points(metric: string, split: CurveSplit): Points {
    const key = `${split}:${metric}`;
    let points = this.#curves.get(key);
    if (points === undefined) {
      points = new Points();
      this.#curves.set(key, points);
    }
    return points;
  }
}

/** The points of a curve as they come. */
class Points {
  curve: Curve = { step: [], epoch: [], time: [], value: [] };

  add(step: number, epoch: number, seconds: number, value: number): void {
    const { step: steps } = this.curve;
    if ((steps[steps.length - 1] ?? Number.NEGATIVE_INFINITY) >= step) this.curve = before(this.curve, step);
    this.curve.step.push(step);
    this.curve.epoch.push(epoch);
    this.curve.time.push(seconds);
    this.curve.value.push(value);
  }
}

/** The points of a curve before a step. */
function before({ step, epoch, time, value }: Curve, end: number): Curve {
  const kept = step.findLastIndex((one) => one < end) + 1;
  return { step: step.slice(0, kept), epoch: epoch.slice(0, kept), time: time.slice(0, kept), value: value.slice(0, kept) };
}
