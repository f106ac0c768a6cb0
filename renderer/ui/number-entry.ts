/** Limits of a number field. */
export interface NumberLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly integer?: boolean | undefined;
  /** An empty field is allowed and means `null`. */
  readonly nullable?: boolean | undefined;
}

type Entry = { readonly ok: true; readonly value: number | null } | { readonly ok: false; readonly message: string };

const shown = (value: number): string =>
  Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4) ? value.toExponential() : String(value);

/** What was typed, as a number within limits, or what to type instead. */
export function parseEntry(text: string, { min, max, integer, nullable }: NumberLimits): Entry {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return nullable ? { ok: true, value: null } : { ok: false, message: 'Type a number.' };
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return { ok: false, message: `“${text.trim()}” is not a number.` };
  if (integer && !Number.isInteger(value)) return { ok: false, message: 'Type a whole number.' };
  if (min !== undefined && value < min) return { ok: false, message: `At least ${shown(min)}.` };
  if (max !== undefined && value > max) return { ok: false, message: `At most ${shown(max)}.` };
  return { ok: true, value };
}

/** One arrow-key step up or down, kept within limits: 1 for whole numbers, a tenth of the value's magnitude otherwise. */
export function stepEntry(value: number, direction: 1 | -1, { min, max, integer }: NumberLimits): number {
  const step = integer ? 1 : 10 ** (Math.floor(Math.log10(Math.max(Math.abs(value), 0.1))) - (value === 0 ? 0 : 1));
  const next = Number((value + direction * step).toPrecision(12));
  return Math.min(max ?? next, Math.max(min ?? next, next));
}
