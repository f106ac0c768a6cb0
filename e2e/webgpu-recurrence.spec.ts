import { expect } from '@playwright/test';
import { acceleratedForms } from '../engine/cells/registry.ts';
import type { RecurrenceCase, RecurrencePage } from './pages/recurrence.tf.ts';
import { pageTest } from './webgpu-page.ts';

/*
 * The recurrence's shaders in a real browser: every cell, both directions, with and without padding, widths that are and are not
 * multiples of four. Tolerances are for float32: 3e-5 of a tensor's largest entry (but of 1 at least) against the composed form on the
 * JavaScript backend; 5e-3 for slopes by central differences, whose own error that is.
 */
const test = pageTest('recurrence.tf.ts', 'recurrencePage');

// As the last that run, on both cores.
test.describe.configure({ mode: 'parallel' });

type Holder = typeof globalThis & { readonly recurrencePage: RecurrencePage };

/** Nine rows: more than one tile, and one left over. */
const full = [5, 5, 5, 5, 5, 5, 5, 5, 5];
const ragged = [5, 2, 4, 1, 5, 5, 3, 2, 1];
const wants = [
  { sequence: true, final: false },
  { sequence: false, final: true },
  { sequence: true, final: true },
];
type Asked = Pick<RecurrenceCase, 'reverse' | 'lengths' | 'want' | 'initial'>;
/** Both directions, with and without padding; each output alone, both, with and without an initial state. */
const everything: readonly Asked[] = [false, true].flatMap((reverse) =>
  [full, ragged].flatMap((lengths) =>
    wants.flatMap((want) => [false, true].map((initial) => ({ reverse, lengths, want, initial }))),
  ),
);
/** Of these every two together, in a quarter of the time. */
const everyTwo: readonly Asked[] = wants.flatMap((want, i) => [
  { reverse: false, lengths: i === 1 ? ragged : full, want, initial: i !== 0 },
  { reverse: true, lengths: i === 1 ? full : ragged, want, initial: i === 0 },
]);

for (const [hidden, inputs, cases] of [
  [8, 4, everything],
  [6, 3, everyTwo],
] as const) {
  for (const { name, cell } of acceleratedForms(hidden)) {
    test(`${name}, ${hidden} wide: values and gradients of the composed form`, async ({ shaders }) => {
      for (const one of cases) {
        const asked: RecurrenceCase = { ...one, cell, steps: 5, inputs };
        const distances = await shaders.evaluate((given) => (globalThis as Holder).recurrencePage.compare(given), asked);
        expect(Object.keys(distances).length).toBeGreaterThan(4);
        for (const [tensor, distance] of Object.entries(distances)) {
          expect(distance, `${tensor} of ${JSON.stringify(asked)}`).toBeLessThan(3e-5);
        }
      }
    });
  }
}

for (const { name, cell } of acceleratedForms(8)) {
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

test('one step, one row, and widths above one workgroup agree too', async ({ shaders }) => {
  for (const { cell } of acceleratedForms(68).filter(({ name }) => ['lstm', 'gru reset-after'].includes(name))) {
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
