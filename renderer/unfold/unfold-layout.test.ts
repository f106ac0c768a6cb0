import { describe, expect, it } from 'vitest';
import { parameterUses } from './parameter-uses.ts';
import { copiesInView, copyMiddle, copySize, mostColumns, scrollToCopy, unfoldLayout } from './unfold-layout.ts';
import type { UnrolledLayer } from './unrolled.ts';

const equations = "h' = tanh(W x + U h + b_h)";
const parameters = parameterUses(equations);
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, step) => String(step + 1));
const layer = (number: number, copies: number, directions: readonly ('forward' | 'backward')[], join = 1): UnrolledLayer => ({
  join,
  rows: directions.map((direction) => ({ layer: number, direction, names: names(copies), traced: null })),
});
const both = ['forward', 'backward'] as const;

describe('unfoldLayout', () => {
  it('stacks layers from below, forward under backward, without overlap', () => {
    const layout = unfoldLayout({
      inputs: names(5),
      layers: [layer(0, 5, both), layer(1, 5, both)],
      equations,
      parameters,
      attention: null,
    });
    expect(layout.rows.map(({ layer, direction }) => `${layer} ${direction}`)).toEqual([
      '0 forward',
      '0 backward',
      '1 forward',
      '1 backward',
    ]);
    const tops = layout.rows.map(({ top }) => top);
    for (const [i, top] of tops.entries()) expect(top + copySize.height).toBeLessThan(tops[i - 1] ?? layout.words);
    expect(tops.at(-1)).toBeGreaterThan(0);
    expect(layout.words).toBeLessThan(layout.diagram);
    // Both rows of a layer begin at what lies below it, and end where it ends.
    expect(layout.rows[2]?.from).toBe(layout.rows[0]?.to);
    expect(layout.rows[0]?.to).toBe(layout.rows[1]?.top);
  });

  it('is no wider for four hundred steps than for those that it shows at once', () => {
    const of = (count: number) =>
      unfoldLayout({ inputs: names(count), layers: [layer(0, count, ['forward'])], equations, parameters, attention: null });
    expect(of(400).width).toBe(of(mostColumns).width);
    expect(of(400).content).toBe(400 * of(400).pitch + (of(1).content - of(1).pitch));
    expect(of(3).pitch).toBeGreaterThan(of(12).pitch);
    expect(of(3).content).toBeLessThanOrEqual(of(3).width);
  });

  it('puts what is joined into the middle of what it is joined from', () => {
    const layout = unfoldLayout({
      inputs: names(5),
      layers: [layer(0, 3, ['forward'], 2), layer(1, 2, ['forward'], 2)],
      equations,
      parameters,
      attention: null,
    });
    const [first, second] = layout.rows;
    expect([first?.span, second?.span, second?.spanBelow]).toEqual([2, 4, 2]);
    const middle = (row: typeof first, copy: number) => copyMiddle(row ?? { span: 1 }, copy, layout) / layout.pitch;
    expect([0, 1, 2].map((copy) => middle(first, copy))).toEqual([1, 3, 4.5]);
    expect([0, 1].map((copy) => middle(second, copy))).toEqual([2, 4.5]);
  });

  it('shows all of the equations up to a bound, and scrolls the rest', () => {
    const of = (lines: number) =>
      unfoldLayout({
        inputs: names(3),
        layers: [layer(0, 3, ['forward'])],
        equations: `# a comment\n${'a = 1\n'.repeat(lines)}`,
        parameters,
        attention: null,
      }).text;
    expect(of(5)).toBeGreaterThan(of(4));
    expect(of(40)).toBe(of(6));
    expect(of(1)).toBe(of(3));
    const many = Array.from({ length: 16 }, () => parameters).flat();
    const all = { inputs: names(3), layers: [layer(0, 3, ['forward'])], equations, attention: null };
    expect(unfoldLayout({ ...all, parameters: many.slice(0, 16) }).text).toBeGreaterThan(
      unfoldLayout({ ...all, parameters }).text,
    );
  });
});

describe('copiesInView', () => {
  it('draws what is in view and one more on either side, whatever the length', () => {
    const row = { span: 1, copies: 400 };
    const { first, end } = copiesInView(row, { pitch: 58 }, 58 * 100, 58 * 12);
    expect([first, end]).toEqual([99, 113]);
    expect(copiesInView(row, { pitch: 58 }, 0, 700).first).toBe(0);
    expect(copiesInView(row, { pitch: 58 }, 58 * 399, 700).end).toBe(400);
  });
});

describe('scrollToCopy', () => {
  it('moves no further than to see the copy with its neighbours', () => {
    const view = { left: 580, width: 580 };
    expect(scrollToCopy(900, { pitch: 58 }, view)).toBe(580);
    expect(scrollToCopy(580, { pitch: 58 }, view)).toBe(493);
    expect(scrollToCopy(1160, { pitch: 58 }, view)).toBe(667);
    expect(scrollToCopy(29, { pitch: 58 }, view)).toBe(0);
  });
});
