import * as tf from '@tensorflow/tfjs-core';
import { headKind } from '../compile/loss-kind.ts';
import { toTensors } from '../compile/materialize.tf.ts';
import { classCount, largestIndex, logProbabilities } from '../decode/log-probabilities.ts';
import type { Value } from '../layers/builder.tf.ts';
import type { PlanModule } from '../layers/plan-module.ts';
import type { Watch } from '../layers/watch.tf.ts';
import { type Array32, readArray } from './arrays.tf.ts';
import { inputReaders, stepsAndRows } from './input-readers.ts';
import { type Objective, objectiveValue, stepsOfHead } from './objective.tf.ts';
import { repeated } from './repeated.ts';
import { inScope } from './scope.tf.ts';
import type { KeptTrace } from './trace.tf.ts';
import { watched } from './watched.tf.ts';

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

/** Sums up what arrives at whatever a network first makes of its input. */
class InputWatch implements Watch {
  /** `[T, B]` */
  squares = new Float32Array();
  anchor: tf.Tensor | null = null;
  readonly #readers: ReadonlySet<string>;

  constructor(modules: readonly PlanModule[]) {
    this.#readers = inputReaders(modules);
  }

  recurrence: Watch['recurrence'] = (_run, want, kernels) => kernels(want);

  value: Watch['value'] = (module, _port, value) => {
    if (this.anchor === null || !this.#readers.has(module) || value.type === 'tokens' || value.type === 'state') return value;
    const { steps, rows } = stepsAndRows(value);
    const tensor = watched(value.tensor, this.anchor, (d) => {
      const { data } = readArray(tf.sum(tf.square(d.reshape([steps * rows, -1])), 1));
      this.squares = data.map((square, at) => square + (this.squares[at] ?? 0));
    });
    return { ...value, tensor, differentiable: true } as Value;
  };
}
