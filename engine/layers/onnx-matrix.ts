/** Numbers of a matrix, row by row. */
type Numbers = ArrayLike<number>;

/** `[rows, columns]` → `[columns, rows]`. */
export function transposed(matrix: Numbers, rows: number, columns: number): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c] ?? 0;
  return out;
}

/** `a [n, k]` times `b [k, m]`, summed in double precision. */
export function multiplied(a: Numbers, b: Numbers, n: number, k: number, m: number): Float32Array {
  const out = new Float32Array(n * m);
  const row = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let j = 0; j < k; j++) {
      const factor = a[i * k + j] ?? 0;
      for (let c = 0; c < m; c++) row[c] = (row[c] ?? 0) + factor * (b[j * m + c] ?? 0);
    }
    out.set(row, i * m);
  }
  return out;
}

/** `[rows, columns]` → `[rows, wider]` with zeros on the right. */
export function widened(matrix: Numbers, rows: number, columns: number, wider: number): Float32Array {
  const out = new Float32Array(rows * wider);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[r * wider + c] = matrix[r * columns + c] ?? 0;
  return out;
}

/** All of them, one after the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
