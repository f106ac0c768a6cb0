import * as tf from '@tensorflow/tfjs-core';
import { headKind } from '../compile/loss-kind.ts';
import { toTensors } from '../compile/materialize.tf.ts';
import type { Batch } from '../data/dataset.ts';
import { classCount, largestIndex, logProbabilities } from '../decode/log-probabilities.ts';
import type { Value } from '../layers/builder.tf.ts';
import type { PlanModule } from '../layers/plan-module.ts';
import { findLayer } from '../layers/registry.ts';
import type { Watch } from '../layers/watch.tf.ts';
import { type Array32, readArray } from './arrays.tf.ts';
import { watched } from './gradient.tf.ts';
import { type Objective, objectiveValue, stepsOfHead } from './objective.tf.ts';
import { inScope } from './scope.tf.ts';
import type { KeptTrace } from './trace.tf.ts';

export interface Connectivity {
  /** What is said at each step. */
  readonly says: readonly string[];
  /** `[K, T]` */
  readonly norms: Array32;
}

/** Rows of one backward pass: each is the example again. */
const mostRows = 32;

/**
 * Norm of ∂ log p(what is said at step k) / ∂x_t for every k and t (Madsen 2019, “Visualizing memorization in RNNs”); of output numbers, of
 * the numbers as they are learned. The example is copied once for each k, and row k keeps only its own: one backward pass gives all rows.
 */
export function* connectivity(trace: KeptTrace): Generator<number, Connectivity> {
  const { subject, example } = trace;
  const targets = targetsOf(trace);
  const { steps } = example.batch;
  const norms = new Float32Array(targets.length * steps);
  for (let from = 0; from < targets.length; from += mostRows) {
    const some = targets.slice(from, from + mostRows);
    const batch = repeated(example.batch, some.length);
    const squares = inScope(() => {
      const watch = new InputWatch(subject.model.plan.modules);
      const { grad } = tf.valueAndGrad((anchor: tf.Tensor) => {
        watch.anchor = anchor;
        const logits = subject.model.forward(toTensors(batch), { dropout: null, watch });
        return objectiveValue(subject, { batch }, objectiveFor(some), logits);
      })(tf.scalar(0));
      grad.dispose();
      return watch.squares;
    });
    for (let t = 0; t < steps; t++)
      for (let k = 0; k < some.length; k++) norms[(from + k) * steps + t] = Math.sqrt(squares[t * some.length + k] ?? 0);
    yield from + some.length;
  }
  return { says: targets.map(({ says }) => says), norms: { shape: [targets.length, steps], data: norms } };
}

/** One thing that is said: a class at a step, or a number. */
interface Said {
  readonly kind: 'class' | 'number';
  readonly step: number;
  readonly id: number;
  readonly says: string;
}

/** The target where it is known, otherwise what the network believes most. */
function targetsOf({ subject, example, logits }: KeptTrace): readonly Said[] {
  const { model, encoding } = subject;
  const { batch, known } = example;
  const head = headKind(model.plan);
  if (head === 'linear-regression') {
    const names = encoding.targetNormalization?.names ?? [];
    return names.map((says, id) => ({ kind: 'number', step: 0, id, says }));
  }
  const width = head === 'dense-sigmoid' ? 1 : (encoding.classes?.length ?? 1);
  const scratch = new Float64Array(classCount(head, width));
  return Array.from({ length: stepsOfHead(model.plan, batch) ?? 1 }, (_, step) => {
    const told = step < known ? batch.tagTargets?.[step] : batch.classTargets?.[0];
    const id = told ?? largestIndex(logProbabilities(head, logits.data, step, scratch));
    return { kind: 'class', step, id, says: encoding.classes?.[id] ?? `#${id}` };
  });
}

const objectiveFor = (some: readonly Said[]): Objective =>
  some[0]?.kind === 'number'
    ? { kind: 'numbers', terms: some.map(({ id }, row) => ({ row, index: id })) }
    : { kind: 'classes', terms: some.map(({ step, id }, row) => ({ row, step, id, weight: 1 })) };

/** The example so many times. */
function repeated(batch: Batch, rows: number): Batch {
  const times = <A extends Int32Array | Float32Array>(values: A, width: number, out: A): A => {
    for (let at = 0; at < values.length / width; at++)
      for (let row = 0; row < rows; row++) out.set(values.subarray(at * width, (at + 1) * width), (at * rows + row) * width);
    return out;
  };
  const all = (lengths: Int32Array): Int32Array => new Int32Array(rows).fill(lengths[0] ?? 1);
  const { tokens, series, target, steps } = batch;
  const ids = (values: Int32Array): Int32Array => times(values, 1, new Int32Array(values.length * rows));
  return {
    ...batch,
    rows,
    tokens: tokens && ids(tokens),
    series: series && times(series, series.length / steps, new Float32Array(series.length * rows)),
    lengths: all(batch.lengths),
    target: target ? { steps: target.steps, inputs: ids(target.inputs), lengths: all(target.lengths) } : null,
  };
}

/** Sums up what arrives at whatever a network first makes of its input. */
class InputWatch implements Watch {
  /** `[T, B]` */
  squares = new Float32Array();
  anchor: tf.Tensor | null = null;
  readonly #readers: ReadonlySet<string>;

  constructor(modules: readonly PlanModule[]) {
    const inputs = new Set(modules.filter(({ kind }) => kind === 'token-input').map(({ id }) => id));
    const reads = ({ inputs: wires }: PlanModule): boolean =>
      Object.values(wires)
        .flat()
        .some(({ module }) => inputs.has(module));
    // Tokens are no numbers: of them it is what reads them.
    const isData = ({ kind }: PlanModule): boolean => findLayer(kind)?.family === 'input';
    this.#readers = new Set(modules.filter((module) => isData(module) || reads(module)).map(({ id }) => id));
  }

  recurrence: Watch['recurrence'] = (_run, want, kernels) => kernels(want);

  value: Watch['value'] = (module, _port, value) => {
    if (this.anchor === null || !this.#readers.has(module) || value.type === 'tokens' || value.type === 'state') return value;
    const [steps, rows] = value.type === 'vector' ? [1, value.tensor.shape[0]] : rowsOf(value);
    const tensor = watched(value.tensor, this.anchor, (d) => {
      const { data } = readArray(tf.sum(tf.square(d.reshape([steps * rows, -1])), 1));
      this.squares = data.map((square, at) => square + (this.squares[at] ?? 0));
    });
    return { ...value, tensor, differentiable: true } as Value;
  };
}

const rowsOf = (value: Extract<Value, { type: 'sequence' | 'pictures' }>): readonly [number, number] =>
  value.time === null ? [1, value.tensor.shape[0] ?? 1] : [value.time.steps, value.time.rows];
