import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { type AcceleratedForm, acceleratedCell, acceleratedForms } from '../engine/cells/registry.ts';
import type { AcceleratedCell } from '../engine/shapes/value-type.ts';
import type { RecurrenceCase, RecurrencePage } from './pages/recurrence.tf.ts';
import { webgpuChromium } from './webgpu-chromium.ts';

/*
 * The recurrence's shaders in a real browser: every cell, both directions, with and without padding, widths that are and are not
 * multiples of four. Tolerances are for float32: 3e-5 of a tensor's largest entry (but of 1 at least) against the composed form on the
 * JavaScript backend; 5e-3 for slopes by central differences, whose own error that is.
 */
const test = base.extend<object, { readonly shaders: Page }>({
  shaders: [
    async ({ browser }, use) => {
      const { outputFiles } = await build({
        entryPoints: [join(import.meta.dirname, 'pages', 'recurrence.tf.ts')],
        bundle: true,
        write: false,
        format: 'iife',
        platform: 'browser',
        target: 'chrome120',
        logLevel: 'error',
      });
      const page = await browser.newPage();
      // Never resolved: the route answers. It counts as secure, as WebGPU demands.
      await page.route('http://localhost:9/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
      await page.goto('http://localhost:9/');
      await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
      const device = await page.evaluate(() => (globalThis as Holder).recurrencePage.start());
      expect(device).toMatchObject({ available: true, reason: null });
      expect(device.selfCheckError).toBeLessThan(1e-4);
      await use(page);
      await page.close();
    },
    { scope: 'worker' },
  ],
});
// One page serves all tests, so there is nothing to trace for each.
test.use({ launchOptions: webgpuChromium, trace: 'off' });

type Holder = typeof globalThis & { readonly recurrencePage: RecurrencePage };

/** The cells that have shaders. */
const cellsOf = (hidden: number): readonly AcceleratedForm[] =>
  acceleratedForms(hidden).filter(({ cell }) => !/coupled|peepholes|projected/.test(cell.kernel.name));

/** Nine rows: more than one tile, and one left over. */
const full = [5, 5, 5, 5, 5, 5, 5, 5, 5];
const ragged = [5, 2, 4, 1, 5, 5, 3, 2, 1];
const wants = [
  { sequence: true, final: false },
  { sequence: false, final: true },
  { sequence: true, final: true },
];
/** Both directions, with and without padding; each output alone, both, with and without an initial state. */
const casesOf = (cell: AcceleratedCell, inputs: number): readonly RecurrenceCase[] =>
  [false, true].flatMap((reverse) =>
    [full, ragged].flatMap((lengths) =>
      wants.flatMap((want) => [false, true].map((initial) => ({ cell, steps: 5, inputs, lengths, reverse, want, initial }))),
    ),
  );

for (const [hidden, inputs] of [
  [8, 4],
  [6, 3],
] as const) {
  for (const { name, cell } of cellsOf(hidden)) {
    test(`${name}, ${hidden} wide: values and gradients of the composed form`, async ({ shaders }) => {
      for (const asked of casesOf(cell, inputs)) {
        const distances = await shaders.evaluate((one) => (globalThis as Holder).recurrencePage.compare(one), asked);
        expect(Object.keys(distances).length).toBeGreaterThan(4);
        for (const [tensor, distance] of Object.entries(distances)) {
          expect(distance, `${tensor} of ${JSON.stringify(asked)}`).toBeLessThan(3e-5);
        }
      }
    });
  }
}

for (const { name, cell } of cellsOf(8)) {
  test(`${name}: gradients are the slopes, runs repeat to the last bit, nothing is left behind`, async ({ shaders }) => {
    for (const reverse of [false, true]) {
      const asked = { cell, steps: 5, inputs: 4, lengths: ragged, reverse, want: { sequence: true, final: true }, initial: true };
      const errors = await shaders.evaluate((one) => (globalThis as Holder).recurrencePage.slopes(one), asked);
      for (const [argument, error] of Object.entries(errors)) expect(error, `slope of ${argument}`).toBeLessThan(5e-3);
      const repeated = await shaders.evaluate((one) => (globalThis as Holder).recurrencePage.repeat(one), asked);
      expect(repeated).toEqual({ equal: true, left: 0 });
    }
  });
}

test('a cell without shaders is left to the composed form', async ({ shaders }) => {
  const cell = acceleratedCell('lstm-cell', { hidden: 6, peepholes: true, coupled: true, projection: 2 });
  const asked = {
    cell,
    steps: 5,
    inputs: 3,
    lengths: ragged,
    reverse: true,
    want: { sequence: true, final: true },
    initial: true,
  };
  const distances = await shaders.evaluate((one) => (globalThis as Holder).recurrencePage.compare(one), asked);
  for (const [name, distance] of Object.entries(distances)) expect(distance, name).toBeLessThan(3e-5);
});

test('one step, one row, and widths above one workgroup agree too', async ({ shaders }) => {
  for (const { cell } of cellsOf(68).slice(-2)) {
    for (const [steps, lengths] of [
      [1, [1]],
      [3, [3, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2]],
    ] as const) {
      const asked = { cell, steps, inputs: 5, lengths, reverse: false, want: { sequence: true, final: true }, initial: false };
      const distances = await shaders.evaluate((one) => (globalThis as Holder).recurrencePage.compare(one), asked);
      for (const [name, distance] of Object.entries(distances)) expect(distance, name).toBeLessThan(3e-5);
    }
  }
});
