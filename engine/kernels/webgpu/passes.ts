import { rowsTimesMatrix, sum } from './tile.ts';

/*
 * A time step of a cell is one or two passes. In each, a thread takes four units (one `vec4`) of a few rows of the batch: first a
 * product with the recurrent weights, then everything that is element by element. Widths are multiples of four.
 *
 * History, written by the forward passes, `[B, H]` blocks: state part p after and before the steps, T + 1 of each p, in order of time;
 * then T blocks of each kept number. Gradients, written by the backward passes: T × `[B, D·H]`, D numbers for each unit; then one
 * block for each part of the state, the gradient that is carried past the product.
 */

/** The shape of a cell's memory, per unit. */
export interface CellMemory {
  /** Blocks of the gate matrices. */
  readonly gates: number;
  /** Parts of the state. */
  readonly parts: number;
  /** Numbers that a step keeps for the gradient. */
  readonly kept: number;
  /** D: gradients that a step gives. */
  readonly gradients: number;
}

export interface Pass {
  /** Inputs that `step` reads, beside the weight. */
  readonly inputs: readonly Input[];
  /** WGSL index of a row's first `vec4` in `result`, the left factor. */
  readonly left: string;
  /** How many times H numbers of the row take part. */
  readonly depth: number;
  /** WGSL index, in a row of the weight, of each block of the product. */
  readonly blocks: readonly string[];
  /** WGSL body for `row`, `unit` and the products `a0`, `a1`, …, once for each row of the batch. */
  readonly step: string;
}

export type Input = 'gates' | 'lengths' | 'hiddenBias' | 'history' | 'dSequence';

export interface FusedCell extends CellMemory {
  /** Of the D gradients, the first of the gates' as the input sees them; as the state sees them, they start at 0. */
  readonly inputGradient: number;
  /** Whether the gates as the state sees them begin with the last one; the recurrent weights are then taken in that order. */
  readonly lastGateFirst: boolean;
  /** The kept number that the last gate's product sees instead of h; `null` where it sees h. */
  readonly candidateSees: number | null;
  /** The weight of the forward passes is the transposed recurrent weights `[H, G·H]`. */
  readonly forward: readonly Pass[];
  /** The weight of the backward passes is the recurrent weights `[G·H, H]`. */
  readonly backward: readonly Pass[];
}

/** What most cells have: gates that input and state see alike. */
export const alike = { inputGradient: 0, lastGateFirst: false, candidateSees: null } as const;

export const stepUniforms = ['steps', 'rows', 'width', 't', 'before', 'after', 'later', 'depth'] as const;
export type StepUniforms = Readonly<Record<(typeof stepUniforms)[number], number>>;

const places = ({ gates, parts, gradients }: CellMemory): string => `
fn block(number: i32, row: i32, unit: i32) -> i32 { return (number * uniforms.rows + row) * uniforms.width + unit; }
fn state(part: i32, slot: i32, row: i32, unit: i32) -> i32 { return block(part * (uniforms.steps + 1) + slot, row, unit); }
fn kept(number: i32, row: i32, unit: i32) -> i32 {
  return block(${parts} * (uniforms.steps + 1) + number * uniforms.steps + uniforms.t, row, unit);
}
fn gate(number: i32, row: i32, unit: i32) -> i32 {
  return ((uniforms.t * uniforms.rows + row) * ${gates} + number) * uniforms.width + unit;
}
fn gradient(t: i32, number: i32, row: i32, unit: i32) -> i32 {
  return ((t * uniforms.rows + row) * ${gradients} + number) * uniforms.width + unit;
}
fn carry(part: i32, row: i32, unit: i32) -> i32 { return block(uniforms.steps * ${gradients} + part, row, unit); }
fn sigmoid(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-abs(x));
  return select(e, vec4<f32>(1.0), x >= vec4<f32>(0.0)) / (1.0 + e);
}
fn hyperbolic(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-2.0 * abs(x));
  return sign(x) * (1.0 - e) / (1.0 + e);
}`;

/**
 * @param stride WGSL length of a row of the weight
 * @param tile rows of the batch that one thread takes
 */
export function passCode(memory: CellMemory, pass: Pass, stride: string, tile: number): string {
  const rows = Array.from({ length: tile }, (_, r) => r);
  const left = { buffer: 'result', rows: rows.map((r) => `start${r}`) };
  const right = { buffer: 'weight', stride, blocks: pass.blocks };
  const sums = (r: number): string => pass.blocks.map((_, block) => sum(r, block)).join(', ');
  return `${places(memory)}
  fn leftOf(row: i32) -> i32 { return ${pass.left}; }
  fn advance(row: i32, unit: i32, ${pass.blocks.map((_, block) => `a${block}: vec4<f32>`).join(', ')}) { ${pass.step} }
  fn main(index: i32) {
    let unit = index % uniforms.width;
    let first = (index / uniforms.width) * ${tile};
    if (first >= uniforms.rows) { return; }
    ${rows.map((r) => `let start${r} = leftOf(min(first + ${r}, uniforms.rows - 1));`).join('\n')}
    ${rowsTimesMatrix(left, right, 'uniforms.depth')}
    ${rows.map((r) => `if (first + ${r} < uniforms.rows) { advance(first + ${r}, unit, ${sums(r)}); }`).join('\n')}
  }`;
}

/** The state's gradient after the step's own part of it: `dh`. Passes it on and returns where the row has ended. */
export const arrivingGradient = (sequence: boolean, gradients: number): string => `
  var dh = result[carry(0, row, unit)] + a0;
  if (uniforms.t >= lengths[row]) {
    ${Array.from({ length: gradients }, (_, d) => `result[gradient(uniforms.t, ${d}, row, unit)] = vec4<f32>(0.0);`).join('\n')}
    result[carry(0, row, unit)] = dh;
    return;
  }
  ${sequence ? 'dh += dSequence[block(uniforms.t, row, unit)];' : ''}`;

/** After the last step back: what reaches the initial state. */
export const lastPass = (count: number): Pass => ({
  inputs: [],
  left: 'gradient(uniforms.later, 0, row, 0)',
  depth: count,
  blocks: ['unit'],
  step: 'result[carry(0, row, unit)] += a0;',
});
