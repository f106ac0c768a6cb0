import * as tf from '@tensorflow/tfjs-core';
import { type Excess, excess } from '../../cells/program/limits.ts';
import type { ProgramOp, ProgramProblem, ProgramWeights } from '../program-op.tf.ts';
import { mostBound, onProcessor } from './device.tf.ts';
import { inFours } from './fours.ts';
import { asMatrix } from './lay.tf.ts';
import type { Learned } from './pack.tf.ts';
import { bufferSize } from './program/addresses.ts';
import { beyondShaders, shadersOf } from './program/plan.ts';
import { backwards, forwards } from './run.tf.ts';

/** Why a problem's shaders, or the arrays that they write, are too large; `null` where they are not. */
export function beyondWebGpu({ program, steps, rows }: Omit<ProgramProblem, 'reverse'>): Excess | null {
  const shaders = shadersOf(program, onProcessor());
  if (shaders === null) return beyondShaders(program, onProcessor());
  const { training } = shaders;
  const back = shaders.backward(true);
  const weights = [training, back].map((one) => 4 * one.weights.size);
  const arrays = [
    ...(['history', 'hoisted'] as const).map((buffer) => 4 * bufferSize(training.layout, buffer, steps, rows)),
    4 * bufferSize(back.layout, 'gradients', steps, rows),
    steps * rows * inFours(program.inputs),
  ];
  return (
    excess('numbers of its weights together', Math.max(...weights), mostBound(), 'units') ??
    excess('numbers of one array of a batch', Math.max(...arrays), mostBound(), 'batch')
  );
}

/** The shaders of a program that is not {@link beyondWebGpu}. */
export function requireShaders({ program }: Pick<ProgramProblem, 'program'>): NonNullable<ReturnType<typeof shadersOf>> {
  const shaders = shadersOf(program, onProcessor());
  if (shaders === null) throw new Error('the program is too large for shaders');
  return shaders;
}

/** A register program as shaders that are made of it: one for each stage of a step. */
export const webGpuProgramOp: ProgramOp = {
  beyond: beyondWebGpu,

  forward(problem, x, weights, initial, keep) {
    const shaders = requireShaders(problem);
    const parts = problem.program.states.length;
    const form = keep ? shaders.training : shaders.inference;
    const runs = weights.map((own, d) =>
      forwards(directed(problem, d), form, x, learnedOf(own), initial.slice(d * parts, (d + 1) * parts)),
    );
    const [first, ...others] = runs.map(({ sequence }) => sequence);
    if (first === undefined) throw new Error('no direction');
    return {
      sequence: others.length === 0 ? first : tf.concat3d([first, ...others], 2),
      final: runs.flatMap(({ final }) => final),
      saved: keep ? runs.map(({ history }) => history) : [],
    };
  },

  backward(problem, x, weights, initial, saved, dSequence, dFinal) {
    const back = requireShaders(problem).backward(dSequence !== null);
    const parts = problem.program.states.length;
    const directions = weights.map((own, d) => {
      const history = saved[d];
      if (history === undefined) throw new Error('nothing was kept for a gradient');
      const final = dFinal?.slice(d * parts, (d + 1) * parts) ?? null;
      const given = { x, learned: learnedOf(own), history, d, directions: weights.length };
      const gradients = backwards(directed(problem, d), back, given, dSequence, final);
      const read = {
        dx: problem.inputGradient ? gradients.input(own.matrices.map(asMatrix)) : null,
        outers: gradients.outers(),
        sums: gradients.sums(),
        initial: initial.length === 0 ? [] : gradients.initial(),
      };
      gradients.dispose();
      return read;
    });
    const dx = directions.flatMap((one) => one.dx ?? []);
    return { x: dx.length === 0 ? null : dx.reduce((sum, one) => tf.add<tf.Tensor3D>(sum, one)), directions };
  },
};

/** The second direction runs against the first. */
const directed = (problem: ProgramProblem, d: number): ProgramProblem =>
  d === 0 ? problem : { ...problem, reverse: !problem.reverse };

const learnedOf = ({ matrices, vectors }: ProgramWeights): Learned => ({
  tensors: [...matrices, ...vectors],
  matrices: matrices.map((_, tensor) => ({ tensor, first: 0 })),
  vectors: vectors.map((_, index) => [{ tensor: matrices.length + index, first: 0 }]),
});
