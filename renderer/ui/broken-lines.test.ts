import katex from 'katex';
import { expect, it } from 'vitest';
import { brokenLines } from './broken-lines.ts';

const rows = (tex: string): number => katex.renderToString(tex, { displayMode: true, output: 'mathml' }).split('<mtr').length - 1;

it('puts equations below each other that stand side by side', () => {
  const tex = 'y = f(x), \\qquad z = \\sum_i y_i \\qquad w = 1';
  expect(rows(tex)).toBe(0);
  expect(rows(brokenLines(tex))).toBe(3);
  expect(brokenLines(tex)).not.toContain(',');
});

it('leaves one equation, and the lines of an environment', () => {
  expect(brokenLines('y = x')).toBe('y = x');
  const aligned = '\\begin{aligned} a &= b, \\qquad c = d \\end{aligned}';
  expect(brokenLines(aligned)).toBe(aligned);
  expect(rows(brokenLines('o \\in V, \\qquad o_j = \\begin{cases} 1 & j \\\\ 0 & k \\end{cases}'))).toBe(4);
});
