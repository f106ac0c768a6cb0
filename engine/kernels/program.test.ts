import '../backends/gradients.tf.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { checkProgram, type ProgramCase, startPrograms } from '../backends/program-check.tf.ts';
import { randomCell } from '../cells/random-cell.test-support.ts';
import type { BackendName } from '../protocol/app.ts';
import { Random } from '../random.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import { withComposedOnly } from './composed-only.ts';
import { programOp } from './implementations.tf.ts';
import { fullBatch, programCases, programTexts } from './program-suite.test-support.ts';
import { trustPrograms } from './program-trust.ts';

/*
 * Cells as register programs against the composed form of the same equations, which `derived.test.ts` compares with what each number
 * alone gives: values and gradients, full and ragged batches, each direction and both, with and without a state that is carried on.
 */
/** More rows than a tile has, and more pairs of row and step than the gradients of the matrices take at once. */
const large: ProgramCase = {
  ...fullBatch,
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

  it.each(programTexts)('equal the composed form: %s', async (_name, text) => {
    await compare(text, programCases, 5e-5);
  });

  it.each(programTexts.slice(0, 16))('equal it over many rows: %s', async (_name, text) => {
    await compare(text, [large], 1e-4);
  });

  it('equal it for random cells', async () => {
    for (let seed = 0; seed < 60; seed++)
      await compare(randomCell(new Random(seed, 'programs')), [programCases[seed % programCases.length] ?? fullBatch], 2e-4);
  }, 120_000);
});
