import { followHealth, type RunHealth } from '../protocol/health.ts';
import {
  type MetricColumn,
  type MetricFigure,
  type MetricsPiece,
  metricFigures,
  type SplitColumns,
} from '../protocol/metric-columns.ts';
import type { MetricEvent } from '../protocol/runs.ts';

/** Makes columns of logged lines, one line after the other. */
export class MetricColumns {
  readonly #splits = new Map<MetricEvent['split'], Columns>();
  #health: readonly RunHealth[] = [];

  add(event: MetricEvent): void {
    const { split, step, health } = event;
    let columns = this.#splits.get(split);
    if (columns === undefined) {
      columns = new Columns();
      this.#splits.set(split, columns);
    }
    columns.add(event);
    if (split === 'train') this.#health = followHealth(this.#health, step, health);
  }

  /** As the protocol sends them. */
  sent(): Pick<MetricsPiece, 'splits' | 'health'> {
    return { splits: [...this.#splits].map(([split, columns]) => ({ split, ...columns.sent() })), health: [...this.#health] };
  }
}

/** Numbers of some of the lines. */
interface Column {
  readonly lines: number[];
  readonly values: number[];
}

/** Lines of one split. */
class Columns {
  readonly #step: number[] = [];
  readonly #epoch: number[] = [];
  readonly #seconds: number[] = [];
  readonly #metrics = new Map<string, Column>();
  readonly #figures = new Map<MetricFigure, Column>();

  add(event: MetricEvent): void {
    const line = this.#step.push(event.step) - 1;
    this.#epoch.push(event.epoch);
    this.#seconds.push(event.seconds);
    for (const name in event.values) put(this.#metrics, name, line, event.values[name]);
    for (const name of metricFigures) put(this.#figures, name, line, event[name]);
  }

  sent(): Omit<SplitColumns, 'split'> {
    const column = ({ lines, values }: Column): MetricColumn =>
      values.length === this.#step.length ? { values: base64Of(values) } : { lines: base64Of(lines), values: base64Of(values) };
    const sent = <N extends string>(columns: ReadonlyMap<N, Column>): [N, MetricColumn][] =>
      [...columns].map(([name, one]) => [name, column(one)]);
    return {
      step: base64Of(this.#step),
      epoch: base64Of(this.#epoch),
      seconds: base64Of(this.#seconds),
      values: Object.fromEntries(sent(this.#metrics)),
      ...Object.fromEntries(sent(this.#figures)),
    };
  }
}

function put<N extends string>(columns: Map<N, Column>, name: N, line: number, value: number | undefined): void {
  if (value === undefined) return;
  let column = columns.get(name);
  if (column === undefined) {
    column = { lines: [], values: [] };
    columns.set(name, column);
  }
  column.lines.push(line);
  column.values.push(value);
}

const base64Of = (numbers: readonly number[]): string => Buffer.from(Float64Array.from(numbers).buffer).toString('base64');
