import { expect, type Page } from '@playwright/test';
import type { StepCost } from '../bench/cells/step-cost.tf.ts';
import type { ProgramCase } from '../engine/backends/program-check.tf.ts';
import { everyCell } from '../engine/cells/every-cell.test-support.ts';
import { randomCell } from '../engine/cells/random-cell.test-support.ts';
import { both, fullBatch, programTexts, ragged } from '../engine/kernels/program-suite.test-support.ts';
import { Random } from '../engine/random.ts';
import type { ProgramPage } from './pages/program.tf.ts';
import { pageTest } from './webgpu-page.ts';

/*
 * Shaders that are made of a cell's equations, in a real browser, against the composed form on the JavaScript backend: values and all
 * gradients, relative to the largest entry of each tensor.
 */
const test = pageTest('program.tf.ts', 'programPage');
// Most of it is the driver compiling shaders: two browsers have both cores at it.
test.describe.configure({ mode: 'parallel' });
type Holder = typeof globalThis & { readonly programPage: ProgramPage };

const tolerance = 1e-4;

async function compare(page: Page, text: string, cases: readonly ProgramCase[], floor = 0): Promise<void> {
  const { error, worst } = await page.evaluate(
    ([equations, all, least]) => (globalThis as Holder).programPage.check(equations, all, least),
    [text, cases, floor] as const,
  );
  expect(error, `${worst}\n${text}`).toBeLessThan(tolerance);
}

const pretend = (page: Page, graphics: boolean): Promise<void> =>
  page.evaluate((asked) => (globalThis as Holder).programPage.pretendGraphics(asked), graphics);

/** Of one width each, so that all of them run the same shaders. Six is no multiple of four. */
const narrow = { ...fullBatch, hidden: 6, inputs: 3 };
const cases: readonly ProgramCase[] = [
  { ...narrow, way: 'forwards' },
  { ...narrow, way: 'backwards' },
  { ...narrow, steps: 7, lengths: ragged, way: 'forwards' },
  { ...narrow, steps: 7, lengths: ragged, way: 'backwards' },
  { ...narrow, steps: 7, lengths: ragged, way: 'both directions' },
  { ...narrow, steps: 7, lengths: ragged, way: 'both directions', carried: false, want: { ...both, final: false } },
  { ...narrow, steps: 3, lengths: [3, 1], carried: false, want: { ...both, sequence: false } },
  { ...narrow, steps: 1, lengths: [1], carried: false, inputGradient: false },
];
/** Multiples of four, more rows than a tile has. */
const wide: ProgramCase = {
  ...fullBatch,
  steps: 5,
  lengths: [5, 2, 4, 1, 5, 5, 3, 2, 1],
  hidden: 16,
  inputs: 8,
  way: 'both directions',
};

test('they are in use once the device has passed its check', async ({ shaders }) => {
  expect(await shaders.evaluate(() => (globalThis as Holder).programPage.trusted())).toBe(true);
});

for (const [name, text] of programTexts)
  test(`${name}: the composed form’s numbers, each way, ragged and full`, async ({ shaders }) => {
    await compare(shaders, text, cases);
  });

for (const [name, text] of programTexts)
  test(`${name}: the same as for a graphics processor, of other widths`, async ({ shaders }) => {
    await pretend(shaders, true);
    await compare(shaders, text, [wide]);
    await pretend(shaders, false);
  });

for (let batch = 0; batch < 6; batch++)
  test(`random cells ${batch * 10 + 1} to ${batch * 10 + 10}`, async ({ shaders }) => {
    // One row a thread: what a driver compiles in a fraction of the time.
    await pretend(shaders, true);
    for (let seed = batch * 10; seed < batch * 10 + 10; seed++) {
      const one = cases[seed % cases.length] ?? fullBatch;
      // Terms of a random gradient may cancel until nothing but rounding is left, on every device.
      await compare(shaders, randomCell(new Random(seed, 'shaders')), [one], 0.01);
    }
    await pretend(shaders, false);
  });

test.describe('a step costs', () => {
  const costOf = (page: Page, text: string): Promise<StepCost> =>
    page.evaluate((equations) => (globalThis as Holder).programPage.cost(equations, 8, 4), text);
  const texts = new Map(everyCell(8));

  for (const [name, forward, backward] of [
    ['rnn tanh', 1, 1],
    ['gru reset-after', 1, 1],
    ['gru relevance-before', 2, 2],
    ['lstm', 1, 1],
    ['lstm projected', 2, 2],
    ['Minimal gated unit', 2, 2],
    ['SRU', 1, 1],
    ['minGRU', 1, 1],
    ['Coupled LSTM with layer norm', 3, 2],
  ] as const)
    test(`${forward} and ${backward} shaders: ${name}`, async ({ shaders }) => {
      expect(await costOf(shaders, texts.get(name) ?? '')).toMatchObject({ forward, backward });
    });
});

test('a shader is compiled once, for batches of every size', async ({ shaders }) => {
  const text = "h' = tanh(W x + 0.321 * h)";
  const compiled = (): Promise<number> => shaders.evaluate(() => (globalThis as Holder).programPage.compiled());
  const before = await compiled();
  await compare(shaders, text, [narrow]);
  const once = await compiled();
  expect(once).toBeGreaterThan(before);
  await compare(shaders, text, [
    { ...narrow, steps: 1, lengths: [1] },
    { ...narrow, steps: 7, lengths: ragged },
  ]);
  expect(await compiled()).toBe(once);
});

test('what is too large for a shader is composed', async ({ shaders }) => {
  const names = Array.from({ length: 70 }, (_, i) => `a_${i}`);
  const text = [...names.map((name) => `${name} = tanh(U_${name} h + W_${name} x)`), `h' = ${names.join(' + ')}`].join('\n');
  const { forward } = await shaders.evaluate((equations) => (globalThis as Holder).programPage.cost(equations, 2, 2), text);
  expect(forward).toBeGreaterThan(names.length);
});

test('more threads than a dimension has workgroups for', async ({ shaders }) => {
  const rows = 2 ** 21 + 2 ** 19;
  expect(await shaders.evaluate((count) => (globalThis as Holder).programPage.fill(count), rows)).toBe(0);
});

test('a shader that the driver refuses ends the training with its words', async ({ shaders }) => {
  expect(await shaders.evaluate(() => (globalThis as Holder).programPage.refuse())).toMatch(
    /^WebGPU refused a shader: .*nothing/,
  );
});
