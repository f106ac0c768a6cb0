import { expect, it } from 'vitest';
import { inUnits } from './encode.ts';

it('shows the file’s own numbers again, a zero as zero', () => {
  const degrees = { names: ['degrees', 'hectopascal'], mean: [8.1, 1013], deviation: [5.2, 9.7] };
  const file = [0, 1013.25, -0.3, 998.4, 12.8, 1020];
  const normalized = Float32Array.from(
    file,
    (value, i) => (value - (degrees.mean[i % 2] ?? 0)) / (degrees.deviation[i % 2] ?? 1),
  );
  expect(inUnits(degrees, normalized)).toEqual(file);
});
