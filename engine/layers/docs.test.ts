import { readFileSync } from 'node:fs';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { findCell } from '../cells/registry.ts';
import { findLayer, layerKinds } from './registry.ts';

/** A cell's page lies in its own folder. */
const docsOf = (kind: string): string => {
  const folder = findCell(kind) === undefined ? `./${kind}` : `../cells/${kind.replace('-cell', '')}`;
  return readFileSync(new URL(`${folder}/docs.md`, import.meta.url), 'utf8');
};

describe.each([...layerKinds])('docs of %s', (kind) => {
  it('has the title of the kind, its equations, its lecture row or its paper, and its PyTorch counterpart', () => {
    const text = docsOf(kind);
    expect(text.startsWith(`# ${findLayer(kind)?.title}\n`)).toBe(true);
    expect(text).toMatch(/\*\*(Lectures|Paper):\*\* \S/);
    expect(text).toContain('**PyTorch:**');
    expect(text.split('$$').length).toBeGreaterThanOrEqual(3);
  });

  it('has formulas that KaTeX can set', () => {
    const text = docsOf(kind);
    const displayed = text.split('$$').filter((_, index) => index % 2 === 1);
    const inline = text
      .split('$$')
      .filter((_, index) => index % 2 === 0)
      .flatMap((part) => part.split('$').filter((_, index) => index % 2 === 1));
    expect(text.split('$$').length % 2).toBe(1);
    for (const formula of [...displayed, ...inline]) {
      expect(() => katex.renderToString(formula, { throwOnError: true, strict: 'error' })).not.toThrow();
    }
  });
});
