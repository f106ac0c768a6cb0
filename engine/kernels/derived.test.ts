import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { cellProgram } from '../cells/cell-program.ts';
import { cellParameters } from '../cells/parameters.ts';
import { randomCell } from '../cells/random-cell.test-support.ts';
import { interpret, randomGiven } from '../cells/step/interpret.test-support.ts';
import type { BackendName } from '../protocol/app.ts';
import { Random } from '../random.ts';
import { outputWidth } from '../shapes/value-type.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import { cellWeights } from './cell-weights.tf.ts';
import { withComposedOnly } from './composed-only.ts';
import { derivedRecurrence } from './derived.tf.ts';
import { learned } from './plain-step.test-support.tf.ts';
import { recurrence } from './recurrence.tf.ts';
import { allCells } from './recurrence-suite.test-support.tf.ts';

const [I, steps, rows] = [3, 5, 3];

const normal = (stream: string, shape: readonly number[]): tf.Tensor => {
  const source = new Random(11, stream);
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => source.normal() * 0.7),
    [...shape],
  );
};

const backends: readonly BackendName[] = ['javascript', 'wasm', ...(nativeRuntime() === null ? [] : (['tensorflow'] as const))];

describe.each(backends)('cells out of their equations on %s', (backend) => {
  beforeAll(async () => {
    await activateBackend(backend);
  });

  describe.each(allCells)('$name', ({ cell }) => {
    const program = cellProgram(cell.equations, cell.hidden);
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
                    program.parameters.map(({ name }) => learned(cell, stacked).get(name) as tf.Tensor),
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
        const size = (a: tf.Tensor) => tf.max(tf.abs(a)).dataSync()[0] ?? Number.NaN;
        // A cell without bounds grows, and its rounding with it.
        const distance = (a: tf.Tensor, b: tf.Tensor) => size(tf.sub(a, b)) / Math.max(1, size(b));
        return [distance(ours.value, theirs.value), ...ours.grads.map((g, k) => distance(g, theirs.grads[k] ?? g))];
      });
      for (const distance of distances) expect(distance).toBeLessThan(2e-5);
    });
  });
});

it.each([
  ['a root, whose slope at 0 is infinite', "h' = tanh(sqrt(abs(W x)) + U h)"],
  ['a logarithm, which 0 does not have', "h' = tanh(log(abs(W x)) + U h)"],
  ['a quotient', "h' = tanh(1 / W x + U h)"],
  ['an exponential that overflows', "h' = tanh(exp(W x) / (1 + exp(W x)) + U h)"],
])('padding reaches no gradient through %s', async (_name, equations) => {
  await activateBackend('javascript');
  const program = cellProgram(equations, 2);
  const gradients = (padding: number): number[][] =>
    tf.tidy(() => {
      const x = tf.tensor3d([0.5, -0.7, 0.4, padding], [2, 2, 1]);
      const weights = [tf.tensor2d([0.3, -0.6], [2, 1]), tf.tensor2d([0.2, -0.1, 0.4, 0.3], [2, 2])];
      const problem = { program, steps: 2, rows: 2, lengths: Int32Array.from([2, 1]), reverse: false, inputGradient: true };
      const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) => {
        const { sequence } = derivedRecurrence(problem, args[0] as tf.Tensor3D, args.slice(1), null, {
          sequence: true,
          final: false,
        });
        return tf.sum(sequence ?? x) as tf.Scalar;
      })([x, ...weights]);
      return [value, ...grads].map((tensor) => [...tensor.dataSync()]);
    });
  const [zero, huge] = [gradients(0), gradients(1e4)];
  expect(zero.flat().every(Number.isFinite), JSON.stringify(zero)).toBe(true);
  expect(zero).toEqual(huge);
});

it('computes of random cells what each number alone gives, values and gradients', async () => {
  await activateBackend('javascript');
  const joined = [
    "a = U h\nf = a + W x\nh' = tanh(f) * a",
    "h' = U c\nc' = h' + W x",
    "h' = tanh(W x + U h - V h + P c)\nc' = W_c x + U_c c + Q h",
  ];
  const texts = [...joined, ...Array.from({ length: 40 }, (_, seed) => randomCell(new Random(seed, 'derived')))];
  for (const [seed, text] of texts.entries()) {
    const program = cellProgram(text, 3);
    const given = randomGiven(program, 2, seed);
    const { graph, next, gradients } = program.schedule;
    const value = interpret(graph, given);
    const flat = (id: number | null | undefined, like: readonly number[]): readonly number[] =>
      id === null || id === undefined ? like.map(() => 0) : value(id);
    const learned = program.parameters.map(({ name }) => given.matrices.get(name) ?? given.vectors.get(name) ?? []);
    const expected = [
      next.flatMap((id) => value(id)),
      flat(gradients.input, given.input),
      ...program.parameters.map(({ name }, index) => flat(gradients.parameters.get(name), (learned[index] ?? []).flat())),
      ...given.states.map((state, index) => flat(gradients.states[index], state)),
    ];
    const found = tf.tidy(() => {
      const problem = { program, steps: 1, rows: 1, lengths: Int32Array.of(1), reverse: false, inputGradient: true };
      const row = (numbers: readonly number[]) => tf.tensor2d([...numbers], [1, numbers.length]);
      const weights = learned.map((numbers) => tf.tensor(numbers as number[]));
      let final: readonly (readonly number[])[] = [];
      const { grads } = tf.valueAndGrads((...args: tf.Tensor[]) => {
        const states = args.slice(1 + weights.length) as tf.Tensor2D[];
        const want = { sequence: false, final: true };
        const out = derivedRecurrence(problem, args[0] as tf.Tensor3D, args.slice(1, 1 + weights.length), states, want);
        final = (out.final ?? []).map((part) => [...part.dataSync()]);
        return tf.addN(
          (out.final ?? []).map((part, index) => tf.sum(tf.mul(part, row(given.gradients[index] ?? [])))),
        ) as tf.Scalar;
      })([row(given.input).expandDims(0), ...weights, ...given.states.map(row)]);
      return [final.flat(), ...grads.map((gradient) => [...gradient.dataSync()])];
    });
    expect(found.map((numbers) => numbers.length)).toEqual(expected.map((numbers) => numbers.length));
    for (const [index, numbers] of expected.entries())
      for (const [i, number] of numbers.entries())
        expect(
          Math.abs((found[index]?.[i] ?? Number.NaN) - number) / Math.max(1, Math.abs(number)),
          `${text}\n${index} ${i}`,
        ).toBeLessThan(1e-4);
  }
});
