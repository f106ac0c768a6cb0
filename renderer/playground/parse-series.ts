export type ParsedSeries =
  | { readonly ok: true; readonly rows: readonly (readonly number[])[] }
  | { readonly ok: false; readonly message: string };

/**
 * Numbers as people paste them: one row per line, or rows separated by commas or semicolons; within a row, numbers separated by
 * spaces, tabs or (with one row per line) commas. One long list of numbers is cut into rows of `width`.
 */
export function parseSeries(text: string, width: number | null): ParsedSeries {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, rows: [] };
  const lines = trimmed.includes('\n') ? trimmed.split('\n') : trimmed.split(/[,;]/);
  const cells = lines
    .map((line) =>
      line
        .trim()
        .split(/[\s,;]+/)
        .filter(Boolean),
    )
    .filter((row) => row.length > 0);
  const rows: number[][] = [];
  for (const [i, row] of cells.entries()) {
    const numbers: number[] = [];
    for (const cell of row) {
      const value = Number(cell);
      if (!Number.isFinite(value)) return { ok: false, message: `Row ${i + 1}: “${cell.slice(0, 40)}” is not a number.` };
      numbers.push(value);
    }
    rows.push(numbers);
  }
  const expected = width ?? rows[0]?.length ?? 1;
  // One row, or one number a row: a plain list, to be cut into rows.
  if (rows.length === 1 || rows.every((row) => row.length === 1)) return cut(rows.flat(), expected);
  const odd = rows.findIndex((row) => row.length !== expected);
  if (odd >= 0) {
    return { ok: false, message: `Row ${odd + 1} has ${count(rows[odd]?.length ?? 0)}; the run reads ${expected} per step.` };
  }
  return { ok: true, rows };
}

function cut(numbers: readonly number[], width: number): ParsedSeries {
  if (numbers.length % width !== 0) {
    return { ok: false, message: `${count(numbers.length)} cannot be cut into steps of ${width}.` };
  }
  return {
    ok: true,
    rows: Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width)),
  };
}

const count = (n: number): string => `${n} ${n === 1 ? 'number' : 'numbers'}`;
