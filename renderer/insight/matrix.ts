import { fromBase64 } from '../../engine/protocol/base64.ts';
import type { Numbers } from '../../engine/protocol/inspect.ts';

/** Numbers row by row: of a traced value, row t is step t and its columns are units `[T, units]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Numbers as the engine sends them; more than two dimensions are rows of the last one. */
export function matrixOf({ shape, data }: Numbers): Matrix {
  const bytes = fromBase64(data);
  const columns = shape.at(-1) ?? 0;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  if (bytes.length !== 4 * rows * columns) throw new Error(`${bytes.length} bytes are not ${shape.join(' × ')} numbers`);
  return { rows, columns, data: littleEndian(bytes) };
}

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

function littleEndian(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  if (isLittleEndian) return new Float32Array(bytes.buffer);
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

/** A row in so many numbers: means of neighbours, or each more than once where it has fewer `[1, count]`. */
export function shrunkRow(matrix: Matrix, row: number, count: number): Matrix {
  const values = rowOf(matrix, row);
  const data = new Float32Array(count);
  for (let place = 0; place < count; place++) {
    const from = Math.floor((place * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((place + 1) * values.length) / count));
    let sum = 0;
    for (let at = from; at < to; at++) sum += values[at] ?? Number.NaN;
    data[place] = sum / (to - from);
  }
  return { rows: 1, columns: count, data };
}

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
