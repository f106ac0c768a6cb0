import * as tf from '@tensorflow/tfjs-core';
import { cellProgram } from '../cells/cell-program.ts';
import { toTensors } from '../compile/materialize.tf.ts';
import { portKey } from '../graph/infer-shapes.ts';
import type { DerivedProblem } from '../kernels/derived/problem.ts';
import { zeroState } from '../kernels/derived/rows.tf.ts';
import { equationWeights } from '../kernels/equation-weights.tf.ts';
import { opOfSeveralValues } from '../kernels/op-value.tf.ts';
import type { StateParts } from '../kernels/recurrence.tf.ts';
import { neededBackwards, type TracedGradients, traceBackward } from '../kernels/traced/backward.tf.ts';
import { traceForward } from '../kernels/traced/forward.tf.ts';
import type { Value } from '../layers/builder.tf.ts';
import type { Watch, WatchedDirection, WatchedRun } from '../layers/watch.tf.ts';
import type { Place } from '../protocol/inspect.ts';
import { type Array32, readArray } from './arrays.tf.ts';
import type { Example } from './example.ts';
import { type Objective, objectiveValue } from './objective.tf.ts';
import { inScope } from './scope.tf.ts';
import type { Subject } from './subject.ts';

/** What arrives at one direction of a layer. */
export interface RecurrenceGradient extends Place {
  /** ∂/∂ of each part of the state after each step `[T, F]`, by its name; all that arrives, from that step and from later ones. */
  readonly states: ReadonlyMap<string, Array32>;
  /** ∂/∂x `[T, I]`; `null` where the cell does not read its input. */
  readonly inputs: Array32 | null;
  /** By parameter: ‖G_t‖ and ⟨G_t, G⟩ of the terms of its gradient G, `[T]` each. */
  readonly terms: ReadonlyMap<string, { readonly norm: Float32Array; readonly along: Float32Array }>;
}

export interface Gradient {
  /** Of the objective itself. */
  readonly value: number;
  /** What arrives at each port that carries numbers `[T, F]`, by `portKey`. */
  readonly outputs: ReadonlyMap<string, Array32>;
  readonly recurrences: readonly RecurrenceGradient[];
}

/** The gradient of a picked number with respect to every value, state and input, and step by step to what the cells learned. */
export function gradientOf(subject: Subject, example: Example, objective: Objective): Gradient {
  const { model } = subject;
  return inScope(() => {
    const batch = toTensors(example.batch);
    const watch = new GradientWatch();
    const { value, grad } = tf.valueAndGrad((anchor: tf.Tensor) => {
      watch.anchor = anchor;
      const logits = model.forward(batch, { dropout: null, watch });
      return objectiveValue(subject, example, objective, logits);
    })(tf.scalar(0));
    grad.dispose();
    return { value: value.dataSync()[0] ?? Number.NaN, outputs: watch.outputs, recurrences: watch.inOrder() };
  });
}

/** Runs recurrences by ops whose gradient is that of the equations, and keeps what passes backwards. One row. */
class GradientWatch implements Watch {
  readonly outputs = new Map<string, Array32>();
  readonly #recurrences = new Map<number, RecurrenceGradient>();
  #runs = 0;
  /** What every value depends on, so that a gradient arrives at all of them, data included. */
  anchor: tf.Tensor | null = null;

  /** As the network runs. */
  inOrder(): readonly RecurrenceGradient[] {
    return [...this.#recurrences].sort(([a], [b]) => a - b).map(([, gradient]) => gradient);
  }

  value: Watch['value'] = (module, port, value) => {
    if (value.type === 'tokens' || value.type === 'state') return value;
    const steps = value.type === 'vector' ? 1 : (value.time?.steps ?? 1);
    const tensor = watched(value.tensor, this.#anchored(), (d) => {
      this.outputs.set(portKey(module, port), readArray(d.reshape([steps, -1])));
    });
    return { ...value, tensor, differentiable: true } as Value;
  };

  recurrence: Watch['recurrence'] = (run, _want, kernels) => {
    const { cell, input, time, directions } = run;
    const program = cellProgram(cell.equations, cell.hidden);
    const { steps, rows, rowLengths: lengths } = time;
    const parts = program.states.length;
    const starts = directions.map(({ initial }) => initial ?? zeroState(program, rows));
    const problems = directions.map(
      ({ reverse }): DerivedProblem => ({ program, steps, rows, lengths, reverse, inputGradient: true }),
    );
    const places = directions.map(() => this.#runs++);
    const needed = neededBackwards(program);
    const weightsOf = (direction: WatchedDirection): ReadonlyMap<string, tf.Tensor> => equationWeights(cell, direction.weights);
    const tensors = [input, ...starts.flat()];
    const [sequence, ...final] = opOfSeveralValues(tensors, (save) => {
      const given = kernels({ sequence: true, final: true });
      if (given.sequence === null) throw new Error('a recurrence gave no sequence');
      const halves = tf.split(given.sequence, directions.length, 2) as tf.Tensor3D[];
      const traces = directions.map((direction, index) =>
        traceForward(
          problems[index] as DerivedProblem,
          input,
          weightsOf(direction),
          starts[index] as StateParts,
          halves[index] as tf.Tensor3D,
        ),
      );
      save([...tensors, ...traces.flatMap(({ values }) => needed.map(values.get))]);
      return {
        values: [given.sequence, ...given.final.flat()],
        gradients: ([dSequence, ...dFinal], saved) => {
          const [x, ...rest] = saved as [tf.Tensor3D, ...tf.Tensor2D[]];
          const dHalves = tf.split(dSequence as tf.Tensor, directions.length, 2) as tf.Tensor3D[];
          const all = directions.map((direction, index) => {
            const values = rest.slice(starts.flat().length + index * needed.length);
            const initial = rest.slice(index * parts, (index + 1) * parts);
            const d = traceBackward(
              problems[index] as DerivedProblem,
              x,
              weightsOf(direction),
              initial,
              (id) => values[needed.indexOf(id)] as tf.Tensor2D,
              dHalves[index] as tf.Tensor3D,
              dFinal.slice(index * parts, (index + 1) * parts) as tf.Tensor2D[],
              rows === 1,
            );
            this.#recurrences.set(places[index] ?? 0, read(run, direction, d));
            return d;
          });
          const dx = all.flatMap((d) => d.x ?? []).reduce<tf.Tensor>((sum, one) => tf.add(sum, one), tf.zerosLike(x));
          return [dx, ...all.flatMap((d) => d.initial)];
        },
      };
    });
    return {
      sequence: sequence as tf.Tensor3D,
      final: directions.map((_, index) => final.slice(index * parts, (index + 1) * parts) as tf.Tensor2D[]),
    };
  };

  #anchored(): tf.Tensor {
    if (this.anchor === null) throw new Error('nothing is differentiated yet');
    return this.anchor;
  }
}

/** The same tensor, whose gradient is looked at as it passes. */
export function watched(tensor: tf.Tensor, anchor: tf.Tensor, look: (d: tf.Tensor) => void): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const [x] = args as [tf.Tensor];
    return {
      value: x.clone(),
      gradFunc: (d: tf.Tensor) => {
        look(d);
        return [d, tf.scalar(0)];
      },
    };
  });
  return op(tensor, anchor);
}

function read({ module, layer, cell }: WatchedRun, { reverse }: WatchedDirection, d: TracedGradients): RecurrenceGradient {
  const ofSteps = (tensor: tf.Tensor3D): Array32 => readArray(tensor.reshape([tensor.shape[0], -1]));
  return {
    node: module,
    layer,
    direction: reverse ? 'backward' : 'forward',
    states: new Map(cell.states.map(({ name }, part) => [name, ofSteps(d.states[part] as tf.Tensor3D)])),
    inputs: d.x === null ? null : ofSteps(d.x),
    terms: readTerms(d.terms),
  };
}

/** Out of the backend at once: there are many, and each is small. */
function readTerms(terms: TracedGradients['terms']): RecurrenceGradient['terms'] {
  if (terms.size === 0) return new Map();
  const { shape, data } = readArray(tf.stack([...terms.values()].flatMap(({ norm, along }) => [norm, along])));
  const steps = shape[1] ?? 0;
  const row = (at: number): Float32Array => data.subarray(at * steps, (at + 1) * steps);
  return new Map([...terms.keys()].map((name, at) => [name, { norm: row(2 * at), along: row(2 * at + 1) }]));
}
