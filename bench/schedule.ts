import type { BenchCase } from './cases.ts';
import { floorMs } from './floor.ts';

/** Milliseconds that tfjs-layers, by far the slowest, spends on one time step of one layer in one direction beside its products. */
const stepOverhead = { rnn: 1.4, gru: 3.6, lstm: 2.6 } as const;
/** A rate of products that is right to a factor of two on today's processors; only the proportions between rows matter. */
const assumedGflops = 200;
/** Of all peers together, in floors. */
const floors = 15;
const loadSeconds = 3;

/** Roughly the seconds that a row takes: what an estimate of the time left weighs rows by. */
export function expectedSeconds({ task, backend }: Pick<BenchCase, 'task' | 'backend'>, rounds: number): number {
  if (task.kind === 'epoch') return 60;
  const { cell, steps, layers, directions, rows } = task;
  const passes = task.kind === 'inference' ? 1 / 3 : 1;
  const overhead = passes * stepOverhead[cell] * steps * layers * directions;
  const slower = backend === 'tensorflow' ? 1 : 4;
  const ms = slower * (overhead + floors * floorMs(task, rows * steps, assumedGflops));
  return loadSeconds + (ms * (4 + Math.min(rounds, ms > 1000 ? 3 : rounds))) / 1000;
}

/** Seconds left of the work that is still to do, judged by how long the work that is done has taken; `null` before anything is done. */
export function secondsLeft(elapsed: number, done: readonly number[], left: readonly number[]): number | null {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return done.length === 0 ? null : (elapsed * sum(left)) / sum(done);
}
