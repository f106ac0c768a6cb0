import * as tf from '@tensorflow/tfjs-core';
import { toTensors } from '../compile/materialize.tf.ts';
import { readArray } from './arrays.tf.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { type Objective, objectiveValue, ofEachRow } from './objective.tf.ts';
import { pickedValues } from './picked-values.ts';
import { repeated } from './repeated.ts';
import { ScaledInput } from './scaled-input.tf.ts';
import { inScope } from './scope.tf.ts';
import type { KeptTrace } from './trace.tf.ts';

/** How much each step of the input adds to a picked number, in that number's unit; above 0 raises it. `[T]` each. */
export interface Saliency {
  /** The picked number, and what it is where every step is replaced by zeros. */
  readonly value: number;
  readonly without: number;
  /** x_t · ∂/∂x_t */
  readonly gradient: Float64Array;
  /** x_t · mean of ∂/∂x_t on the straight way from zeros to x (Sundararajan et al. 2017, “Axiomatic Attribution for Deep Networks”). */
  readonly integrated: Float64Array;
  /** What goes when the step alone is replaced by zeros. */
  readonly occlusion: Float64Array;
  /** The first two of each number of the input, one step after another; of several modules that read it those of the first. */
  readonly numbers: { readonly gradient: Float64Array; readonly integrated: Float64Array };
  /** At how many places of the way the gradient was taken. */
  readonly points: number;
  /** How far the sum of what is integrated is from `value - without`, which it is where nothing is left out. */
  readonly error: number;
  /** Whether that is next to nothing, and twice as many places make no difference either. */
  readonly exact: boolean;
}

/** How much is done, of what is known to be done; more may follow where the way has to be looked at more closely. */
export interface SaliencyProgress {
  readonly done: number;
  readonly of: number;
}

/** Places on the way at first and at last, doubled from the one to the other. */
const points = { least: 8, most: 512 } as const;

/** What is integrated is exact when its sum, and each step against half as many places, is this near: relative to the largest, or by itself. */
const enough = { relative: 0.005, absolute: 1e-5 } as const;

/** Of what is computed at once: rows, and numbers of the widest value. */
const most = { rows: 32, numbers: 4e6 } as const;

const within = (error: number, of: number): boolean =>
  Math.abs(error) <= Math.max(enough.absolute, enough.relative * Math.abs(of));

/** Three ways of asking which steps of the input matter for a picked number. Zeros in place of x are what nothing is compared with. */
export function* saliencyOf(trace: KeptTrace, objective: Objective): Generator<SaliencyProgress, Saliency> {
  const { example, logits } = trace;
  const { steps } = example.batch;
  const run = new ScaledRuns(trace, objective);
  const [value = Number.NaN] = pickedValues(trace.subject, example.batch, objective, logits);
  const work = { done: 0, of: steps + 2 + 3 * points.least };

  const plain: Products = new Map();
  run.add(plain, Float64Array.of(1), Float64Array.of(1));
  const gradient = stepSums(plain, steps);
  yield { ...work, done: ++work.done };
  const [without = Number.NaN] = run.values(1, () => 0);
  yield { ...work, done: ++work.done };

  const occlusion = new Float64Array(steps);
  for (let from = 0; from < steps; from += run.rows) {
    const count = Math.min(run.rows, steps - from);
    const left = run.values(count, (t, row) => (t === from + row ? 0 : 1));
    for (let row = 0; row < count; row++) occlusion[from + row] = value - (left[row] ?? Number.NaN);
    work.done += count;
    yield { ...work };
  }

  let before: Float64Array | null = null;
  for (let count: number = points.least; ; count *= 2) {
    const { nodes, weights } = gaussLegendre(count);
    const sum: Products = new Map();
    for (let from = 0; from < count; from += run.rows) {
      run.add(sum, nodes.subarray(from, from + run.rows), weights.subarray(from, from + run.rows));
      work.done += Math.min(run.rows, count - from);
      yield { ...work };
    }
    const integrated = stepSums(sum, steps);
    const error = integrated.reduce((sum, one) => sum + one, 0) - (value - without);
    const exact = within(error, value - without) && before !== null && settled(before, integrated);
    if (exact || 2 * count > points.most) {
      const [[a = new Float64Array()], [b = new Float64Array()]] = [[...plain.values()], [...sum.values()]];
      const numbers = { gradient: a, integrated: b };
      return { value, without, gradient, integrated, occlusion, numbers, points: count, error, exact };
    }
    if (before !== null) work.of += 2 * count;
    before = integrated;
  }
}

/** Numbers by the module that makes them, one step after another. */
type Products = Map<string, Float64Array>;

/** Of each step, over all its numbers. */
function stepSums(products: Products, steps: number): Float64Array {
  const sums = new Float64Array(steps);
  for (const numbers of products.values()) {
    const width = numbers.length / steps;
    for (const [at, one] of numbers.entries()) {
      const step = Math.floor(at / width);
      sums[step] = (sums[step] ?? 0) + one;
    }
  }
  return sums;
}

/** Whether no step has changed by much, measured against the largest. */
function settled(before: Float64Array, now: Float64Array): boolean {
  const largest = now.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return now.every((one, t) => within(one - (before[t] ?? Number.NaN), largest));
}

/** An example many times at once, its input multiplied by factors. */
class ScaledRuns {
  readonly #trace: KeptTrace;
  readonly #objective: Objective;
  /** At most so many at once. */
  readonly rows: number;

  constructor(trace: KeptTrace, objective: Objective) {
    this.#trace = trace;
    this.#objective = objective;
    const { batch } = trace.example;
    const widest = Math.max(trace.logits.data.length, ...trace.outputs.map(({ values }) => values.data.length), batch.steps);
    this.rows = Math.max(1, Math.min(most.rows, Math.floor(most.numbers / widest)));
  }

  /** The picked number of each row. @param factor of a step in a row */
  values(rows: number, factor: (t: number, row: number) => number): Float64Array {
    const { subject, example } = this.#trace;
    const batch = repeated(example.batch, rows);
    const factors = Float32Array.from({ length: batch.steps * rows }, (_, at) => factor(Math.floor(at / rows), at % rows));
    const watch = new ScaledInput(subject.model.plan.modules, factors, new Float32Array());
    const logits = inScope(() => readArray(subject.model.forward(toTensors(batch), { dropout: null, watch })));
    return pickedValues(subject, batch, ofEachRow(this.#objective, rows), logits);
  }

  /** Adds Σ over rows of weight · x · ∂/∂x at the row's factor of the whole input. */
  add(sum: Products, factors: Float64Array, weights: Float64Array): void {
    const { subject, example } = this.#trace;
    const rows = factors.length;
    const batch = repeated(example.batch, rows);
    const all = Float32Array.from({ length: batch.steps * rows }, (_, at) => factors[at % rows] ?? 1);
    const watch = new ScaledInput(subject.model.plan.modules, all, Float32Array.from(weights));
    inScope(() => {
      const { value, grad } = tf.valueAndGrad((anchor: tf.Tensor) => {
        watch.anchor = anchor;
        const logits = subject.model.forward(toTensors(batch), { dropout: null, watch });
        return objectiveValue(subject, { batch }, ofEachRow(this.#objective, rows), logits);
      })(tf.scalar(0));
      value.dispose();
      grad.dispose();
    });
    for (const [module, products] of watch.products) {
      const before = sum.get(module);
      sum.set(
        module,
        Float64Array.from(products, (one, at) => one + (before?.[at] ?? 0)),
      );
    }
  }
}
