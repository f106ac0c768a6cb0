import type { Random } from '../random.ts';

/** Reflections that are applied together. */
const together = 16;
/** Multiplications of a piece, at most: some 10 ms. */
const ofPiece = 2 ** 23;

/**
 * A random orthogonal matrix `[rows, columns]`, row by row, as `nn.init.orthogonal_` draws one: evenly from all of them (Haar), so that its
 * eigenvalues lie on the unit circle. Of a matrix that is not square, the rows or the columns, whichever are fewer, are orthonormal.
 * Householder's reflections of normal vectors make it (Stewart 1980, “The efficient generation of random orthogonal matrices”): what
 * the QR decomposition of a normal matrix would give, in a third of the work. For n × n some 4/3 n³ multiplications, in pieces of some
 * 10 ms; several reflections are applied as one, I − V T Vᵀ (Schreiber and Van Loan 1989, “A storage-efficient WY representation”).
 */
export function* fillOrthogonal(data: Float32Array, columns: number, random: Random): Generator<void, void> {
  const rows = data.length / columns;
  if (rows <= columns) yield* fillRows(data, columns, random);
  else {
    const across = new Float32Array(data.length);
    yield* fillRows(across, rows, random);
    for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) data[i * columns + k] = across[k * rows + i] ?? 0;
  }
}

/** With no more rows than columns. Row i starts as the i-th unit vector; reflection j turns rows from j on, which are 0 before j. */
function* fillRows(data: Float32Array, columns: number, random: Random): Generator<void, void> {
  const rows = data.length / columns;
  data.fill(0);
  for (let i = 0; i < rows; i++) data[i * columns + i] = 1;
  for (let end = rows; end > 0; end -= together) {
    const from = Math.max(0, end - together);
    const block = new Reflections(columns - from);
    const signs: number[] = [];
    for (let j = end - 1; j >= from; j--) signs[j] = block.add(j - from, random);
    const each = Math.max(1, Math.floor(ofPiece / (block.length * block.count * 2)));
    for (let i = from; i < rows; i += each) {
      for (let row = i; row < Math.min(rows, i + each); row++)
        block.reflect(data.subarray(row * columns + from, (row + 1) * columns), signs[row] ?? 1);
      yield;
    }
  }
}

/** Several reflections after each other, as one product I − V T Vᵀ. */
class Reflections {
  readonly length: number;
  /** Columns of V, each as long as a row; as many as `together`, the rest zeros. */
  readonly #normals: Float64Array[];
  /** Upper triangle of T, by row. */
  readonly #t = Array.from({ length: together }, () => new Float64Array(together));
  readonly #row: Float64Array;
  #count = 0;

  constructor(length: number) {
    this.length = length;
    this.#normals = Array.from({ length: together }, () => new Float64Array(length));
    this.#row = new Float64Array(length);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds a reflection that brings a normal vector onto axis `from`, and leaves the axes before that one as they are.
   *
   * @returns the sign that keeps the vector in its direction
   */
  add(from: number, random: Random): 1 | -1 {
    const at = this.#count++;
    const whole = this.#normals[at] as Float64Array;
    const normal = whole.subarray(from);
    for (let i = 0; i < normal.length; i++) normal[i] = random.normal();
    const [first = 0] = normal;
    const sign = first < 0 ? 1 : -1;
    normal[0] = first - sign * length2(normal);
    const size = length2(normal);
    for (let i = 0; i < normal.length; i++) normal[i] = (normal[i] ?? 0) / size;
    // H = I − 2 v vᵀ, and (I − V T Vᵀ) H = I − [V v] [[T, −2 T Vᵀ v], [0, 2]] [V v]ᵀ.
    const along = this.#products(whole);
    this.#t.forEach((row, i) => {
      if (i < at) row[at] = -2 * row.reduce((sum, factor, k) => sum + factor * (along[k] ?? 0), 0);
      else if (i === at) row[at] = 2;
    });
    return sign;
  }

  /** Vᵀ times a row. */
  #products(row: Float64Array): number[] {
    return [...eightDots(row, this.#normals, 0), ...eightDots(row, this.#normals, 8)];
  }

  /** `row ← sign · row (I − V T Vᵀ)` */
  reflect(row: Float32Array, sign: number): void {
    const exact = this.#row;
    for (let i = 0; i < row.length; i++) exact[i] = row[i] ?? 0;
    const along = this.#products(exact);
    const factors = along.map((_, k) => -this.#t.reduce((sum, line, i) => sum + (along[i] ?? 0) * (line[k] ?? 0), 0));
    addEight(exact, this.#normals, factors, 0);
    addEight(exact, this.#normals, factors, 8);
    for (let i = 0; i < row.length; i++) row[i] = sign * (exact[i] ?? 0);
  }
}

/** Products of a row with eight vectors. One loop: each number of the row is read once. */
function eightDots(row: Float64Array, vectors: readonly Float64Array[], from: number): number[] {
  const [v0, v1, v2, v3, v4, v5, v6, v7] = vectors.slice(from, from + 8) as Eight;
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < row.length; i++) {
    const x = row[i] ?? 0;
    s0 += x * (v0[i] ?? 0);
    s1 += x * (v1[i] ?? 0);
    s2 += x * (v2[i] ?? 0);
    s3 += x * (v3[i] ?? 0);
    s4 += x * (v4[i] ?? 0);
    s5 += x * (v5[i] ?? 0);
    s6 += x * (v6[i] ?? 0);
    s7 += x * (v7[i] ?? 0);
  }
  return [s0, s1, s2, s3, s4, s5, s6, s7];
}

/** `row ← row + Σ factor · vector`, of eight of each. */
function addEight(row: Float64Array, vectors: readonly Float64Array[], factors: readonly number[], from: number): void {
  const [v0, v1, v2, v3, v4, v5, v6, v7] = vectors.slice(from, from + 8) as Eight;
  const [f0 = 0, f1 = 0, f2 = 0, f3 = 0, f4 = 0, f5 = 0, f6 = 0, f7 = 0] = factors.slice(from, from + 8);
  for (let i = 0; i < row.length; i++)
    row[i] =
      (row[i] ?? 0) +
      f0 * (v0[i] ?? 0) +
      f1 * (v1[i] ?? 0) +
      f2 * (v2[i] ?? 0) +
      f3 * (v3[i] ?? 0) +
      f4 * (v4[i] ?? 0) +
      f5 * (v5[i] ?? 0) +
      f6 * (v6[i] ?? 0) +
      f7 * (v7[i] ?? 0);
}

type Eight = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

const length2 = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
