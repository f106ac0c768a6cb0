import * as tf from '@tensorflow/tfjs-core';
import { cellProgram } from '../../cells/cell-program.ts';
import { equationBlocks } from '../../cells/equation-blocks.ts';
import { storedParameters } from '../../cells/parameters.ts';
import { givingWay } from '../../event-loop.ts';
import type { StateParts } from '../../kernels/recurrence.tf.ts';
import type { Watch, WatchedRun } from '../../layers/watch.tf.ts';
import type { ModuleHealth, RecurrenceHealth } from '../../protocol/health.ts';
import { outputWidth } from '../../shapes/value-type.ts';
import type { TrainedParameter } from '../optimizer.tf.ts';
import { type MeasuredRecurrence, measureRecurrence } from './recurrence-health.ts';

/** Rows of the batch that are looked at. */
const mostRows = 4;
/** Fewer where the products of so many rows over all steps would be more work than this, in multiplications; about a tenth of a second. */
const mostWork = 5e7;

/** One layer's recurrence as the step ran it, of the rows that are looked at. */
interface Kept {
  readonly run: WatchedRun;
  readonly rows: readonly number[];
  readonly input: tf.Tensor;
  readonly initial: readonly (readonly tf.Tensor[] | null)[];
  readonly weights: readonly ReadonlyMap<string, tf.Tensor>[];
  sequenceGradient: tf.Tensor | null;
  readonly finalGradients: (tf.Tensor | null)[][];
}

/**
 * Looks on during one training step, and changes nothing of it: of each recurrence it keeps input, weights and the gradients of its outputs
 * of a few rows, of each weight what the step did to it. What is found is computed afterwards, outside of the backend, so that all devices
 * tell the same.
 */
export class HealthProbe implements Watch {
  readonly #kept: Kept[] = [];
  #before: readonly tf.Tensor[] = [];
  #norms: tf.Tensor | null = null;
  #numbers: Promise<ArrayLike<number>> | null = null;
  #parameters: readonly TrainedParameter[] = [];

  /** Runs the kernels; what they give is handed on with an ear on its gradient. */
  recurrence: Watch['recurrence'] = (run, want, kernels) => {
    const rows = chosenRows(run);
    const indices = tf.tensor1d([...rows], 'int32');
    const of = (tensor: tf.Tensor, axis: number): tf.Tensor => tf.keep(tf.gather(tensor, indices, axis));
    const kept: Kept = {
      run,
      rows,
      input: of(run.input, 1),
      initial: run.directions.map(({ initial }) => initial?.map((part) => of(part, 0)) ?? null),
      // The step's update gives a weight another tensor; this is the one that it ran with.
      weights: run.directions.map(
        ({ weights }) => new Map([...weights].map(([name, weight]) => [name, tf.keep(weight.clone())])),
      ),
      sequenceGradient: null,
      finalGradients: run.directions.map(() => []),
    };
    this.#kept.push(kept);
    const { sequence, final } = kernels(want);
    return {
      sequence:
        sequence &&
        heard(sequence, (d) => {
          kept.sequenceGradient = of(d, 1);
        }),
      final: final.map(
        (parts, direction): StateParts =>
          parts.map((part, index) =>
            heard(part, (d) => {
              const list = kept.finalGradients[direction];
              if (list) list[index] = of(d, 0);
            }),
          ),
      ),
    };
  };

  value: Watch['value'] = (_module, _port, value) => value;

  /** Called before the update, with the gradients as they were computed. */
  beforeUpdate(parameters: readonly TrainedParameter[]): void {
    this.#parameters = parameters;
    this.#before = parameters.map(({ variable }) => tf.keep(variable.clone()));
  }

  /** Called after it. */
  afterUpdate(gradients: Readonly<Record<string, tf.Tensor>>): void {
    this.#norms = tf.keep(
      tf.tidy(() =>
        tf.stack(
          this.#parameters.flatMap(({ name, variable }, index) => {
            const before = this.#before[index] ?? variable;
            const gradient = gradients[name];
            return [gradient ? squares(gradient) : tf.scalar(0), squares(before), squares(tf.sub(variable, before))];
          }),
        ),
      ),
    );
  }

  /** Waits until the device has done the step, and with it all that it was given before. */
  async ended(): Promise<void> {
    await this.#figures();
  }

  /** The last that the step computes: of each parameter, squares of the gradient, the weight and its change. */
  #figures(): Promise<ArrayLike<number>> {
    this.#numbers ??= this.#norms?.data() ?? Promise.resolve([]);
    return this.#numbers;
  }

  /** What the step looked like; called once, after it. */
  async read(
    moduleOf: (parameter: string) => string,
  ): Promise<{ readonly modules: readonly ModuleHealth[]; readonly recurrences: readonly RecurrenceHealth[] }> {
    const modules = await this.#modules(moduleOf);
    const recurrences: RecurrenceHealth[] = [];
    for (const kept of this.#kept) {
      for (const [direction, { reverse }] of kept.run.directions.entries()) {
        const measured = await givingWay(measureRecurrence(await read(kept, direction)));
        recurrences.push({
          node: kept.run.module,
          layer: kept.run.layer,
          direction: reverse ? 'backward' : 'forward',
          ...measured,
        });
      }
    }
    return { modules, recurrences };
  }

  async #modules(moduleOf: (parameter: string) => string): Promise<readonly ModuleHealth[]> {
    const numbers = await this.#figures();
    const sums = new Map<string, [number, number, number]>();
    this.#parameters.forEach(({ name }, index) => {
      const module = moduleOf(name);
      const before = sums.get(module) ?? [0, 0, 0];
      sums.set(
        module,
        [0, 1, 2].map((i) => (before[i] ?? 0) + (numbers[3 * index + i] ?? Number.NaN)) as [number, number, number],
      );
    });
    return [...sums].map(([node, [gradient, weight, change]]) => ({
      node,
      gradient: Math.sqrt(gradient),
      weight: Math.sqrt(weight),
      update: Math.sqrt(change / weight),
    }));
  }

  dispose(): void {
    for (const kept of this.#kept) {
      kept.input.dispose();
      kept.sequenceGradient?.dispose();
      for (const tensor of [...kept.initial.flatMap((parts) => parts ?? []), ...kept.weights.flatMap((all) => [...all.values()])])
        tensor.dispose();
      for (const tensor of kept.finalGradients.flat()) tensor?.dispose();
    }
    for (const tensor of this.#before) tensor.dispose();
    this.#norms?.dispose();
  }
}

const squares = (tensor: tf.Tensor): tf.Tensor => tf.sum(tf.square(tensor));

/** The same value; its gradient is told on its way back. */
function heard<T extends tf.Tensor>(tensor: T, tell: (gradient: tf.Tensor) => void): T {
  const listen = tf.customGrad((x) => ({
    value: (x as tf.Tensor).clone(),
    gradFunc: (d: tf.Tensor) => {
      tell(d);
      return d.clone();
    },
  }));
  return listen(tensor) as T;
}

/** Rows of a batch that are looked at. @param weights of one direction */
const rowCount = (weights: number, steps: number, rows = mostRows): number =>
  Math.min(rows, mostRows, Math.max(1, Math.floor(mostWork / (steps * weights))));

/** Multiplications of measuring a recurrence: once forwards, and back for all targets and for the last. */
export const expectedWork = (weights: number, steps: number): number => 3 * rowCount(weights, steps) * steps * weights;

/** Spread evenly over the batch. */
function chosenRows({ directions, time }: WatchedRun): readonly number[] {
  const weights = [...(directions[0]?.weights.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
  const count = rowCount(weights, time.steps, time.rows);
  return Array.from({ length: count }, (_, i) => Math.floor((i * time.rows) / count));
}

async function read(
  { run, rows, input, initial, weights, sequenceGradient, finalGradients }: Kept,
  direction: number,
): Promise<MeasuredRecurrence> {
  const { cell, time, directions } = run;
  const numbers = async (tensor: tf.Tensor): Promise<Float32Array> => Float32Array.from(await tensor.data());
  const stored = new Map<string, Float32Array>();
  for (const [name, tensor] of weights[direction] ?? []) stored.set(name, await numbers(tensor));
  const all = sequenceGradient && (await numbers(sequenceGradient));
  const start = initial[direction] ?? null;
  return {
    program: cellProgram(cell.equations, cell.hidden),
    steps: time.steps,
    rows: rows.length,
    lengths: rows.map((row) => time.rowLengths[row] ?? 1),
    reverse: directions[direction]?.reverse === true,
    parameters: equationBlocks(storedParameters(cell, run.input.shape[2]), (name) => stored.get(name)),
    input: await numbers(input),
    initial: start && (await Promise.all(start.map(numbers))),
    sequenceGradient: all && columns(all, outputWidth(cell), directions.length, direction),
    finalGradients: await Promise.all(
      cell.states.map(async (_, part) => {
        const found = finalGradients[direction]?.[part];
        return found ? numbers(found) : null;
      }),
    ),
  };
}

/** One direction's of numbers that lie side by side `[…, D·P]`. */
function columns(all: Float32Array, width: number, directions: number, direction: number): Float32Array {
  if (directions === 1) return all;
  const whole = width * directions;
  return Float32Array.from(
    { length: all.length / directions },
    (_, i) => all[Math.floor(i / width) * whole + direction * width + (i % width)] ?? 0,
  );
}
