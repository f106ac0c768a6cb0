/** A page that runs cells as shaders that are made of their equations, beside the composed form. */
import * as tf from '@tensorflow/tfjs-core';
import { type StepCost, stepCost } from '../../bench/cells/step-cost.tf.ts';
import { checkProgram, type ProgramCase } from '../../engine/backends/program-check.tf.ts';
import { cellProgram } from '../../engine/cells/cell-program.ts';
import { derivedRecurrence } from '../../engine/kernels/derived.tf.ts';
import { programOp } from '../../engine/kernels/implementations.tf.ts';
import { filled } from '../../engine/kernels/webgpu/lay.tf.ts';
import type { DeviceInfo } from '../../engine/protocol/app.ts';
import { startWebGpu } from '../../engine/worker/webgpu.tf.ts';

/** Read by the test. */
export interface ProgramPage {
  start(): Promise<DeviceInfo>;
  /** Whether such programs are in use. */
  trusted(): boolean;
  /** From now on shaders are made as for a graphics processor, or as for this adapter again. */
  pretendGraphics(pretend: boolean): void;
  /** Largest error of values and gradients, as `checkProgram` says. */
  check(
    equations: string,
    cases: readonly ProgramCase[],
    floor: number,
  ): Promise<{ readonly error: number; readonly worst: string }>;
  /** Shaders made of equations that the driver has compiled. */
  compiled(): number;
  /** Counted: of 9 steps against 5. */
  cost(equations: string, hidden: number, inputs: number): StepCost;
  /** Lays so many rows of three ones in fours. @returns how many came out as something else than three ones and a zero */
  fill(rows: number): Promise<number>;
  /** What a shader that no driver takes leads to. */
  refuse(): Promise<string>;
}

interface Backend {
  adapterInfo: object;
  /** By what tells one from every other, which begins with the shader's name. */
  readonly pipelineCache: Readonly<Record<string, unknown>>;
  readonly device: { createComputePipeline(descriptor: { readonly compute: object }): unknown };
}
const backend = (): Backend => tf.backend() as unknown as Backend;

let own: object | null = null;

function pretendGraphics(pretend: boolean): void {
  own ??= backend().adapterInfo;
  backend().adapterInfo = pretend ? { vendor: 'test', architecture: '' } : own;
}

/** The next pipelines are ones that WebGPU cannot make. */
async function refuse(): Promise<string> {
  const { device } = backend();
  const original = device.createComputePipeline;
  device.createComputePipeline = ({ compute, ...descriptor }) =>
    original.call(device, { ...descriptor, compute: { ...compute, entryPoint: 'nothing' } });
  const program = cellProgram("h' = tanh(W x + 0.123 * h)", 3);
  const problem = { program, steps: 1, rows: 1, lengths: Int32Array.of(1), reverse: false, inputGradient: false };
  const run = async (): Promise<void> => {
    const out = tf.tidy(() => {
      const { sequence } = derivedRecurrence(problem, tf.ones([1, 1, 2]), [tf.ones([3, 2])], null, {
        sequence: true,
        final: false,
      });
      return sequence ?? tf.scalar(0);
    });
    await out.data();
    out.dispose();
  };
  try {
    await run();
    device.createComputePipeline = original;
    await run();
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    device.createComputePipeline = original;
  }
}

async function fill(rows: number): Promise<number> {
  const laid = tf.tidy(() => filled(tf.ones([rows, 3])));
  // Not added up there: a reduction of so many rows keeps a software adapter busy for more than a minute.
  const numbers = await laid.data();
  laid.dispose();
  let wrong = Math.abs(numbers.length / 4 - rows);
  for (let at = 0; at < numbers.length; at += 4) if ([1, 1, 1, 0].some((one, i) => numbers[at + i] !== one)) wrong++;
  return wrong;
}

Object.assign(globalThis, {
  programPage: {
    start: startWebGpu,
    trusted: () => programOp() !== null && tf.getBackend() === 'webgpu',
    pretendGraphics,
    check: checkProgram,
    compiled: () => Object.keys(backend().pipelineCache).filter((key) => key.startsWith('generated ')).length,
    cost: stepCost,
    fill,
    refuse,
  } satisfies ProgramPage,
});
