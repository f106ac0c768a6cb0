import type { Block } from '../../cells/step/evaluate.ts';

/** Columns of a block over the whole state, as one block for each of its parts. @param widths of the parts, in order */
export function splitParts({ rows, width, data }: Block, widths: readonly number[]): readonly Block[] {
  let offset = 0;
  return widths.map((part) => {
    const start = offset;
    offset += part;
    const own = new Float64Array(rows * part);
    for (let row = 0; row < rows; row++) own.set(data.subarray(row * width + start, row * width + start + part), row * part);
    return { rows, width: part, data: own };
  });
}

/** The reverse of `splitParts`. */
export function joinParts(parts: readonly Block[]): Block {
  const rows = parts[0]?.rows ?? 0;
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const data = new Float64Array(rows * width);
  let offset = 0;
  for (const part of parts) {
    for (let row = 0; row < rows; row++)
      data.set(part.data.subarray(row * part.width, (row + 1) * part.width), row * width + offset);
    offset += part.width;
  }
  return { rows, width, data };
}

export function identity(size: number): Block {
  const data = new Float64Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return { rows: size, width: size, data };
}
