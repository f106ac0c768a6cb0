import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Block } from '../../cells/step/evaluate.ts';
import { anyDirection, orthonormalize, timesVector, transposedTimes } from './vectors.ts';

/** Relative change of the estimate below which it is taken. */
const tolerance = 1e-13;
/** Directions at most; far fewer are needed, but for matrices whose singular values are almost equal, and there any will do. */
const mostDirections = 150;
/** How often the estimate is made anew. */
const everyDirections = 5;

/**
 * The largest singular value σ₁: how much a matrix can stretch any vector. By Golub and Kahan's bidiagonalization with full
 * reorthogonalization (Golub and Van Loan, “Matrix Computations”, 10.4), which needs products with vectors alone: a small part of the work
 * of all singular values.
 *
 * @returns NaN where a number is none
 */
export function largestSingularValue(matrix: Block): number {
  if (!matrix.data.every(Number.isFinite)) return Number.NaN;
  // From the narrower side: there so many directions are all of them.
  const wide = matrix.width > matrix.rows;
  const [ahead, back] = wide ? [transposedTimes, timesVector] : [timesVector, transposedTimes];
  const narrow = wide ? matrix.rows : matrix.width;
  const most = Math.min(narrow, mostDirections);
  const lefts: Float64Array[] = [];
  const rights: Float64Array[] = [];
  const [diagonal, above]: [number[], number[]] = [[], []];
  let right = anyDirection(narrow);
  orthonormalize(right, []);
  let estimate = 0;
  while (rights.length < most) {
    rights.push(right);
    const left = ahead(matrix, right);
    diagonal.push(orthonormalize(left, lefts));
    lefts.push(left);
    const next = back(matrix, left);
    const rest = orthonormalize(next, rights);
    if (rest === 0) break;
    if (rights.length % everyDirections === 0) {
      const before = estimate;
      estimate = largestOfBidiagonal(diagonal, above);
      if (Math.abs(estimate - before) <= tolerance * estimate) return estimate;
    }
    above.push(rest);
    right = next;
  }
  return largestOfBidiagonal(diagonal, above);
}

function largestOfBidiagonal(diagonal: readonly number[], above: readonly number[]): number {
  const size = diagonal.length;
  if (size === 0) return 0;
  const matrix = Matrix.zeros(size, size);
  diagonal.forEach((value, i) => {
    matrix.set(i, i, value);
    if (i + 1 < size) matrix.set(i, i + 1, above[i] ?? 0);
  });
  const only = { computeLeftSingularVectors: false, computeRightSingularVectors: false };
  return new SingularValueDecomposition(matrix, only).norm2;
}
