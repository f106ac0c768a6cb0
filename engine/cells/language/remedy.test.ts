import { expect, it } from 'vitest';
import { checkCell } from './check.ts';
import { parseCell } from './parse.ts';
import { applyRemedy } from './remedy.ts';
import type { CellProblem } from './tree.ts';

function problemsOf(text: string): readonly CellProblem[] {
  const parsed = parseCell(text);
  if (!parsed.ok) return parsed.problems;
  const checked = checkCell(parsed.tree, 4);
  return checked.ok ? checked.cell.warnings : checked.problems;
}

it.each([
  ["c' = W x + U c\nh' = tanh(q')", "Use c'", "c' = W x + U c\nh' = tanh(c')"],
  ["h' = tanh(W_n x + n)", 'Use b_n', "h' = tanh(W_n x + b_n)"],
  ["f = W x\nh' = f' * h", 'Use f', "f = W x\nh' = f * h"],
  ["gate = W x\nh' = gaet * h", 'Use gate', "gate = W x\nh' = gate * h"],
  ["h' = sigmod(W x + U h)", 'Use sigmoid', "h' = sigmoid(W x + U h)"],
  ["f = W x\nh' = f (W_h x + U h)", 'Write f * (…)', "f = W x\nh' = f * (W_h x + U h)"],
  ["h' = f * h\nf = W x", 'Move the line', "f = W x\nh' = f * h"],
  ["q = W_q x\nh' = W x + U h", 'Take the line out', "h' = W x + U h"],
  ["h' = W x + U h\nstart b_f = 1", 'Take the line out', "h' = W x + U h"],
  ["h' = W x + U h + b_h\nstart b_j = 1", 'Use b_h', "h' = W x + U h + b_h\nstart b_h = 1"],
  ["m = U h\nh' = x + m", 'Write W_x x', "m = U h\nh' = W_x x + m"],
  ["c' = W x + U c\n", "Add out = c'", "c' = W x + U c\nout = c'\n"],
  ['h’ = W x + U h', "Write '", "h' = W x + U h"],
  ["h' = f h\n", 'Write f * …', "h' = f * h\n"],
  ["c' = W x\nh' = U x' + c'", 'Use x', "c' = W x\nh' = U x + c'"],
  ["h' = W x + U h'", 'Use h', "h' = W x + U h"],
  [
    "m = W x\nn = V m\nk = n + P h\nh' = Q k\nwidth n = 2",
    'Add width k = 2',
    "m = W x\nn = V m\nk = n + P h\nh' = Q k\nwidth n = 2\nwidth k = 2",
  ],
] as const)('%j: %s', (text, title, mended) => {
  const before = problemsOf(text);
  const problem = before.find(({ remedy }) => remedy?.title === title);
  if (!problem?.remedy) throw new Error(JSON.stringify(before));
  expect(applyRemedy(text, problem.remedy)).toBe(mended);
  expect(problemsOf(mended).map(({ message }) => message)).not.toContain(problem.message);
});

it('guesses no name that is not near', () => {
  const remedies = problemsOf("f = W x\nh' = wholly * h + d * f").map(({ remedy }) => remedy);
  expect(remedies).toEqual([undefined, undefined]);
});
