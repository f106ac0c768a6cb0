import { expect, it } from 'vitest';
import { keepings, numberedLines, timeConstant } from './step-equations.ts';

const lstm = `f = sigmoid(W_f x + U_f h + b_f)
c' = f * c + (1 - f) * g
g = tanh(W_g x)
h' = tanh(c') # out`;
const values: Readonly<Record<string, number>> = { f: 0.96412, c: 1.83, g: -0.42, "c'": 1.7492, "h'": 0.941 };
const numberOf = (name: string): number | null => values[name] ?? null;

it('puts the numbers of a unit into lines that are unit by unit, and only results beside sums over all units', () => {
  const [f, c, g, h] = numberedLines(lstm, numberOf);
  expect(f).toMatchObject({ name: 'f', numbers: null, value: 0.96412 });
  expect(f?.right).toContain('U_{f} h_{t-1}');
  expect(c).toMatchObject({
    name: "c'",
    left: 'c_{t}',
    numbers: '0.964 \\cdot 1.83 + \\left(1 - 0.964\\right) \\cdot \\left(-0.42\\right)',
    value: 1.7492,
  });
  expect(g?.numbers).toBeNull();
  expect(h).toMatchObject({ numbers: '\\tanh\\left(1.749\\right)', value: 0.941 });
});

it('leaves out the numbers of a line where one of them is not known', () => {
  expect(numberedLines("h' = f * h + p_i * f", (name) => (name === 'h' ? 1 : 0.5))[0]?.numbers).toBeNull();
  expect(numberedLines("h' = f * h", (name) => (name === 'f' ? 0.5 : null))[0]).toMatchObject({ numbers: null, value: null });
  expect(numberedLines('no equations', numberOf)).toEqual([]);
});

it('finds what keeps a state, however the term is written', () => {
  const [keeping, ...others] = keepings(lstm);
  expect(others).toEqual([]);
  expect(keeping).toMatchObject({ state: 'c', written: 'f' });
  expect(keeping?.factor(numberOf)).toBe(0.96412);
  const gru = keepings("z = sigmoid(W_z x)\nh' = z * n + h * (1 - z)\nn = tanh(W x)")[0];
  expect(gru).toMatchObject({ state: 'h', written: '1 - z' });
  expect(gru?.factor(() => 0.25)).toBe(0.75);
});

it('keeps silent where a state is mixed, or kept twice', () => {
  expect(keepings("h' = tanh(W x + U h)")).toEqual([]);
  expect(keepings("h' = f * h + g * h")).toEqual([]);
  expect(keepings("h' = f * h * h")).toEqual([]);
});

it('tells after how many steps 1/e is left', () => {
  expect(timeConstant(0.5)).toBeCloseTo(1 / Math.log(2), 12);
  expect(Math.exp(-27 / timeConstant(0.9637))).toBeCloseTo(0.9637 ** 27, 12);
  expect(timeConstant(1)).toBe(Number.POSITIVE_INFINITY);
  expect(timeConstant(0)).toBe(0);
});
