import { describe, expect, it } from 'vitest';
import { type CheckResult, checkCell } from './check.ts';
import { parseCell } from './parse.ts';

function check(text: string, hidden = 4): CheckResult {
  const parsed = parseCell(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return checkCell(parsed.tree, hidden);
}

function cellOf(text: string, hidden = 4) {
  const checked = check(text, hidden);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.cell;
}

const shapes = (text: string): unknown =>
  Object.fromEntries(
    cellOf(text).parameters.map(({ name, shape, start }) => [name, start === null ? shape : [...shape, `= ${start}`]]),
  );

describe('widths', () => {
  it('follow from what is multiplied and added; starts are stated', () => {
    const text =
      "f = sigmoid(W_f x + U_f h + b_f + k_a)\nn = tanh(W_n x + U_n (f * h) + p_n * h)\nh' = (1 - f) * h + f * n\nstart b_f = 1\nstart k_a = -2";
    const gate = { W_f: [4, 'input'], U_f: [4, 4], b_f: [4, '= 1'], k_a: [1, '= -2'] };
    expect(shapes(text)).toEqual({ ...gate, W_n: [4, 'input'], U_n: [4, 4], p_n: [4] });
  });

  it('are stated for values that are narrower, and told of states and the output', () => {
    const text = "m = V (p_x * x)\nc' = tanh(W_1 W_2 m + b_1)\nout = P c'\nwidth m = 2\nwidth out = 3";
    expect(shapes(text)).toEqual({ V: [2, 'input'], p_x: ['input'], W_2: [4, 2], W_1: [4, 4], b_1: [4], P: [3, 4] });
    expect(cellOf(text).states).toEqual([
      { name: 'out', width: 3 },
      { name: 'c', width: 4 },
    ]);
  });

  it('the output is a state where it is one, and stands first', () => {
    expect(cellOf("c' = W x + U c\nh' = V c'").states.map(({ name }) => name)).toEqual(['h', 'c']);
    expect(cellOf("h' = W x + U h\nc' = V h'\nout = c'").states.map(({ name }) => name)).toEqual(['c', 'h']);
  });
});

it('warns of a value that reaches nothing, and learns nothing for it', () => {
  const cell = cellOf("q = W_q x\nr = q * h\nh' = W x + U h");
  expect(cell.warnings.map(({ line, message }) => [line, message])).toEqual([
    [1, 'q reaches neither a state nor the output'],
    [2, 'r reaches neither a state nor the output'],
  ]);
  expect(cell.parameters.map(({ name }) => name)).toEqual(['W', 'U']);
});

const rest = "h' = W x + U h";

it.each([
  [`f = q\n${rest}`, 1, 5, 'no value is called q', /Values here: x, h\./],
  [`c' = W x\nf = d + c\nh' = U d'`, 3, 8, "no value is called d'", /Values here/],
  [`c' = W x + U h\nf = c\nh' = tanh(cc)`, 3, 11, 'no value is called cc', /Values here: x, c, h, c', f\./],
  [`g = f * h\nf = W_f x\n${rest}`, 1, 5, 'f is given its value only on line 2', /Move that line/],
  [`f = f + h\n${rest}`, 1, 5, 'f is made from itself', /f'/],
  [
    `m = W_m x\nf = m * h\n${rest}\nwidth m = 2`,
    2,
    7,
    "m is 2 wide, h is 4 wide (the cell's width): * needs the same width",
    /width h = 2.*W_x h/,
  ],
  [`f = x * h\n${rest}`, 1, 7, "x is as wide as the input, h is 4 wide (the cell's width): * needs the same width", /W_x x/],
  [
    `m = W_m h\n${rest}\nwidth m = 2\nn = m`,
    4,
    1,
    "n is 4 wide (the cell's width), but what it is given is 2 wide",
    /width n = 2/,
  ],
  [
    `m = W_m h\n${rest}\nwidth m = 2\nf = W_m m`,
    4,
    5,
    /W_m multiplied what is 4 wide .* before, m is 2 wide/,
    /matrix of its own, W_x/,
  ],
  [`f = foo(h)\n${rest}`, 1, 5, 'no function is called foo', /Functions: sigmoid, tanh/],
  [`f = W_f x\ng = f (h)\n${rest}`, 2, 5, 'no function is called f', /f \* \(…\)/],
  [`f = tanh(h, h)\n${rest}`, 1, 5, 'tanh takes 1 value, found 2', /tanh\(a\)/],
  [`f = max(h)\n${rest}`, 1, 5, 'max takes 2 values, found 1', /max\(a, b\)/],
  [`f = 3 * k_a\n${rest}`, 1, 7, 'f would be one number, not one for each unit', /p_…/],
  [`f = W_f 3\n${rest}`, 1, 5, 'W_f would multiply 3, which is one number', /right of the matrix/],
  [`f = h * W_f\n${rest}`, 1, 9, 'the matrix W_f multiplies nothing', /W_f x/],
  [`f = h * softmax(2)\n${rest}`, 1, 9, 'softmax is over all units, and this is one number', /units/],
  [`f = b_f'\n${rest}`, 1, 5, "b_f' is no state", /without a prime/],
  [`x = h\n${rest}`, 1, 1, 'x cannot be given a value', /input/],
  [`tanh = h\n${rest}`, 1, 1, 'tanh cannot be given a value', /another name/],
  [`W_f = h\n${rest}`, 1, 1, 'W_f is a matrix that is learned, and cannot be given a value', /w_f/],
  [`b_f = h\n${rest}`, 1, 1, 'b_f is a bias that is learned, and cannot be given a value', /Call it f/],
  [`f = h\nf = h\n${rest}`, 2, 1, 'f has a value already, on line 1', /another name/],
  [`${rest}\nh = W x`, 2, 1, 'h is a value and a state at once', /state on all/],
  [`${rest}\nwidth m = 3`, 2, 7, 'no value is called m', /Values here/],
  [`${rest}\nwidth h = 8193`, 2, 7, 'h cannot be 8193 wide', /1 to 8192/],
  [`${rest}\nwidth h = 0`, 2, 7, 'h cannot be 0 wide', /1 to 8192/],
  [`${rest}\nstart b_f = 0`, 2, 7, 'nothing that is learned is called b_f', /Learned here: W, U/],
  [`${rest}\nstart W = 0\nstart W = 1`, 3, 7, 'the start of W is stated twice', /Take one/],
  [`f = W x`, 1, 1, 'the cell has no state', /h' = …/],
  [`c' = W x + U c`, 1, 1, "the cell has no output: its states are c'", /out = c'/],
] as const)('refuses %j', (text, line, column, message, fix) => {
  const checked = check(text);
  const problems = checked.ok ? [] : checked.problems;
  const found = problems.find((problem) => problem.line === line && problem.column === column);
  expect(found, JSON.stringify(problems)).toBeDefined();
  expect(found?.message).toMatch(
    message instanceof RegExp ? message : new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`),
  );
  expect(found?.fix).toMatch(fix);
});
