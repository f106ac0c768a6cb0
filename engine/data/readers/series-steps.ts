/** A measured value: a number, or `null` where it is missing. */
export type Measured = number | null;

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const missingWords = new Set(['?', 'nan', '']);

/** A value between commas, by the rules of `.ts` and ARFF files; `undefined` where it is neither a number nor missing. */
export function measured(text: string): Measured | undefined {
  const trimmed = text.trim();
  if (missingWords.has(trimmed.toLowerCase())) return null;
  return plainNumber.test(trimmed) ? Number(trimmed) : undefined;
}

/**
 * The steps of a series out of its dimensions, each `[T]`: numbers where there is one dimension, otherwise `[T][D]`.
 *
 * @returns why there is none, where they are of several lengths
 */
export function stepsOf(dimensions: readonly (readonly Measured[])[]): readonly unknown[] | string {
  const [first = [], ...rest] = dimensions;
  if (rest.length === 0) return first;
  const other = rest.findIndex(({ length }) => length !== first.length);
  if (other >= 0)
    return `dimension 1 has ${first.length} steps, dimension ${other + 2} has ${rest[other]?.length}: all dimensions of a series need the same`;
  return first.map((value, step) => [value, ...rest.map((dimension) => dimension[step] ?? null)]);
}
