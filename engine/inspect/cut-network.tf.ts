import * as tf from '@tensorflow/tfjs-core';
import { toTensors } from '../compile/materialize.tf.ts';
import { portKey } from '../graph/infer-shapes.ts';
import type { TimeAxis } from '../layers/batch-tensors.tf.ts';
import type { Value } from '../layers/builder.tf.ts';
import type { Watch, WatchedDirection, WatchedRun } from '../layers/watch.tf.ts';
import { type Array32, readArray, sumOfArrays } from './arrays.tf.ts';
import type { Example } from './example.ts';
import { type Objective, objectiveValue } from './objective.tf.ts';
import { Recorder } from './recorder.tf.ts';
import { inScope } from './scope.tf.ts';
import type { Subject } from './subject.ts';
import { watched } from './watched.tf.ts';

/** A recurrence that ran, outside the backend. */
export interface CutRun {
  readonly place: Pick<WatchedRun, 'module' | 'layer' | 'cell'>;
  readonly time: Pick<TimeAxis, 'steps' | 'rows' | 'rowLengths'>;
  readonly directions: readonly Pick<WatchedDirection, 'reverse' | 'weights'>[];
  /** `[T, B, I]` */
  readonly input: Array32;
  /** Of its directions side by side `[T, B, D·P]`. */
  readonly sequence: Array32;
  /** Of each direction, each part `[B, F]`. */
  readonly final: readonly (readonly Array32[])[];
  /** The same of the state before its first step; `null` where that is zero. */
  readonly initial: readonly (readonly Array32[] | null)[];
}

/** The gradient of what a recurrence gave; `null`: zero. */
export interface RunArrived {
  readonly sequence: Array32 | null;
  readonly final: readonly (readonly Array32[] | null)[];
}

/** The gradient of what a recurrence was given. */
export interface RunSent {
  /** `[T, I]`, or `null` where it does not read it. */
  readonly input: Array32 | null;
  readonly initial: readonly (readonly Array32[])[];
}

/**
 * A network in parts: its recurrences, and what lies between them. Gradients go through the parts in between all at once, by the backend's
 * own differentiation, and end at what recurrences gave; how they go through a recurrence is not decided here. What goes back from the
 * input of one of them arrives at what those before it gave, on top of what arrived there from the objective itself.
 */
export interface CutNetwork {
  /** In the order in which they ran. */
  readonly runs: readonly CutRun[];
  /** What has arrived at each port that carries numbers `[T, F]`, by `portKey`. */
  readonly outputs: ReadonlyMap<string, Array32>;
  /** @returns the objective's value */
  backFromObjective(objective: Objective): number;
  /** Once for each recurrence, the last first. */
  backFromRun(index: number, sent: RunSent): void;
  /** `null` where nothing depends on it. */
  arrivedAt(index: number): RunArrived | null;
}

export function cutNetwork(subject: Subject, example: Example): CutNetwork {
  const { model } = subject;
  const runs = inScope(() => {
    const recorder = new Recorder();
    model.values(toTensors(example.batch), { dropout: null, watch: recorder });
    return recorder.runs.map(
      ({ module, layer, cell, time, directions, input, sequence, final }): CutRun => ({
        place: { module, layer, cell },
        time: { steps: time.steps, rows: time.rows, rowLengths: time.rowLengths },
        directions: directions.map(({ reverse, weights }) => ({ reverse, weights })),
        input: readArray(input),
        sequence: readArray(sequence),
        final: final.map((parts) => parts.map(readArray)),
        initial: directions.map(({ initial }) => initial?.map(readArray) ?? null),
      }),
    );
  });
  const arrived = new Arrived();
  const back = (number: (logits: tf.Tensor, watch: CutWatch) => tf.Scalar): number =>
    inScope(() => {
      const { value, grad } = tf.valueAndGrad((anchor: tf.Tensor) => {
        const watch = new CutWatch(runs, arrived, anchor);
        const values = model.values(toTensors(example.batch), { dropout: null, watch });
        const logits = values.get(portKey(model.plan.head, 'logits'));
        if (logits?.type !== 'sequence' && logits?.type !== 'vector') throw new Error('the plan has no head');
        // The anchor is 0: where nothing else depends on it, such as data that a recurrence reads at once, nothing arrives anywhere.
        return tf.add<tf.Scalar>(number(logits.tensor, watch), anchor);
      })(tf.scalar(0));
      grad.dispose();
      return value.dataSync()[0] ?? Number.NaN;
    });
  return {
    runs,
    outputs: arrived.outputs,
    backFromObjective: (objective) => back((logits) => objectiveValue(subject, example, objective, logits)),
    backFromRun: (index, sent) => {
      back((_logits, watch) => watch.alongInputs(index, sent));
    },
    arrivedAt: (index) => arrived.at(index, runs[index] as CutRun),
  };
}

/** Gradients so far. */
class Arrived {
  readonly outputs = new Map<string, Array32>();
  readonly #runs = new Map<string, Array32>();

  atPort(key: string, d: Array32): void {
    this.outputs.set(key, sumOfArrays(this.outputs.get(key) ?? null, d));
  }

  /** @param part `sequence`, or which direction's which part of the final state */
  atRun(index: number, part: string, d: Array32): void {
    const key = `${index} ${part}`;
    this.#runs.set(key, sumOfArrays(this.#runs.get(key) ?? null, d));
  }

  at(index: number, { final }: CutRun): RunArrived | null {
    const sequence = this.#runs.get(`${index} sequence`) ?? null;
    const parts = final.map((of, direction) => {
      const found = of.map((_, part) => this.#runs.get(`${index} ${direction} ${part}`));
      if (found.every((one) => one === undefined)) return null;
      return of.map(({ shape, data }, part) => found[part] ?? { shape, data: new Float32Array(data.length) });
    });
    return sequence === null && parts.every((one) => one === null) ? null : { sequence, final: parts };
  }
}

/** Hands on what recurrences gave before, and looks at the gradients that pass; once for each time that a network runs. */
class CutWatch implements Watch {
  readonly #runs: readonly CutRun[];
  readonly #arrived: Arrived;
  readonly #anchor: tf.Tensor;
  /** What each recurrence is given, in their order. */
  readonly #given: WatchedRun[] = [];

  constructor(runs: readonly CutRun[], arrived: Arrived, anchor: tf.Tensor) {
    this.#runs = runs;
    this.#arrived = arrived;
    this.#anchor = anchor;
  }

  value: Watch['value'] = (module, port, value) => {
    if (value.type === 'tokens' || value.type === 'state') return value;
    const steps = value.type === 'vector' ? 1 : (value.time?.steps ?? 1);
    const tensor = watched(value.tensor, this.#anchor, (d) => {
      this.#arrived.atPort(portKey(module, port), readArray(d.reshape([steps, -1])));
    });
    return { ...value, tensor, differentiable: true } as Value;
  };

  recurrence: Watch['recurrence'] = (run) => {
    const index = this.#given.push(run) - 1;
    const known = this.#runs[index];
    if (known === undefined) throw new Error('a network ran otherwise than before');
    const cut = <T extends tf.Tensor>({ data, shape }: Array32, part: string): T =>
      watched(tf.tensor(data, [...shape]), this.#anchor, (d) => {
        this.#arrived.atRun(index, part, readArray(d));
      }) as T;
    return {
      sequence: cut<tf.Tensor3D>(known.sequence, 'sequence'),
      final: known.final.map((parts, direction) => parts.map((part, at) => cut<tf.Tensor2D>(part, `${direction} ${at}`))),
    };
  };

  /** The number whose gradient goes on from what a recurrence was given: that, times what was sent back to it. */
  alongInputs(index: number, { input, initial }: RunSent): tf.Scalar {
    const run = this.#given[index];
    if (run === undefined) throw new Error('a network ran otherwise than before');
    const along = (value: tf.Tensor, d: Array32): tf.Scalar => tf.sum<tf.Scalar>(tf.mul(value, tf.tensor(d.data, value.shape)));
    const terms = [
      ...(input === null ? [] : [along(run.input, input)]),
      ...run.directions.flatMap((direction, at) =>
        (direction.initial ?? []).flatMap((part, index) => {
          const d = initial[at]?.[index];
          return d === undefined ? [] : [along(part, d)];
        }),
      ),
    ];
    return terms.reduce<tf.Scalar>((sum, one) => tf.add<tf.Scalar>(sum, one), tf.scalar(0));
  }
}
