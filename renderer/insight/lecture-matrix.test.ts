import { expect, it } from 'vitest';
import { spectrum } from '../../engine/inspect/analysis/spectrum.ts';
import { arrowPoints } from './arrow.ts';
import { lectureMatrix } from './lecture-matrix.ts';

/** Row after row, as they are written. */
const [a = 0, b = 0, c = 0, d = 0] = [...lectureMatrix.tex.matchAll(/\d\.\d/g)].map(([number]) => Number(number));

it('has the eigenvalues and the singular value of its numbers', () => {
  const found = spectrum({ rows: 2, width: 2, data: Float64Array.of(a, b, c, d) });
  expect(found?.eigenvalues.flat()).toEqual(lectureMatrix.spectrum.eigenvalues.flat().map((value) => expect.closeTo(value, 12)));
  expect(found?.radius).toBeCloseTo(lectureMatrix.spectrum.radius, 12);
  expect(found?.singular).toBeCloseTo(lectureMatrix.spectrum.singular, 12);
});

it('brings any start where its products bring it: to (2, 1), a fifth shorter each time', () => {
  const length = Math.sqrt(5);
  for (const angle of [0.3, 1, 2, 4, 5.5]) {
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    // In the matrix's own axes, multiplied one by one.
    let h = [(2 * x - y) / length, (x + 2 * y) / length] as const;
    const points = arrowPoints(lectureMatrix.arrow, { x, y });
    expect(points).toHaveLength(41);
    for (const point of points.slice(1)) {
      const next = [a * h[0] + b * h[1], c * h[0] + d * h[1]] as const;
      const stretch = Math.hypot(...next);
      h = [next[0] / stretch, next[1] / stretch];
      expect(point.stretch).toBeCloseTo(stretch, 10);
      expect(point.x).toBeCloseTo((2 * h[0] + h[1]) / length, 10);
      expect(point.y).toBeCloseTo((2 * h[1] - h[0]) / length, 10);
    }
    expect(Math.abs(points.at(-1)?.x ?? 0)).toBeCloseTo(1, 6);
    expect(points.at(-1)?.stretch).toBeCloseTo(0.8, 6);
  }
});
