/** Whether a place, in the shape's own units (about -1 … 1, y downwards), lies inside of a shape. */
export type Inside = (x: number, y: number) => boolean;

/** Where a shape stands in a picture: pixels from the left and the top, its radius in pixels, its turn in radians, clockwise. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly turn: number;
}

/** Places per pixel and direction at which a shape is looked up: edges are smooth. */
const samples = 3;

/**
 * Paints a shape over a square picture.
 *
 * @param picture `[size, size, channels]`, rows from the top
 * @param colour one number per channel, 0 … 1
 */
export function paint(
  picture: Float64Array,
  size: number,
  inside: Inside,
  { x, y, radius, turn }: Placement,
  colour: readonly number[],
): void {
  const channels = colour.length;
  const reach = radius * 1.5;
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(size, y + reach); row++) {
    for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(size, x + reach); column++) {
      let hits = 0;
      for (let sample = 0; sample < samples * samples; sample++) {
        const right = (column + ((sample % samples) + 0.5) / samples - x) / radius;
        const down = (row + (Math.floor(sample / samples) + 0.5) / samples - y) / radius;
        if (inside(right * cosine + down * sine, down * cosine - right * sine)) hits++;
      }
      const share = hits / (samples * samples);
      for (let channel = 0; channel < channels; channel++) {
        const at = (row * size + column) * channels + channel;
        picture[at] = (picture[at] ?? 0) * (1 - share) + (colour[channel] ?? 0) * share;
      }
    }
  }
}

/** The picture's numbers, between 0 and 1 and rounded to hundredths: a camera does not know more digits either. */
export const pictureNumbers = (picture: Float64Array): number[] =>
  Array.from(picture, (value) => Math.round(Math.min(1, Math.max(0, value)) * 100) / 100);

/** Inside of a polygon: crossings of a ray to the right are odd. */
export function polygon(corners: readonly (readonly [number, number])[]): Inside {
  const [xs, ys] = [Float64Array.from(corners, ([x]) => x), Float64Array.from(corners, ([, y]) => y)];
  return (x, y) => {
    let odd = false;
    // Asked millions of times for a thousand pictures: nothing is taken apart or allocated.
    for (let i = 0, last = xs.length - 1; i < xs.length; last = i++) {
      const y1 = ys[last] ?? 0;
      const y2 = ys[i] ?? 0;
      if (y1 > y === y2 > y) continue;
      const x1 = xs[last] ?? 0;
      if (x < (((xs[i] ?? 0) - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
    }
    return odd;
  };
}
