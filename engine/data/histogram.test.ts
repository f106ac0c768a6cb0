import fc from 'fast-check';
import { expect, it } from 'vitest';
import { histogram } from './histogram.ts';

it('counts each number in the one bin that holds it, in the narrowest bins of whole width that suffice', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(500), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(1000),
      (values, bins, from) => {
        const numbers = values.map((value) => value + from);
        const { edges, counts } = histogram(Uint32Array.from(numbers), bins);
        const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
        let width = 1;
        while (Math.ceil((high + 1 - low) / width) > bins) width++;
        expect(edges).toEqual(Array.from({ length: Math.ceil((high + 1 - low) / width) + 1 }, (_unused, i) => low + i * width));
        expect(counts).toEqual(
          edges.slice(1).map((end, i) => numbers.filter((value) => value >= (edges[i] ?? 0) && value < end).length),
        );
      },
    ),
  );
});

it('has 24 bins at most unless more are asked for, and none of nothing', () => {
  const { edges, counts } = histogram(Uint32Array.from({ length: 49 }, (_unused, i) => i));
  expect(counts).toEqual([...Array<number>(16).fill(3), 1]);
  expect(edges.at(-1)).toBe(51);
  expect(histogram(new Uint32Array())).toEqual({ edges: [], counts: [] });
});
