import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { nativeRuntime } from '../backends/native/runtime.ts';
import { cellProgram } from '../cells/cell-program.ts';
import { cellParameters, gateNames } from '../layers/cell-parameters.ts';
import type { BackendName } from '../protocol/app.ts';
import { Random } from '../random.ts';
import type { CellDescription } from '../shapes/value-type.ts';
import { cellWeights } from './cell-weights.tf.ts';
import { derivedRecurrence } from './derived.tf.ts';
import { withComposedOnly } from './implementations.tf.ts';
import { recurrence } from './recurrence.tf.ts';

const [I, hidden, steps, rows] = [3, 4, 5, 3];

const lstm = { kind: 'lstm-cell', hidden, forgetBias: 1, peepholes: false, coupled: false, projection: 0 } as const;
const gate = (name: string, of: string, more = ''): string =>
  `${name} = ${of}(W_${name} x + b_i${name} + U_${name} h + b_h${name}${more})`;

const cases: readonly (readonly [string, CellDescription, string])[] = [
  ...(['tanh', 'sigmoid', 'relu'] as const).map(
    (activation) =>
      [`rnn ${activation}`, { kind: 'rnn-cell', hidden, activation }, `h' = ${activation}(W_h x + b_ih + U_h h + b_hh)`] as const,
  ),
  [
    'gru reset after',
    { kind: 'gru-cell', hidden, form: 'reset-after' },
    [gate('r', 'sigmoid'), gate('z', 'sigmoid'), 'n = tanh(W_n x + b_in + r * (U_n h + b_hn))', "h' = (1 - z) * n + z * h"].join(
      '\n',
    ),
  ],
  [
    'lstm',
    lstm,
    [
      gate('i', 'sigmoid'),
      gate('f', 'sigmoid'),
      gate('g', 'tanh'),
      gate('o', 'sigmoid'),
      "c' = f * c + i * g",
      "h' = o * tanh(c')",
    ].join('\n'),
  ],
];

const normal = (stream: string, shape: readonly number[]): tf.Tensor => {
  const source = new Random(11, stream);
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => source.normal() * 0.7),
    [...shape],
  );
};

/** A block of rows of a stacked weight, by the name that the equations have for it: `W_f`, `U_f`, `b_if`, `b_hf`. */
function blockOf(cell: CellDescription, stacked: (name: string) => tf.Tensor, name: string): tf.Tensor {
  const [letter = '', rest = ''] = name.split('_');
  const side = letter === 'W' ? 'weight_ih' : letter === 'U' ? 'weight_hh' : rest.startsWith('i') ? 'bias_ih' : 'bias_hh';
  const own = letter === 'b' ? rest.slice(1) : rest;
  return stacked(side).slice([gateNames(cell).indexOf(own) * hidden], [hidden]);
}

const backends: readonly BackendName[] = ['javascript', 'wasm', ...(nativeRuntime() === null ? [] : (['tensorflow'] as const))];

describe.each(backends)('cells out of their equations on %s', (backend) => {
  beforeAll(async () => {
    await activateBackend(backend);
  });

  describe.each(cases)('%s', (_name, cell, equations) => {
    const program = cellProgram(equations, hidden);
    const specs = cellParameters(cell, I, '');

    it.each([
      { reverse: false, lengths: [5, 5, 5] },
      { reverse: true, lengths: [5, 2, 4] },
    ])('equals the composed form: $reverse $lengths', ({ reverse, lengths }) => {
      const distances = tf.tidy(() => {
        const x = normal('x', [steps, rows, I]);
        const weights = specs.map((spec) => normal(spec.name, spec.shape));
        const initial = program.states.map(({ name }) => normal(name, [rows, hidden]));
        const problem = { steps, rows, lengths: Int32Array.from(lengths), reverse, inputGradient: true };
        const up = normal('up', [steps, rows, hidden]);
        const score = (sequence: tf.Tensor | null, final: readonly tf.Tensor[] | null): tf.Scalar =>
          tf.addN([tf.sum(tf.mul(sequence ?? up, up)), ...(final ?? []).map((part) => tf.sum(tf.square(part)))]) as tf.Scalar;
        const want = { sequence: true, final: true };
        const run = (form: 'derived' | 'composed') =>
          tf.valueAndGrads((...args: tf.Tensor[]) => {
            const stacked = (name: string): tf.Tensor => args[1 + specs.findIndex((spec) => spec.name === name)] as tf.Tensor;
            const states = args.slice(1 + specs.length) as tf.Tensor2D[];
            const input = args[0] as tf.Tensor3D;
            const out =
              form === 'derived'
                ? derivedRecurrence(
                    { ...problem, program },
                    input,
                    program.parameters.map(({ name }) => blockOf(cell, stacked, name)),
                    states,
                    want,
                  )
                : withComposedOnly(() =>
                    recurrence(
                      { ...problem, cell },
                      input,
                      cellWeights((name) => (specs.some((spec) => spec.name === name) ? stacked(name) : null)),
                      states,
                      want,
                    ),
                  );
            return score(out.sequence, out.final);
          })([x, ...weights, ...initial]);
        const [ours, theirs] = [run('derived'), withComposedOnly(() => run('composed'))];
        const distance = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN;
        return [distance(ours.value, theirs.value), ...ours.grads.map((g, k) => distance(g, theirs.grads[k] ?? g))];
      });
      for (const distance of distances) expect(distance).toBeLessThan(2e-5);
    });
  });
});
