const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const decimalComma = /^[+-]?\d+,\d+$/;

/** A number as files write it (`3`, `-2.5`, `1e-3`, `2,5`), or `null`. `NaN`, `inf` and empty cells are no numbers. */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  if (plain.test(trimmed)) {
    const value = Number(trimmed);
    return Number.isFinite(value) ? value : null;
  }
  return decimalComma.test(trimmed) ? Number(trimmed.replace(',', '.')) : null;
}
