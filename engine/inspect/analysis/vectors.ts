import type { Block } from '../../cells/step/evaluate.ts';

/** Numbers of one row, in place. */
export const rowOf = ({ width, data }: Block, row: number): Float64Array => data.subarray(row * width, (row + 1) * width);

/** Largest size of any; NaN or infinite where one is. */
export function largestOf(values: Float64Array): number {
  let most = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (Number.isNaN(size)) return size;
    if (size > most) most = size;
  }
  return most;
}

/** √Σ of squares, without overflow on the way. */
export function norm(values: Float64Array): number {
  const most = largestOf(values);
  if (most === 0 || !Number.isFinite(most)) return most;
  let sum = 0;
  for (const value of values) sum += (value / most) ** 2;
  return most * Math.sqrt(sum);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** `into += factor · vector` */
export function addScaled(into: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) + factor * (vector[i] ?? 0);
}

/** A matrix times a vector. */
export const timesVector = (matrix: Block, vector: Float64Array): Float64Array =>
  Float64Array.from({ length: matrix.rows }, (_, row) => dot(rowOf(matrix, row), vector));

/** The transpose of a matrix times a vector. */
export function transposedTimes(matrix: Block, vector: Float64Array): Float64Array {
  const result = new Float64Array(matrix.width);
  for (let row = 0; row < matrix.rows; row++) addScaled(result, vector[row] ?? 0, rowOf(matrix, row));
  return result;
}

/** What is left of a vector at right angles to directions that are 1 long: less than this of it is rounding. */
const rounding = 1e-13;

/**
 * Takes out of a vector, in place, what lies in directions that are 1 long and at right angles, and makes the rest 1 long: one vector of
 * Gram and Schmidt's process, twice, since once leaves rounding behind.
 *
 * @returns the length of the rest; 0, with a vector of zeros, where nothing but rounding was left
 */
export function orthonormalize(vector: Float64Array, directions: readonly Float64Array[]): number {
  const before = norm(vector);
  for (let pass = 0; pass < 2; pass++) for (const direction of directions) addScaled(vector, -dot(vector, direction), direction);
  const length = norm(vector);
  if (length <= rounding * before) {
    vector.fill(0);
    return 0;
  }
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) / length;
  return length;
}

/** Numbers of no special direction, and always the same. */
export const anyDirection = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1)) + Math.cos(4.1414 * (i + 1) ** 1.3));
