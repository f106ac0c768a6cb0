import { describe, expect, it } from 'vitest';
import { givenArrows, rowArrows } from './arrows.ts';
import { copySize, type RowLayout } from './unfold-layout.ts';

const row = (over: Partial<RowLayout> = {}): RowLayout => ({
  layer: 0,
  direction: 'forward',
  top: 40,
  copies: 4,
  span: 1,
  spanBelow: 1,
  from: 110,
  to: 40,
  ...over,
});
const columns = { columns: 4, pitch: 60 };
const all = { first: 0, end: 4 };
const one = { lower: false, shortened: false };

/** Where horizontal lines begin and end. */
const lines = (path: string): number[][] =>
  [...path.matchAll(/M([\d.]+) [\d.]+H([\d.]+)/g)].map(([, from, to]) => [Number(from), Number(to)]);

describe('rowArrows', () => {
  it('lead from copy to copy, from what is before the first to what is after the last', () => {
    const steps = lines(rowArrows(row(), columns, all, one).states);
    expect(steps).toHaveLength(5);
    const half = copySize.width / 2;
    expect(steps[0]).toEqual([30 + half, 90 - half - 2]);
    expect(steps[3]).toEqual([1, 30 - half - 2]);
    for (const [from = 0, to = 0] of steps) expect(to).toBeGreaterThan(from);
  });

  it('are reversed where the cell reads backwards', () => {
    const steps = lines(rowArrows(row({ direction: 'backward' }), columns, all, one).states);
    expect(steps).toHaveLength(5);
    for (const [from = 0, to = 0] of steps) expect(to).toBeLessThan(from);
  });

  it('are drawn between copies in view, and to their neighbours', () => {
    expect(
      lines(rowArrows(row({ copies: 400 }), { columns: 400, pitch: 60 }, { first: 100, end: 103 }, one).states),
    ).toHaveLength(4);
  });

  it('set those apart that leave out steps', () => {
    const { states, leftOut } = rowArrows(row(), columns, all, { lower: false, shortened: true });
    expect(lines(states)).toHaveLength(4);
    expect(lines(leftOut)).toHaveLength(1);
  });

  it('join what becomes one: two lines into each copy of a pyramid, one into a last that has but one', () => {
    const path = rowArrows(row({ copies: 2, span: 2 }), { columns: 3, pitch: 60 }, { first: 0, end: 2 }, one).inputs;
    expect([...path.matchAll(/M([\d.]+) 110L/g)].map(([, x]) => Number(x))).toEqual([30, 90, 150]);
  });

  it('lead a layer’s lower copies past its upper ones', () => {
    expect(rowArrows(row(), columns, all, one).outputs).toBe('');
    expect(rowArrows(row({ top: 100, to: 40 }), columns, all, one).outputs.match(/M/g)).toHaveLength(4);
    expect(rowArrows(row(), columns, all, { lower: true, shortened: false }).inputs).not.toMatch(/110L/);
  });
});

it('what a layer gives leaves upwards, once for each step', () => {
  expect(givenArrows(40, [30, 90]).match(/V/g)).toHaveLength(2);
  expect(givenArrows(40, [])).toBe('');
});
