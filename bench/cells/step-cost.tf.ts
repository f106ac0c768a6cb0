import * as tf from '@tensorflow/tfjs-core';
import { cellProgram } from '../../engine/cells/cell-program.ts';
import { derivedRecurrence } from '../../engine/kernels/derived.tf.ts';

/** What each further time step of a training step costs on WebGPU. */
export interface StepCost {
  /** Shaders that are run, forwards and back. */
  readonly forward: number;
  readonly backward: number;
  /** Bytes that are kept for each row from the way forwards to the way back. */
  readonly kept: number;
}

/** What the WebGPU backend runs its shaders with. */
interface Counting {
  runWebGPUProgram(...given: unknown[]): unknown;
}

/** Shaders that something runs. */
function counted(run: () => void): number {
  const backend = tf.backend() as unknown as Counting;
  const original = backend.runWebGPUProgram;
  let count = 0;
  backend.runWebGPUProgram = (...given) => {
    count++;
    return original.apply(backend, given);
  };
  try {
    run();
  } finally {
    backend.runWebGPUProgram = original;
  }
  return count;
}

const rows = 4;

/** Counted, of nine steps against five, in full batches. */
export function stepCost(equations: string, hidden: number, inputs: number): StepCost {
  const program = cellProgram(equations, hidden);
  const weights = program.parameters.map(({ shape }) => tf.ones(shape.map((width) => (width === 'input' ? inputs : width))));
  const of = (steps: number): StepCost => {
    const x = tf.ones<tf.Rank.R3>([steps, rows, inputs]);
    const problem = { program, steps, rows, lengths: new Int32Array(rows).fill(steps), reverse: false, inputGradient: true };
    let [forward, kept] = [0, 0];
    const all = counted(() => {
      tf.tidy(() => {
        tf.grads((...given: tf.Tensor[]) => {
          const before = tf.memory().numBytes;
          let value: tf.Tensor = x;
          forward = counted(() => {
            value = derivedRecurrence(problem, x, given, null, { sequence: true, final: false }).sequence ?? x;
          });
          // The sequence itself belongs to whoever asked for it.
          kept = (tf.memory().numBytes - before - 4 * value.size) / rows;
          return tf.sum(value);
        })(weights);
      });
    });
    x.dispose();
    return { forward, backward: all - forward, kept };
  };
  // The stock backend computes on the processor what has not been on the graphics processor yet.
  of(5);
  const [short, long] = [of(5), of(9)];
  tf.dispose(weights);
  const each = (name: keyof StepCost): number => (long[name] - short[name]) / 4;
  return { forward: each('forward'), backward: each('backward'), kept: each('kept') };
}
