import type { Arrow } from './arrow.ts';

/** Its eigenvalues. */
const [first, second] = [0.8, 0.5];

/**
 * After n products, divided by 0.8ⁿ. Along v₁ = (2, 1)/√5 and across it, (−1, 2)/√5, the matrix is (0.8 0.1; 0 0.5): v₁ becomes 0.8ⁿ v₁, and
 * what lies across becomes 0.5ⁿ of itself with (0.8ⁿ − 0.5ⁿ)/3 of v₁.
 */
function product(n: number): Arrow['products'][number] {
  const left = (second / first) ** n;
  const turned = (1 - left) / 3;
  return {
    across: [1, turned],
    up: [0, left],
    gram: [1, turned, turned, turned ** 2 + left ** 2],
    scale: n * Math.log(first),
  };
}

/** The matrix with which the lectures show how signals fade (row L21), to be seen beside those of a trained cell. */
export const lectureMatrix = {
  name: 'the lectures’ 2 × 2',
  tex: 'W = \\begin{pmatrix} 0.7 & 0.2 \\\\ 0.1 & 0.6 \\end{pmatrix}',
  spectrum: {
    eigenvalues: [
      [first, 0],
      [second, 0],
    ] satisfies [number, number][],
    radius: first,
    // Of WᵀW the larger eigenvalue is 0.45 + √0.0425.
    singular: Math.sqrt(0.45 + Math.sqrt(0.0425)),
  },
  arrow: { turns: false, directions: 2, products: Array.from({ length: 41 }, (_, n) => product(n)) } satisfies Arrow,
} as const;
