import type { InputView } from '../protocol/data.ts';
import type { PictureSize } from '../shapes/value-type.ts';

/** How much of an input a view keeps. */
interface ViewLimits {
  /** Pixels of a picture's longer side. */
  readonly side: number;
  /** Pictures of a video. */
  readonly pictures: number;
  readonly steps: number;
  readonly features: number;
}

/** For a line in a list. */
export const glance: ViewLimits = { side: 48, pictures: 6, steps: 120, features: 40 };
/** For a look at one input. */
export const closeUp: ViewLimits = { side: 256, pictures: 24, steps: 600, features: 128 };

/** Up to so many features are drawn as lines, more as a map. */
const mostLines = 4;

/**
 * A picture of numeric input, made smaller by means of neighbours.
 *
 * @param steps `[T][F]`; of pictures one step each, 0 … 1
 * @param size of the pictures, where it is pictures
 * @returns `null` when there is nothing to see
 */
export function viewOfSteps(
  steps: readonly (readonly number[])[],
  size: PictureSize | undefined,
  limits: ViewLimits,
): InputView | null {
  const features = steps[0]?.length ?? 0;
  if (steps.length === 0 || features === 0) return null;
  if (size !== undefined) return picturesOf(steps, size, limits);
  const kind = features <= mostLines ? 'lines' : 'map';
  const grid = shrunk(steps.flat(), { rows: steps.length, columns: features, depth: 1 }, limits.steps, limits.features);
  const bytes = Buffer.alloc(grid.values.length);
  if (kind === 'map') scale(grid.values, 0, 1, bytes);
  else for (let f = 0; f < features; f++) scale(grid.values, f, features, bytes);
  return { kind, steps: grid.rows, features: grid.columns, bytes: bytes.toString('base64') };
}

function picturesOf(steps: readonly (readonly number[])[], size: PictureSize, limits: ViewLimits): InputView {
  const count = Math.min(steps.length, limits.pictures);
  const shown = Array.from({ length: count }, (_unused, i) => {
    const step = steps[count === 1 ? 0 : Math.round((i * (steps.length - 1)) / (count - 1))] ?? [];
    const factor = Math.ceil(Math.max(size.height, size.width) / limits.side);
    const whole = { rows: size.height, columns: size.width, depth: size.channels };
    return shrunk(step, whole, Math.ceil(size.height / factor), Math.ceil(size.width / factor));
  });
  const bytes = shown.flatMap(({ values }) => values.map((value) => Math.round(255 * Math.min(1, Math.max(0, value)))));
  return {
    kind: 'pictures',
    count,
    height: shown[0]?.rows ?? 0,
    width: shown[0]?.columns ?? 0,
    channels: size.channels === 1 ? 1 : 3,
    bytes: Buffer.from(bytes).toString('base64'),
  };
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Numbers of a place. */
  readonly depth: number;
}

/** Means over blocks of whole places, so that at most so many rows and columns are left. */
function shrunk(values: readonly number[], { rows, columns, depth }: Grid, mostRows: number, mostColumns: number) {
  const down = Math.ceil(rows / mostRows);
  const across = Math.ceil(columns / mostColumns);
  const size = { rows: Math.ceil(rows / down), columns: Math.ceil(columns / across), depth };
  const sums = new Float64Array(size.rows * size.columns * depth);
  const counts = new Float64Array(sums.length);
  for (let at = 0; at < rows * columns * depth; at++) {
    const place = Math.floor(at / depth);
    const row = Math.floor(place / columns / down);
    const to = (row * size.columns + Math.floor((place % columns) / across)) * depth + (at % depth);
    sums[to] = (sums[to] ?? 0) + (values[at] ?? 0);
    counts[to] = (counts[to] ?? 0) + 1;
  }
  return { ...size, values: Array.from(sums, (sum, i) => sum / Math.max(1, counts[i] ?? 1)) };
}

/** Every `every`-th number from `first` on, its smallest as 0, its largest as 255; a constant in the middle. */
function scale(values: readonly number[], first: number, every: number, into: Buffer): void {
  let [least, most] = [Infinity, -Infinity];
  for (let i = first; i < values.length; i += every) {
    least = Math.min(least, values[i] ?? 0);
    most = Math.max(most, values[i] ?? 0);
  }
  for (let i = first; i < values.length; i += every)
    into[i] = most > least ? Math.round((255 * ((values[i] ?? 0) - least)) / (most - least)) : 128;
}
