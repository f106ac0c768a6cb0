import type * as tf from '@tensorflow/tfjs-core';
import { type RecurrenceProblem, stepOrder } from '../recurrence.ts';
import { onProcessor, runShader, type Shader, unwritten } from './device.tf.ts';
import { type FusedCell, type Pass, passCode, type StepUniforms, stepUniforms } from './passes.ts';

/** Rows of the batch that one thread takes: the more, the less is loaded; the fewer, the more threads there are. */
function tileOf(pass: Pass): number {
  if (!onProcessor()) return 1;
  return pass.blocks.length > 2 ? 4 : 8;
}

/** Where a step finds its states and its neighbours. */
export const slots = ({ reverse }: RecurrenceProblem) =>
  ({
    before: (t: number) => (reverse ? t + 1 : t),
    after: (t: number) => (reverse ? t : t + 1),
    /** The step that ran after it. */
    later: (t: number) => (reverse ? t - 1 : t + 1),
  }) as const;

function shaderOf(problem: RecurrenceProblem, cell: FusedCell, phase: string, index: number, pass: Pass): Shader {
  const inputs = Object.fromEntries(pass.inputs.map((name) => [name, name === 'lengths' ? 'i32' : 'vec4'] as const));
  const tile = tileOf(pass);
  const stride = phase === 'forward' ? `${cell.gates} * uniforms.width` : 'uniforms.width';
  return {
    name: `${problem.cell.kernel.name} ${phase} ${index} ${tile} ${pass.inputs.join(' ')}`,
    inputs: { weight: 'vec4', ...inputs },
    uniforms: stepUniforms,
    code: passCode(cell, pass, stride, tile),
  };
}

interface Steps {
  readonly cell: FusedCell;
  /** H' */
  readonly width: number;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly result: tf.TensorInfo;
}

function runPass(problem: RecurrenceProblem, shader: Shader, pass: Pass, { width, inputs, result }: Steps, at: Times): void {
  const { steps, rows } = problem;
  const uniforms: StepUniforms = { steps, rows, width: width / 4, ...at, depth: at.first ? 0 : (pass.depth * width) / 4 };
  runShader(shader, inputs, uniforms, (Math.ceil(rows / tileOf(pass)) * width) / 4, result);
}

interface Times extends Pick<StepUniforms, 't' | 'before' | 'after' | 'later'> {
  /** Whether there is no step whose gradients reach this one. */
  readonly first: boolean;
}

/** All steps in the direction of the recurrence, into a history that has its first slot. */
export function runForward(problem: RecurrenceProblem, steps: Steps): void {
  const { before, after } = slots(problem);
  const passes = steps.cell.forward.map((pass, index) => ({
    pass,
    shader: shaderOf(problem, steps.cell, 'forward', index, pass),
  }));
  for (const t of stepOrder(problem.steps, problem.reverse)) {
    const at = { t, before: before(t), after: after(t), later: t, first: false };
    for (const { pass, shader } of passes) runPass(problem, shader, pass, steps, at);
  }
}

/** All steps against the direction of the recurrence, and what reaches the initial state, into gradients whose carried blocks are set. */
export function runBackward(problem: RecurrenceProblem, steps: Steps, last: Pass): void {
  const { before, after, later } = slots(problem);
  const { cell } = steps;
  const passes = cell.backward.map((pass, index) => ({ pass, shader: shaderOf(problem, cell, 'backward', index, pass), index }));
  const order = stepOrder(problem.steps, !problem.reverse);
  order.forEach((t, position) => {
    const at = { t, before: before(t), after: after(t), later: later(t) };
    for (const { pass, shader, index } of passes) {
      runPass(problem, shader, pass, steps, { ...at, first: position === 0 && index === 0 });
    }
  });
  const end = order.at(-1) ?? 0;
  const at = { t: end, before: end, after: end, later: end, first: false };
  runPass(problem, shaderOf(problem, cell, 'last', 0, last), last, steps, at);
}

const extracting: Shader = {
  name: 'states after the steps',
  inputs: { history: 'vec4', lengths: 'i32' },
  uniforms: ['offset', 'rows', 'width', 'count'],
  code: `fn main(index: i32) {
    if (index >= uniforms.count) { return; }
    let row = (index / uniforms.width) % uniforms.rows;
    let t = index / (uniforms.width * uniforms.rows);
    result[index] = select(vec4<f32>(0.0), history[uniforms.offset + index], t < lengths[row]);
  }`,
};

/** h after each step `[T·B, H']`, zero at padding. */
export function sequenceOf(problem: RecurrenceProblem, history: tf.TensorInfo, lengths: tf.Tensor1D, width: number): tf.Tensor2D {
  const { steps, rows } = problem;
  const result = unwritten<tf.Rank.R2>([steps * rows, width]);
  const count = result.size / 4;
  const offset = (slots(problem).after(0) * rows * width) / 4;
  runShader(extracting, { history, lengths }, { offset, rows, width: width / 4, count }, count, result);
  return result;
}
