/** Where numbers stand on an axis, as a share of its length from its low end. */
export interface Axis {
  place(value: number): number | null;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Below the largest by this, a number is lost in what float32 rounds. */
const mostDecades = 14;

/** Powers of ten; what is 0 or no number has no place. */
export function logAxis(values: readonly number[]): Axis {
  const sizes = values.filter((value) => value > 0 && Number.isFinite(value));
  const high = Math.ceil(Math.log10(sizes.length === 0 ? 1 : Math.max(...sizes)) - 1e-9);
  const low = Math.max(
    high - mostDecades,
    Math.min(high - 1, Math.floor(Math.log10(sizes.length === 0 ? 1 : Math.min(...sizes)) + 1e-9)),
  );
  const stride = Math.ceil((high - low) / 6);
  const ticks = Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, place) => high - place * stride);
  return {
    place: (value) => (value > 0 && Number.isFinite(value) ? Math.max(0, (Math.log10(value) - low) / (high - low)) : null),
    ticks: ticks.map((power) => ({ value: 10 ** power, label: power === 0 ? '1' : power === 1 ? '10' : `1e${power}` })),
  };
}

/** Even steps, zero among them. */
export function evenAxis(values: readonly number[], label: (value: number) => string): Axis {
  const finite = values.filter(Number.isFinite);
  const [least, most] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const span = most - least || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((size) => size * power >= rough) ?? 10);
  const [low, high] = [Math.floor(least / step) * step, Math.ceil((least + span) / step) * step];
  const count = Math.round((high - low) / step);
  return {
    place: (value) => (Number.isFinite(value) ? (value - low) / (high - low) : null),
    ticks: Array.from({ length: count + 1 }, (_, place) => Number((low + place * step).toPrecision(12))).map((value) => ({
      value,
      label: label(value),
    })),
  };
}
