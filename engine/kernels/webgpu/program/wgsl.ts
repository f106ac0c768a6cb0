import type { Calculation } from '../../../cells/program/format.ts';

/** What the operations of a program need beside WGSL's own. Large arguments overflow nowhere. */
export const functions = `
fn sigmoid(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-abs(x));
  return select(e, vec4<f32>(1.0), x >= vec4<f32>(0.0)) / (1.0 + e);
}
fn hyperbolic(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-2.0 * abs(x));
  return sign(x) * (1.0 - e) / (1.0 + e);
}
fn softplus(x: vec4<f32>) -> vec4<f32> { return max(x, vec4<f32>(0.0)) + log(1.0 + exp(-abs(x))); }
fn lanes(unit: i32, width: i32) -> vec4<bool> {
  return vec4<i32>(4 * unit) + vec4<i32>(0, 1, 2, 3) < vec4<i32>(width);
}
fn total(x: vec4<f32>) -> vec4<f32> { return vec4<f32>(x.x + x.y + x.z + x.w); }
fn largest(x: vec4<f32>) -> vec4<f32> { return vec4<f32>(max(max(x.x, x.y), max(x.z, x.w))); }`;

export const zero = 'vec4<f32>(0.0)';

/** Below any number that a maximum is taken of. */
export const lowest = 'vec4<f32>(-3.4e38)';

/** An instruction on four units at once. */
export const calculations: Readonly<Record<Calculation, (a: string, b: string, c: string) => string>> = {
  copy: (a) => a,
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `${a} / ${b}`,
  min: (a, b) => `min(${a}, ${b})`,
  max: (a, b) => `max(${a}, ${b})`,
  multiplyAdd: (a, b, c) => `${a} * ${b} + ${c}`,
  multiplySubtract: (a, b, c) => `${a} * ${b} - ${c}`,
  subtractProduct: (a, b, c) => `${c} - ${a} * ${b}`,
  negative: (a) => `-${a}`,
  sigmoid: (a) => `sigmoid(${a})`,
  tanh: (a) => `hyperbolic(${a})`,
  relu: (a) => `max(${a}, ${zero})`,
  softplus: (a) => `softplus(${a})`,
  exp: (a) => `exp(${a})`,
  log: (a) => `log(${a})`,
  sqrt: (a) => `sqrt(${a})`,
  abs: (a) => `abs(${a})`,
  step: (a) => `select(${zero}, vec4<f32>(1.0), ${a} > ${zero})`,
  sign: (a) => `sign(${a})`,
};

/** A number as WGSL; four times the same. */
export function literal(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) throw new Error(`${value} is no number of WGSL`);
  const text = String(value);
  return `vec4<f32>(${/[.e]/.test(text) ? text : `${text}.0`})`;
}
