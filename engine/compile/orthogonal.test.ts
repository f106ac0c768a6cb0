import { describe, expect, it } from 'vitest';
import { cellParameters } from '../cells/parameters.ts';
import { cellForms, cellOf } from '../cells/registry.ts';
import { Random } from '../random.ts';
import { fillOrthogonal } from './orthogonal.ts';

/** Largest difference of the products of rows (`[rows, columns]` at most as many as columns) or of columns from those of orthonormal ones. */
function apart(data: Float32Array, columns: number): number {
  const rows = data.length / columns;
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const at = (vector: number, i: number): number => data[rows <= columns ? vector * columns + i : i * columns + vector] ?? 0;
  let most = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let dot = 0;
      for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
      most = Math.max(most, Math.abs(dot - (a === b ? 1 : 0)));
    }
  }
  return most;
}

const drawn = (rows: number, columns: number, random: Random): Float32Array => {
  const data = new Float32Array(rows * columns);
  for (const _ of fillOrthogonal(data, columns, random));
  return data;
};

describe('a random orthogonal matrix', () => {
  it.each([
    [1, 1],
    [2, 2],
    [48, 48],
    [40, 7],
    [7, 40],
    [5, 1],
    [130, 130],
    [100, 130],
  ])('%i × %i is one to rounding', (rows, columns) => {
    expect(apart(drawn(rows, columns, new Random(3)), columns)).toBeLessThan(1e-6);
  });

  it.each([
    [3, 4000],
    [18, 1000],
  ])('of %i rows, drawn %i times, is any as likely as another: it has the moments of Haar’s measure', (size, count) => {
    const random = new Random(5);
    let [trace, square, entry] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const data = drawn(size, size, random);
      const sum = Array.from({ length: size }, (_, row) => data[row * size + row] ?? 0).reduce((all, one) => all + one, 0);
      trace += sum / count;
      square += (sum * sum) / count;
      entry += (data[0] ?? 0) ** 2 / count;
    }
    // Diaconis and Shahshahani 1994: E tr = 0 and E tr² = 1; every entry has E q² = 1/n. Without the signs, E tr is far from 0.
    expect(Math.abs(trace)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(square - 1)).toBeLessThan(6 / Math.sqrt(count));
    expect(Math.abs(entry - 1 / size)).toBeLessThan(0.02);
  });
});

it('gives way while it draws a wide one', () => {
  const pieces = (size: number): number => [...fillOrthogonal(new Float32Array(size * size), size, new Random(3))].length;
  // A piece has 2²³ multiplications at most, and the whole 4/3 n³.
  expect(pieces(512)).toBeGreaterThan((4 / 3) * (512 ** 3 / 2 ** 23));
});

describe('a cell that starts orthogonal', () => {
  const hidden = 6;
  it.each(cellForms)('$name: every matrix of the state, a gate each, and nothing else', ({ name: form, kind, settings }) => {
    const specs = (recurrentInitializer: string) =>
      cellParameters(cellOf(kind, { ...settings, hidden, recurrentInitializer }), 5, '_l0').map(
        ({ name, shape, initializer }) => ({
          name,
          shape,
          starts: initializer.kind === 'blocks' ? initializer.blocks : [initializer],
        }),
      );
    const uniform = specs('uniform');
    expect(uniform.flatMap(({ starts }) => starts.map((start) => start.kind))).not.toContain('orthogonal');
    specs('orthogonal').forEach(({ name, shape, starts }, index) => {
      const before = uniform[index];
      expect([name, shape]).toEqual([before?.name, before?.shape]);
      const found = new Set(starts.map((start) => start.kind));
      // What reads x starts as before; so do biases and vectors.
      if (/^(weight_ih|W)/.test(name) || shape.length === 1) expect(starts).toEqual(before?.starts);
      // MinimalRNN's U_z reads z, which is of x alone.
      else if (/^(weight_hh|weight_hr|U)/.test(name) && !(form === 'custom MinimalRNN' && name === 'U_z_l0'))
        expect([...found]).toEqual(['orthogonal']);
    });
  });
});
