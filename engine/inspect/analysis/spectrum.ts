import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Block } from '../../cells/step/evaluate.ts';
import { largestSingularValue } from './singular-value.ts';
import { norm, orthonormalize } from './vectors.ts';

/** An eigenvalue, its real and its imaginary part. */
export type Complex = readonly [re: number, im: number];

export interface Spectrum {
  /** Largest first; of a conjugate pair the one above the real axis first. */
  readonly eigenvalues: readonly Complex[];
  /** ρ: what `Wⁿ` grows or fades with (row L22). */
  readonly radius: number;
  /** σ₁: what one product can grow by. */
  readonly singular: number;
  /** What repeated products drive any vector to (row L21). */
  readonly dominant: Dominant;
}

export interface Dominant {
  readonly eigenvalue: Complex;
  /** One direction of length 1 where the eigenvalue is real; two that span the plane in which products turn where it is one of a pair. */
  readonly directions: readonly Float64Array[];
}

export const modulus = ([re, im]: Complex): number => Math.hypot(re, im);

/**
 * Eigenvalues of a square matrix, with the direction or plane that the largest belongs to.
 *
 * @returns `null` where a number is none: there is no spectrum then
 * @throws Error where it is not square
 */
export function spectrum(matrix: Block): Spectrum | null {
  if (matrix.rows !== matrix.width || matrix.rows === 0)
    throw new Error(`a spectrum is of a square matrix, not of ${matrix.rows} × ${matrix.width}`);
  if (!matrix.data.every(Number.isFinite)) return null;
  const { values, vectors } = decompose(matrix);
  const order = values.map((_, i) => i).sort((a, b) => compare(values[a] ?? [0, 0], values[b] ?? [0, 0]));
  const eigenvalues = order.map((i): Complex => values[i] ?? [0, 0]);
  const [first = 0] = order;
  const eigenvalue = values[first] ?? [0, 0];
  // Of a pair the library keeps the real part of the vector in the first column, the imaginary part in the second.
  const columns = eigenvalue[1] === 0 ? [first] : [first, first + 1];
  return {
    eigenvalues,
    radius: modulus(eigenvalue),
    singular: largestSingularValue(matrix),
    dominant: { eigenvalue, directions: eigenvalue[1] === 0 ? columns.map((i) => unit(vectors, i)) : plane(vectors, columns) },
  };
}

/**
 * Eigenvalues alone, largest first.
 *
 * @returns `null` where a number is none
 */
export function eigenvalues(matrix: Block): readonly Complex[] | null {
  if (!matrix.data.every(Number.isFinite)) return null;
  return decompose(matrix).values.toSorted(compare);
}

/** ρ of a square matrix; NaN where a number is none. */
export const spectralRadius = (matrix: Block): number => spectrum(matrix)?.radius ?? Number.NaN;

function decompose({ rows, data }: Block): { readonly values: readonly Complex[]; readonly vectors: Matrix } {
  const matrix = Matrix.from1DArray(rows, rows, data);
  const result = new EigenvalueDecomposition(matrix);
  const imaginary = result.imaginaryEigenvalues;
  return {
    values: result.realEigenvalues.map((re, i): Complex => [re, imaginary[i] ?? 0]),
    vectors: result.eigenvectorMatrix,
  };
}

/** By size, then by the real and the imaginary part, so that the order is always the same. */
function compare(a: Complex, b: Complex): number {
  const [larger, smaller] = [modulus(a), modulus(b)];
  if (Math.abs(larger - smaller) > 1e-12 * Math.max(larger, smaller)) return smaller - larger;
  return Math.abs(a[0] - b[0]) > 1e-12 * larger ? b[0] - a[0] : b[1] - a[1];
}

function unit(vectors: Matrix, column: number): Float64Array {
  const vector = Float64Array.from(vectors.getColumn(column));
  const length = norm(vector);
  // Its sign means nothing: the largest of its numbers is positive.
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  const scale = (largest < 0 ? -1 : 1) / length;
  return vector.map((value) => value * scale);
}

/** Two directions of length 1 at right angles. */
function plane(vectors: Matrix, [a = 0, b = 0]: readonly number[]): readonly Float64Array[] {
  const first = unit(vectors, a);
  const second = Float64Array.from(vectors.getColumn(b));
  orthonormalize(second, [first]);
  return [first, second];
}
