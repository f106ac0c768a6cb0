import '../backends/gradients.tf.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { checkProgram, everyOperation, type ProgramCase, startPrograms } from '../backends/program-check.tf.ts';
import { cellLibrary } from '../cells/library.ts';
import { randomCell } from '../cells/random-cell.test-support.ts';
import { acceleratedForms } from '../cells/registry.ts';
import type { BackendName } from '../protocol/app.ts';
import { Random } from '../random.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import { programOp, withComposedOnly } from './implementations.tf.ts';
import { trustPrograms } from './program-trust.ts';

/*
 * Cells as register programs against the composed form of the same equations, which `derived.test.ts` compares with what each number
 * alone gives: values and gradients, full and ragged batches, each direction and both, with and without a state that is carried on.
 */
const both = { sequence: true, final: true };
const full: ProgramCase = {
  ...{ steps: 4, lengths: [4, 4, 4], hidden: 5, inputs: 3, way: 'forwards', carried: true },
  ...{ want: both, inputGradient: true },
};
/** Neither sorted, nor all different. */
const ragged = [3, 7, 1, 7, 4, 2, 7, 5, 6];
const cases: readonly ProgramCase[] = [
  full,
  { ...full, steps: 7, lengths: ragged, hidden: 19, way: 'backwards' },
  { ...full, steps: 7, lengths: ragged, hidden: 33, inputs: 17, way: 'both directions' },
  { ...full, steps: 3, lengths: [3, 1], hidden: 16, carried: false, want: { sequence: false, final: true } },
  { ...full, steps: 3, lengths: [2], hidden: 4, carried: false, want: { sequence: true, final: false }, inputGradient: false },
];
/** More rows than a tile has, and more pairs of row and step than the gradients of the matrices take at once. */
const large: ProgramCase = {
  ...full,
  ...{
    steps: 9,
    lengths: Array.from({ length: 150 }, (_, row) => 1 + ((row * 5) % 9)),
    hidden: 40,
    inputs: 20,
    way: 'both directions',
  },
};

async function compare(text: string, all: readonly ProgramCase[], tolerance: number): Promise<void> {
  const { error, worst } = await checkProgram(text, all);
  expect(error, `${worst}\n${text}`).toBeLessThan(tolerance);
}

const texts: readonly (readonly [string, string])[] = [
  ['every operation', everyOperation],
  ...cellLibrary.map(({ title, equations }) => [title, equations] as const),
  ...acceleratedForms(5).map(({ name, cell }) => [name, cell.equations] as const),
  ['a state that is given on', "h' = tanh(W x + U c)\nc' = h"],
  ['an output that no state is', "c' = 0.5 * c + W x\nout = p_o * c'"],
  ['two widths', "width m = 3\nm = tanh(W x + V h)\nh' = tanh(U m + b_h) * sigmoid(R h)"],
  ['the input through functions', "h' = tanh(W layernorm(k_a * x + tanh(x)) + V (p_x * x) + U h)"],
  ['what all rows share', "h' = tanh(W x + U sigmoid(b_u) + softmax(p_q) * h) * sigmoid(k_z)"],
  ['softmax of a sum', "a = softmax(W x + U h)\nh' = a * tanh(V h) + layernorm(a * h)"],
  ['several matrices for the same', "h' = tanh(W x + V x + U h - R h + Q h)"],
  ['no input at all', "h' = tanh(U h + b_h)"],
  ['three states', "a' = softmax(W_a x + U_a c)\nc' = a' * c + tanh(W_c x + V h)\nh' = min(c', 1) * max(h, -0.5)"],
];

const backends: readonly BackendName[] = ['wasm', ...(nativeRuntime() === null ? [] : (['tensorflow'] as const))];
if (backends.length < 2) console.warn('register programs are tested on WASM only here: native TensorFlow is not prepared');

describe.each(backends)('register programs on %s', (backend) => {
  beforeAll(async () => {
    await activateBackend(backend);
  });

  it('run where cells out of their equations are asked for', () => {
    expect(programOp()).not.toBeNull();
    expect(withComposedOnly(programOp)).toBeNull();
  });

  it('do not run where they have not passed the check of the device', async () => {
    trustPrograms(backend, false);
    expect(programOp()).toBeNull();
    expect(await startPrograms()).toBeNull();
    expect(programOp()).not.toBeNull();
  });

  it.each(texts)('equal the composed form: %s', async (_name, text) => {
    await compare(text, cases, 5e-5);
  });

  it.each(texts.slice(0, 16))('equal it over many rows: %s', async (_name, text) => {
    await compare(text, [large], 1e-4);
  });

  it('equal it for random cells', async () => {
    for (let seed = 0; seed < 60; seed++)
      await compare(randomCell(new Random(seed, 'programs')), [cases[seed % cases.length] ?? full], 2e-4);
  }, 120_000);
});
