import * as tf from '@tensorflow/tfjs-core';
import { type OpBackend, requireFusedBackend } from '../native-ops.tf.ts';
import type { ProgramOp, ProgramProblem, ProgramWeights } from '../program-op.tf.ts';
import { roundsProducts } from './rounded-products.ts';

/** UnrollProgram and its gradient, UnrollProgramGrad: a register program over all steps, in C++ (`src/program_op.cc`). */
export const nativeProgramOp: ProgramOp = {
  beyond: ({ program }) => program.beyond,

  forward(problem, x, weights, initial, keep) {
    const backend = requireFusedBackend();
    const finals = weights.length * problem.program.states.length;
    const lengths = tf.tensor1d(problem.lengths, 'int32');
    const [sequence, kept, ...final] = backend.executeMultipleOutputs(
      'UnrollProgram',
      [...attributes(backend, problem, weights, { parts: initial.length, finals }), flag(backend, 'keep', keep)],
      [x, lengths, ...listed(weights), ...initial],
      2 + finals,
    ) as [tf.Tensor3D, tf.Tensor, ...tf.Tensor2D[]];
    return { sequence, final, saved: [lengths, sequence, kept] };
  },

  backward(problem, x, weights, initial, saved, dSequence, dFinal) {
    const backend = requireFusedBackend();
    const { outers, rowSums: sums } = problem.program.backward;
    const directions = weights.length;
    const [lengths, ...kept] = saved as [tf.Tensor1D, ...tf.Tensor[]];
    const finals = dFinal ?? [];
    const counts = { outers: directions * outers.length, sums: directions * sums.length };
    const [dx, ...rest] = backend.executeMultipleOutputs(
      'UnrollProgramGrad',
      [
        ...attributes(backend, problem, weights, { parts: initial.length, finals: finals.length, ...counts }),
        flag(backend, 'input_gradient', problem.inputGradient),
      ],
      [x, lengths, ...listed(weights), ...initial, ...kept, dSequence ?? tf.tensor1d([], 'float32'), ...finals],
      1 + counts.outers + counts.sums + initial.length,
    );
    const share = (first: number, each: number, d: number): tf.Tensor[] => rest.slice(first + d * each, first + (d + 1) * each);
    return {
      x: problem.inputGradient ? (dx as tf.Tensor3D) : null,
      directions: weights.map((_, d) => ({
        outers: share(0, outers.length, d) as tf.Tensor2D[],
        sums: share(counts.outers, sums.length, d) as tf.Tensor1D[],
        initial: share(counts.outers + counts.sums, initial.length / directions, d) as tf.Tensor2D[],
      })),
    };
  },
};

function attributes(
  { binding }: OpBackend,
  { program, reverse }: ProgramProblem,
  weights: readonly ProgramWeights[],
  counts: Readonly<Record<string, number>>,
): object[] {
  const all = {
    directions: weights.length,
    matrices: weights.length * program.matrices.length,
    vectors: weights.length * program.vectors.length,
    ...counts,
  };
  return [
    { name: 'program', type: binding.TF_ATTR_INT, value: [...program.words] },
    { name: 'reverse', type: binding.TF_ATTR_BOOL, value: reverse },
    { name: 'rounded', type: binding.TF_ATTR_BOOL, value: roundsProducts() },
    ...Object.entries(all).map(([name, value]) => ({ name, type: binding.TF_ATTR_INT, value })),
  ];
}

const flag = ({ binding }: OpBackend, name: string, value: boolean): object => ({ name, type: binding.TF_ATTR_BOOL, value });

/** Matrices of all directions, then vectors. */
const listed = (weights: readonly ProgramWeights[]): readonly tf.Tensor[] => [
  ...weights.flatMap(({ matrices }) => matrices),
  ...weights.flatMap(({ vectors }) => vectors),
];
