import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { cellLibrary } from '../library.ts';
import { randomCell } from '../random-cell.test-support.ts';
import { cellLatex, latexLines } from './latex.ts';
import { parseCell } from './parse.ts';

function latexOf(text: string): string {
  const parsed = parseCell(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return cellLatex(parsed.tree);
}

const row = (text: string): string => latexOf(text).replace(/^\\begin\{aligned\} (.*) \\end\{aligned\}$/, '$1');

it.each([
  ["h' = sigmoid(W_f x + U_f h + b_f)  # a comment", 'h_{t} &= \\sigma\\left(W_{f} x_{t} + U_{f} h_{t-1} + b_{f}\\right)'],
  ["h' = (1 - f) * h + f * n'", 'h_{t} &= \\left(1 - f_{t}\\right) \\odot h_{t-1} + f_{t} \\odot n_{t}'],
  ["h' = a - (b - c)", 'h_{t} &= a_{t} - \\left(b_{t} - c_{t}\\right)'],
  ["h' = -(a + b) / (1 + abs(c))", 'h_{t} &= \\frac{-\\left(a_{t} + b_{t}\\right)}{1 + \\left|c_{t}\\right|}'],
  ["h' = W_1 U_2 (a * b)", 'h_{t} &= W_{1} U_{2} \\left(a_{t} \\odot b_{t}\\right)'],
  [
    "gate' = sqrt(k_nu) * layernorm(p_a * gate)",
    '\\mathrm{gate}_{t} &= \\sqrt{k_{\\mathrm{nu}}} \\odot \\operatorname{LN}\\left(p_{a} \\odot \\mathrm{gate}_{t-1}\\right)',
  ],
  [
    'n_1 = 1e-7 * max(a, relu(b))\nwidth n_1 = 3',
    'n_{1, t} &= 1 \\cdot 10^{-7} \\cdot \\max\\left(a_{t}, \\operatorname{relu}\\left(b_{t}\\right)\\right)',
  ],
])('%s', (text, tex) => {
  expect(row(text)).toBe(tex);
});

describe('KaTeX can set', () => {
  it.each(cellLibrary.map(({ title, equations }) => [title, equations] as const))('%s', (_title, equations) => {
    expect(() =>
      katex.renderToString(latexOf(equations), { throwOnError: true, strict: 'error', displayMode: true }),
    ).not.toThrow();
  });

  it('random cells', () => {
    for (let seed = 0; seed < 40; seed++) {
      const tex = latexOf(randomCell(new Random(seed, 'latex')));
      expect(() => katex.renderToString(tex, { throwOnError: true, strict: 'error', displayMode: true }), tex).not.toThrow();
    }
  });
});

it('marks what is learned, wherever it stands', () => {
  const parsed = parseCell("h' = tanh(W_x x + U (b_h * h)) + k_f");
  if (!parsed.ok) throw new Error('no cell');
  const [line] = latexLines(parsed.tree, (name, tex) => `<${name}|${tex}>`);
  expect(line?.right).toBe(
    '\\tanh\\left(<W_x|W_{x}> x_{t} + <U|U> \\left(<b_h|b_{h}> \\odot h_{t-1}\\right)\\right) + <k_f|k_{f}>',
  );
});
