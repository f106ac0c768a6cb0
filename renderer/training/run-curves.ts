import type { RunHealth } from '../../engine/protocol/health.ts';
import type { MetricEvent } from '../../engine/protocol/runs.ts';

/** The chart of a gradient-free method: its candidates' best, mean and worst loss. */
export const population = 'population';
const isPopulation = (name: string): boolean => name.startsWith(`${population}-`);

export type CurveSplit = MetricEvent['split'];
export type CurveAxis = 'step' | 'epoch' | 'time';

/** Measurements of health that are kept: enough to tell what lasts from what comes and goes. */
const keptHealth = 32;

/** One metric of one split over a run, as columns that only grow at their end: where points are replaced, the columns are others. */
export interface Curve {
  readonly step: number[];
  readonly epoch: number[];
  /** Seconds spent training. */
  readonly time: number[];
  readonly value: number[];
}

/**
 * All curves of a run. Mutable on purpose: 100,000 points are appended in place, and `version` tells the charts that there is more.
 */
export class RunCurves {
  version = 0;
  readonly #curves = new Map<string, Curve>();
  #health: readonly RunHealth[] = [];

  /**
   * Adds events in order. A resumed run repeats steps since its last checkpoint: points at or after a repeated step are replaced.
   */
  append(events: readonly MetricEvent[]): void {
    for (const event of events) {
      for (const [metric, value] of Object.entries(event.values)) this.#add(metric, event, value);
      if (event.learningRate !== undefined) this.#add('learning rate', event, event.learningRate);
      if (event.gradientNorm !== undefined) this.#add('gradient norm', event, event.gradientNorm);
      if (event.split === 'train') this.#measured(event);
      if (event.tokensPerSecond !== undefined) this.#add('tokens per second', event, event.tokensPerSecond);
    }
    if (events.length > 0) this.version++;
  }

  get(metric: string, split: CurveSplit): Curve | null {
    return this.#curves.get(`${split}:${metric}`) ?? null;
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

  get points(): number {
    let count = 0;
    for (const curve of this.#curves.values()) count = Math.max(count, curve.value.length);
    return count;
  }

  #measured({ step, health }: MetricEvent): void {
    const repeated = this.#health.some((one) => one.step >= step);
    if (!repeated && health === undefined) return;
    const before = this.#health.filter((one) => one.step < (health?.step ?? step));
    this.#health = [...before, ...(health === undefined ? [] : [health])].slice(-keptHealth);
  }

  #add(metric: string, event: MetricEvent, value: number): void {
    const key = `${event.split}:${metric}`;
    let curve = this.#curves.get(key) ?? { step: [], epoch: [], time: [], value: [] };
    if ((curve.step.at(-1) ?? Number.NEGATIVE_INFINITY) >= event.step) curve = before(curve, event.step);
    this.#curves.set(key, curve);
    curve.step.push(event.step);
    curve.epoch.push(event.epoch);
    curve.time.push(event.seconds);
    curve.value.push(value);
  }
}

/** The points of a curve before a step. */
function before({ step, epoch, time, value }: Curve, end: number): Curve {
  const kept = step.findLastIndex((one) => one < end) + 1;
  return { step: step.slice(0, kept), epoch: epoch.slice(0, kept), time: time.slice(0, kept), value: value.slice(0, kept) };
}
