import * as tf from '@tensorflow/tfjs-core';
import { cellProgram } from '../../cells/cell-program.ts';
import { inputRows, zeroState } from '../../kernels/derived/rows.tf.ts';
import { equationWeights } from '../../kernels/equation-weights.tf.ts';
import type { StateParts } from '../../kernels/recurrence.tf.ts';
import { maskSequence, timeline } from '../../kernels/timeline.tf.ts';
import { traceForward } from '../../kernels/traced/forward.tf.ts';
import type { WatchedDirection, WatchedRun } from '../../layers/watch.tf.ts';
import { heldCell } from './held-cell.ts';
import { type Hold, stretches } from './hold.ts';

/** What a direction gives while some of its lines are held. */
export interface HeldDirection {
  /** `[T, B, P]`, zero at padding. */
  readonly sequence: tf.Tensor3D;
  readonly final: StateParts;
  /** Each line of the cell, and each state before the step by its bare name `[T·B, F]`. */
  readonly values: ReadonlyMap<string, tf.Tensor2D>;
}

/**
 * Runs one direction by its cell's equations, with lines held: stretch by stretch, in the order in which the cell runs; a piece of work for
 * each step.
 *
 * @param start what its first step is counted as: a decoder says one step after another
 */
export function* runHeld(
  { cell, input, time }: WatchedRun,
  direction: WatchedDirection,
  holds: readonly Hold[],
  start: number,
): Generator<undefined, HeldDirection> {
  const plain = cellProgram(cell.equations, cell.hidden);
  const { program, held } = heldCell(cell.equations, cell.hidden, [...new Set(holds.map(({ line }) => line))]);
  const { rows, rowLengths } = time;
  const { reverse } = direction;
  const weights = equationWeights(cell, direction.weights);
  const zeros = zeroState(program, rows);
  // An output that is no state of the cell becomes one where it is held.
  const given = new Map(plain.states.map(({ name }, part) => [name, direction.initial?.[part]]));
  let state: StateParts = program.states.map(({ name }, part) => given.get(name) ?? (zeros[part] as tf.Tensor2D));

  // A row that has ended before a stretch reads its last real step in it.
  const whole = { program, steps: time.steps, rows, lengths: rowLengths, reverse, inputGradient: false };
  const known = inputRows(whole, input).reshape<tf.Tensor3D>(input.shape);
  const parts = stretches(holds, time.steps, start);
  const lines = [...plain.step.named.keys()];
  const done: Pick<HeldDirection, 'sequence' | 'values'>[] = [];
  for (const { from, count, holds: now } of reverse ? [...parts].reverse() : parts) {
    const lengths = Int32Array.from(rowLengths, (length) => Math.min(count, Math.max(0, length - from)));
    const problem = { program, steps: count, rows, lengths, reverse, inputGradient: false };
    const inputs = input.shape[2];
    const places = [...held].flatMap(([line, { keep, put, width }]): [string, tf.Tensor][] => {
      const of = heldNumbers(
        now.filter((hold) => hold.line === line),
        width === 'input' ? inputs : width,
      );
      return [
        [keep, tf.tensor1d(of.keep)],
        [put, tf.tensor1d(of.put)],
      ];
    });
    const x = known.slice([from, 0, 0], [count, rows, inputs]);
    const traced = yield* traceForward(problem, x, new Map([...weights, ...places]), state, null);
    state = traced.final;
    const every = (value: tf.Tensor2D): tf.Tensor2D =>
      value.shape[0] === count * rows ? value : tf.tile(value, [(count * rows) / value.shape[0], 1]);
    const values = new Map<string, tf.Tensor2D>();
    for (const [part, { name }] of program.states.entries())
      values.set(name, every(traced.values.get(program.schedule.given.states[part] ?? 0)));
    for (const line of lines) values.set(line, every(traced.values.get(program.step.named.get(line) ?? 0)));
    const axis = timeline(problem);
    done.push({ sequence: maskSequence(axis, traced.states[0] as tf.Tensor3D), values });
  }
  const inTime = reverse ? done.reverse() : done;
  const last = new Map(program.states.map(({ name }, part) => [name, state[part]]));
  return {
    sequence: tf.concat(inTime.map(({ sequence }) => sequence)) as tf.Tensor3D,
    final: plain.states.map(({ name }) => last.get(name) as tf.Tensor2D),
    values: new Map(
      [...(inTime[0]?.values.keys() ?? [])].map((name) => [
        name,
        tf.concat(inTime.map(({ values }) => values.get(name) as tf.Tensor2D)) as tf.Tensor2D,
      ]),
    ),
  };
}

/** What a line is multiplied with, and what is added: of two holds of one unit the later counts. */
function heldNumbers(holds: readonly Hold[], width: number): { readonly keep: Float32Array; readonly put: Float32Array } {
  const [keep, put] = [new Float32Array(width).fill(1), new Float32Array(width)];
  for (const { units, value } of holds)
    for (const unit of units ?? Array.from({ length: width }, (_, at) => at)) {
      keep[unit] = 0;
      put[unit] = value;
    }
  return { keep, put };
}
