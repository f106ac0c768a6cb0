/*
 * WGSL of matrix products in which one thread makes a tile of the result in its own registers. No shared memory and no barrier: on a
 * processor, where a barrier costs more than the product, that is many times faster than the usual form.
 */

/** The sums that a thread holds: `sum0_1` is row 0, block 1 of four columns. */
export const sum = (row: number, block: number): string => `sum${row}_${block}`;

const each = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n');
const parts = ['x', 'y', 'z', 'w'] as const;

/**
 * `sum[row][block] += Σ_k left[row, k] right[k, block]`, four k at a time.
 *
 * @param left buffer, and by row the WGSL index of the row's first `vec4`
 * @param right buffer, WGSL length of its rows in `vec4`, and by block the WGSL index of the block in a row
 * @param depth WGSL number of `vec4` along k
 */
export function rowsTimesMatrix(
  left: { readonly buffer: string; readonly rows: readonly string[] },
  right: { readonly buffer: string; readonly stride: string; readonly blocks: readonly string[] },
  depth: string,
): string {
  const { rows } = left;
  const { blocks } = right;
  const product = (row: number, block: number): string => {
    const terms = parts.map((part, k) => `x${row}.${part} * w${block}_${k}`).join(' + ');
    return `${sum(row, block)} += ${terms};`;
  };
  return `
  ${each(rows.length, (row) => each(blocks.length, (block) => `var ${sum(row, block)} = vec4<f32>(0.0);`))}
  for (var k = 0; k < ${depth}; k++) {
    let line = 4 * k * ${right.stride};
    ${each(rows.length, (row) => `let x${row} = ${left.buffer}[${rows[row]} + k];`)}
    ${each(
      blocks.length,
      (block) => `
    ${each(4, (k) => `let w${block}_${k} = ${right.buffer}[line + ${k} * ${right.stride} + ${blocks[block]}];`)}
    ${each(rows.length, (row) => product(row, block))}`,
    )}
  }`;
}

/**
 * `sum[row][block] += Σ_k left[k, row] right[k, block]`: the left factor is transposed, so its rows come four at a time.
 *
 * @param left buffer, WGSL index of k's first `vec4` (`k` is the variable), by four rows the index in it
 * @param right the same, by block
 */
export function transposedTimesMatrix(
  left: { readonly buffer: string; readonly line: string; readonly fours: readonly string[] },
  right: { readonly buffer: string; readonly line: string; readonly blocks: readonly string[] },
  depth: string,
): string {
  const { fours } = left;
  const { blocks } = right;
  const rows = 4 * fours.length;
  return `
  ${each(rows, (row) => each(blocks.length, (block) => `var ${sum(row, block)} = vec4<f32>(0.0);`))}
  for (var k = 0; k < ${depth}; k++) {
    let lineLeft = ${left.line};
    let lineRight = ${right.line};
    ${each(fours.length, (four) => `let x${four} = ${left.buffer}[lineLeft + ${fours[four]}];`)}
    ${each(blocks.length, (block) => `let w${block} = ${right.buffer}[lineRight + ${blocks[block]}];`)}
    ${each(rows, (row) => each(blocks.length, (block) => `${sum(row, block)} += x${row >> 2}.${parts[row & 3]} * w${block};`))}
  }`;
}
