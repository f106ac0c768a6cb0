import * as tf from '@tensorflow/tfjs-core';
import type { ProgramProblem } from '../program-op.tf.ts';
import type { StateParts } from '../recurrence.tf.ts';
import { stepOrder } from '../recurrence.ts';
import { runShader, type Shader, unwritten } from './device.tf.ts';
import { inFours } from './fours.ts';
import { asMatrix, clear, cut, filled, lay, taken } from './lay.tf.ts';
import { type Learned, packed } from './pack.tf.ts';
import { bufferSize, carryOffset, stateOffset } from './program/addresses.ts';
import type { BackwardShaders, ForwardShaders } from './program/plan.ts';
import { type GeneratedShader, type InputName, uniformNames } from './program/shader.ts';
import { Gradients } from './program-gradients.tf.ts';

type Buffers = Readonly<Partial<Record<InputName, tf.TensorInfo>>>;
type Uniforms = Readonly<Record<(typeof uniformNames)[number], number>>;

/** Runs a shader that was generated, for so many rows. */
function run(shader: GeneratedShader, buffers: Buffers, uniforms: Uniforms, rows: number): void {
  const { name, code, inputs, target } = shader;
  const result = buffers[target];
  if (result === undefined) throw new Error(`there is no buffer ${target}`);
  const types = Object.fromEntries(inputs.map((input) => [input, input === 'lengths' ? ('i32' as const) : ('vec4' as const)]));
  const given = Object.fromEntries(inputs.flatMap((input) => (buffers[input] === undefined ? [] : [[input, buffers[input]]])));
  runShader({ name, code, inputs: types, uniforms: uniformNames }, given, uniforms, shader.threads(rows), result);
}

const always = ({ steps, rows, reverse }: ProgramProblem): Uniforms => ({
  ...{ steps, rows, back: Number(reverse), t: 0, later: 0, linked: 0 },
});

/** All steps of one direction. */
export function forwards(
  problem: ProgramProblem,
  { layout, weights: plan, early, step }: ForwardShaders,
  x: tf.Tensor3D,
  learned: Learned,
  initial: StateParts,
): { readonly sequence: tf.Tensor3D; readonly final: StateParts; readonly history: tf.Tensor } {
  const { steps, rows, reverse, program } = problem;
  const buffer = (name: 'history' | 'hoisted'): tf.Tensor1D =>
    unwritten<tf.Rank.R1>([4 * Math.max(1, bufferSize(layout, name, steps, rows))]);
  const history = buffer('history');
  const hoisted = buffer('hoisted');
  const buffers = {
    weights: packed(program, plan, learned),
    history,
    hoisted,
    x: filled(x),
    lengths: tf.tensor1d(problem.lengths, 'int32'),
  };
  const [first, last] = reverse ? [steps, 0] : [0, steps];
  const slot = (part: number, at: number): number =>
    stateOffset(layout, part, steps, rows) + 4 * at * rows * (layout.states[part] ?? 0);
  for (const [part, blocks] of layout.states.entries()) {
    const given = initial[part];
    if (given === undefined) clear(history, rows, blocks, slot(part, first) / 4);
    else lay(asMatrix(given), history, { offset: slot(part, first) / 4 });
  }
  const uniforms = always(problem);
  for (const shader of early) run(shader, buffers, uniforms, steps * rows);
  for (const t of stepOrder(steps, reverse)) for (const shader of step) run(shader, buffers, { ...uniforms, t }, rows);
  hoisted.dispose();
  const width = inFours(program.states[0] ?? 0);
  const sequence = unwritten<tf.Rank.R2>([steps * rows, width]);
  const count = sequence.size / 4;
  const offset = slot(0, 1 - uniforms.back) / 4;
  runShader(extracting, { history, lengths: buffers.lengths }, { offset, rows, width: width / 4, count }, count, sequence);
  return {
    sequence: cut(sequence, program.states[0] ?? 0).reshape([steps, rows, program.states[0] ?? 0]),
    final: program.states.map((states, part) => taken(history, rows, states, slot(part, last), inFours(states))),
    history,
  };
}

const extracting: Shader = {
  name: 'states after all steps',
  inputs: { history: 'vec4', lengths: 'i32' },
  uniforms: ['offset', 'rows', 'width', 'count'],
  code: `fn main(index: i32) {
    if (index >= uniforms.count) { return; }
    let row = (index / uniforms.width) % uniforms.rows;
    let t = index / (uniforms.width * uniforms.rows);
    result[index] = select(vec4<f32>(0.0), history[uniforms.offset + index], t < lengths[row]);
  }`,
};

/** What a step back is given of one direction. */
interface Given {
  /** `[T, B, I]` */
  readonly x: tf.Tensor3D;
  readonly learned: Learned;
  readonly history: tf.Tensor;
  /** Which direction it is, and of how many. */
  readonly d: number;
  readonly directions: number;
}

/** All steps of one direction, back. */
export function backwards(
  problem: ProgramProblem,
  shaders: BackwardShaders,
  given: Given,
  dSequence: tf.Tensor3D | null,
  dFinal: StateParts | null,
): Gradients {
  const { steps, rows, reverse, program } = problem;
  const { layout, weights: plan, step, end, rest } = shaders;
  const gradients = unwritten<tf.Rank.R1>([4 * Math.max(1, bufferSize(layout, 'gradients', steps, rows))]);
  const carry = carryOffset(layout, steps, rows);
  for (const [part, blocks] of layout.states.entries()) {
    const final = dFinal?.[part];
    const [offset, stride] = [(carry.first + carry.column(part)) / 4, carry.stride / 4];
    if (final === undefined) clear(gradients, rows, blocks, offset, stride);
    else lay(asMatrix(final), gradients, { offset, stride });
  }
  const x = filled(given.x);
  const buffers = {
    weights: packed(program, plan, given.learned),
    ...{ history: given.history, gradients, x, lengths: tf.tensor1d(problem.lengths, 'int32') },
    ...(dSequence === null ? {} : { dSequence: share(dSequence, given, program.states[0] ?? 0) }),
  };
  const uniforms = always(problem);
  const order = stepOrder(steps, !reverse);
  order.forEach((t, index) => {
    const at = { ...uniforms, t, later: order[index - 1] ?? t, linked: index === 0 ? 0 : 1 };
    for (const shader of step) run(shader, buffers, at, rows);
  });
  const last = order.at(-1) ?? 0;
  if (end !== null) run(end, buffers, { ...uniforms, t: last, later: last, linked: 1 }, rows);
  for (const shader of rest) run(shader, buffers, uniforms, steps * rows);
  return new Gradients(problem, shaders, { gradients, history: given.history, x });
}

/** One direction's share of the gradient of all states `[T, B, D·P]`, as rows in fours. */
function share(dSequence: tf.Tensor3D, { d, directions }: Given, width: number): tf.Tensor2D {
  if (directions === 1) return filled(dSequence);
  const [steps, rows] = dSequence.shape;
  const result = unwritten<tf.Rank.R2>([steps * rows, inFours(width)]);
  lay({ tensor: dSequence, rows: steps * rows, columns: width, first: d * width, pitch: directions * width }, result, {
    offset: 0,
  });
  return result;
}
