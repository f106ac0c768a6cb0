import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { nativeRuntime } from '../backends/native/runtime.ts';
import { cellProgram } from '../cells/cell-program.ts';
import { stockEquations } from '../cells/stock-equations.ts';
import { cellParameters, gateNames, peepholeGates } from '../layers/cell-parameters.ts';
import type { BackendName } from '../protocol/app.ts';
import { Random } from '../random.ts';
import { cellStates, outputWidth, type StockCell } from '../shapes/value-type.ts';
import { cellWeights } from './cell-weights.tf.ts';
import { derivedRecurrence } from './derived.tf.ts';
import { withComposedOnly } from './implementations.tf.ts';
import { recurrence } from './recurrence.tf.ts';
import { allCells } from './recurrence-suite.tf.ts';

const [I, steps, rows] = [3, 5, 3];

const normal = (stream: string, shape: readonly number[]): tf.Tensor => {
  const source = new Random(11, stream);
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => source.normal() * 0.7),
    [...shape],
  );
};

/** A block of a stacked weight, by the name that the equations have for it. */
function blockOf(cell: StockCell, stacked: (name: string) => tf.Tensor, name: string): tf.Tensor {
  const [letter = '', rest = ''] = name.split('_');
  if (letter === 'V') return stacked('weight_hr');
  if (letter === 'p') return stacked('weight_ch').slice([peepholeGates(cell).indexOf(rest) * cell.hidden], [cell.hidden]);
  const side = { W: 'weight_ih', U: 'weight_hh' }[letter] ?? (rest.startsWith('x') ? 'bias_ih' : 'bias_hh');
  const gate = letter === 'b' ? rest.slice(1) : rest;
  return stacked(side).slice([gateNames(cell).indexOf(gate) * cell.hidden], [cell.hidden]);
}

const backends: readonly BackendName[] = ['javascript', 'wasm', ...(nativeRuntime() === null ? [] : (['tensorflow'] as const))];

describe.each(backends)('cells out of their equations on %s', (backend) => {
  beforeAll(async () => {
    await activateBackend(backend);
  });

  describe.each(allCells.map((cell) => [JSON.stringify(cell), cell] as const))('%s', (_name, cell) => {
    const program = cellProgram(stockEquations(cell), cell.hidden);
    const specs = cellParameters(cell, I, '');

    it.each([
      { reverse: false, lengths: [5, 5, 5] },
      { reverse: true, lengths: [5, 2, 4] },
    ])('equals the composed form: $reverse $lengths', ({ reverse, lengths }) => {
      const distances = tf.tidy(() => {
        const x = normal('x', [steps, rows, I]);
        const weights = specs.map((spec) => normal(spec.name, spec.shape));
        const initial = program.states.map(({ name, width }) => normal(name, [rows, width]));
        const problem = { steps, rows, lengths: Int32Array.from(lengths), reverse, inputGradient: true };
        const up = normal('up', [steps, rows, outputWidth(cell)]);
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

it.each(allCells.map((cell) => [JSON.stringify(cell), cell] as const))(
  '%s learns what its equations say, from the same start',
  (_name, cell) => {
    const specs = cellParameters(cell, I, '');
    const { parameters, states } = cellProgram(stockEquations(cell), cell.hidden);
    const sizes = parameters.map(({ shape }) => shape.reduce<number>((size, width) => size * (width === 'input' ? I : width), 1));
    const size = (shape: readonly number[]): number => shape.reduce((all, width) => all * width, 1);
    expect(sizes.reduce((sum, one) => sum + one, 0)).toBe(specs.reduce((sum, { shape }) => sum + size(shape), 0));
    expect(states).toEqual(cellStates(cell));
    const starts = Object.fromEntries(parameters.flatMap(({ name, start }) => (start === null ? [] : [[name, start]])));
    const blocks = specs.flatMap(({ name, initializer }) =>
      initializer.kind === 'blocks' ? ([[name, initializer.blocks]] as const) : [],
    );
    const expected = blocks.flatMap(([name, all]) =>
      all.flatMap((block, index) =>
        block.kind === 'constant' ? [[`b_${name === 'bias_ih' ? 'x' : 'h'}${gateNames(cell)[index]}`, block.value]] : [],
      ),
    );
    expect(starts).toEqual(Object.fromEntries(expected));
  },
);
