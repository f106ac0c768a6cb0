import type { Numbers } from '../../engine/protocol/inspect.ts';

/** Numbers row by row: of a traced value, row t is step t and its columns are units `[T, units]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Numbers as the engine sends them; more than two dimensions are rows of the last one. */
export function matrixOf({ shape, data }: Numbers): Matrix {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const columns = shape.at(-1) ?? 0;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  if (bytes.length !== 4 * rows * columns) throw new Error(`${bytes.length} bytes are not ${shape.join(' × ')} numbers`);
  return { rows, columns, data: littleEndian(bytes) };
}

function littleEndian(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, place) => view.getFloat32(4 * place, true));
}

/** NaN outside of the matrix. */
export function at({ rows, columns, data }: Matrix, row: number, column: number): number {
  const inside = row >= 0 && row < rows && column >= 0 && column < columns;
  return inside ? (data[row * columns + column] ?? Number.NaN) : Number.NaN;
}

/** A unit's values over all steps. */
export const columnOf = (matrix: Matrix, column: number): number[] =>
  Array.from({ length: matrix.rows }, (_, row) => at(matrix, row, column));

/** All units at one step; none outside of the matrix. */
export const rowOf = ({ rows, columns, data }: Matrix, row: number): Float32Array =>
  row >= 0 && row < rows ? data.subarray(row * columns, (row + 1) * columns) : new Float32Array(0);

/** The largest absolute value among those that are finite; 0 where there is none. */
export function largest({ data }: Matrix): number {
  let most = 0;
  for (const value of data) {
    const size = Math.abs(value);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

/** Rows as columns. */
export function turned({ rows, columns, data }: Matrix): Matrix {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = data[row * columns + column] ?? 0;
  return { rows: columns, columns: rows, data: result };
}
