import * as tf from '@tensorflow/tfjs-core';
import { isSoftware } from './describe-adapter.ts';

/** A compute shader: WGSL with `fn main(index: i32)` over `result`, the inputs and `uniforms`. All of them must be used in it. */
export interface Shader {
  /** Tells it from every other shader. */
  readonly name: string;
  /** Storage buffers by name: of `vec4<f32>`, `f32` or `i32`. */
  readonly inputs: Readonly<Record<string, 'vec4' | 'f32' | 'i32'>>;
  /** Names of its `i32` uniforms. */
  readonly uniforms: readonly string[];
  readonly code: string;
}

interface Program {
  readonly shaderKey: string;
  readonly variableNames: readonly string[];
  readonly variableComponents: readonly number[];
  readonly outputShape: readonly number[];
  readonly outputComponent: number;
  readonly uniforms: string;
  readonly workgroupSize: readonly [number, number, number];
  readonly dispatchLayout: { readonly x: readonly number[] };
  readonly dispatch: readonly [number, number, number];
  getUserCode(): string;
}

/** What the WebGPU backend offers beyond an ordinary one: shaders of our own on its tensors. */
interface WebGpuBackend {
  readonly device: {
    readonly limits: { readonly maxStorageBufferBindingSize: number };
    addEventListener(type: 'uncapturederror', listener: (event: { readonly error: { readonly message: string } }) => void): void;
  };
  readonly adapterInfo: { readonly vendor?: string; readonly architecture?: string };
  makeTensorInfo(shape: number[], dtype: 'float32'): tf.TensorInfo;
  runWebGPUProgram(
    program: Program,
    inputs: readonly tf.TensorInfo[],
    dtype: 'float32',
    uniforms: readonly { readonly type: 'int32'; readonly data: readonly number[] }[],
    output: tf.TensorInfo,
  ): tf.TensorInfo;
}

const backend = (): WebGpuBackend => tf.backend() as unknown as WebGpuBackend;

const workgroup = 32;

let refusal: string | null = null;

/** From now on an error of the device, which would leave wrong numbers without a word, is thrown by the shader that is run next. */
export function watchDevice(): void {
  backend().device.addEventListener('uncapturederror', ({ error }) => {
    refusal ??= error.message;
  });
}

/** @throws Error what the device has refused since the last call. */
export function throwRefusal(): void {
  if (refusal === null) return;
  const [first = ''] = refusal.split('\n');
  refusal = null;
  throw new Error(`WebGPU refused a shader: ${first}`);
}

/** Whether the adapter computes on the processor, where large tiles pay and few threads suffice. */
export const onProcessor = (): boolean => isSoftware(backend().adapterInfo);

/** The most numbers of a tensor that can be bound to a shader. */
export const mostBound = (): number => Math.floor(backend().device.limits.maxStorageBufferBindingSize / 4);

/** A tensor whose numbers are whatever was in its memory: to be written by shaders. */
export function unwritten<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.engine().makeTensorFromTensorInfo(backend().makeTensorInfo(shape, 'float32')) as tf.Tensor<R>;
}

/**
 * The stock backend compiles a shader again for other ranks of its tensors, and where one is as large as the result or has one number. Ours
 * count for themselves: whatever their sizes are, they are told of the same.
 */
const anyInput = ({ dataId, dtype }: tf.TensorInfo): tf.TensorInfo => ({ dataId, dtype, shape: [2] });
const anyResult = ({ dataId, dtype, shape }: tf.TensorInfo): tf.TensorInfo => ({
  dataId,
  dtype,
  shape: [shape.includes(0) ? 0 : 1],
});

/** Workgroups along one dimension that every adapter takes. */
const mostGroups = 65535;

/** Workgroups for so many threads, in as many rows as it takes: the stock backend counts threads over all of them. */
export function groupsOf(threads: number): readonly [number, number, number] {
  const groups = Math.max(1, Math.ceil(threads / workgroup));
  const lines = Math.ceil(groups / mostGroups);
  return [Math.ceil(groups / lines), lines, 1];
}

/**
 * Runs a shader once for each index below `threads` (and a few above: it must check). `result` keeps the numbers that the shader does
 * not write, and may be read in it. Shaders run in the order of these calls, each after the one before has ended.
 *
 * @throws Error where the device has refused an earlier one, see {@link watchDevice}
 */
export function runShader(
  shader: Shader,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  uniforms: Readonly<Record<string, number>>,
  threads: number,
  result: tf.TensorInfo,
): void {
  throwRefusal();
  const names = Object.keys(shader.inputs);
  const program: Program = {
    shaderKey: shader.name,
    variableNames: names,
    variableComponents: names.map((name) => (shader.inputs[name] === 'vec4' ? 4 : 1)),
    outputShape: anyResult(result).shape,
    outputComponent: 4,
    uniforms: shader.uniforms.map((name) => `${name}: i32,`).join(' '),
    workgroupSize: [workgroup, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: groupsOf(threads),
    getUserCode: () => shader.code,
  };
  const bound = names.map((name) => {
    const tensor = inputs[name];
    if (tensor === undefined) throw new Error(`shader ${shader.name}: input ${name} is missing`);
    return anyInput(tensor);
  });
  const numbers = shader.uniforms.map((name) => {
    const value = uniforms[name];
    if (value === undefined) throw new Error(`shader ${shader.name}: uniform ${name} is missing`);
    return { type: 'int32' as const, data: [value] };
  });
  backend().runWebGPUProgram(program, bound, 'float32', numbers, anyResult(result));
}
