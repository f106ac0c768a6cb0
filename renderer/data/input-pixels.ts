import { fromBase64 } from '../../engine/protocol/base64.ts';
import type { InputView } from '../../engine/protocol/data.ts';

type Pictures = Extract<InputView, { kind: 'pictures' }>;
type OverTime = Exclude<InputView, Pictures>;

/** An image as a canvas takes it: red, green, blue, opacity of each pixel, row by row from the top. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** The pictures of a view, one after the other. */
export function pictureRasters(view: Pictures): readonly Raster[] {
  const { width, height, channels, count } = view;
  const bytes = fromBase64(view.bytes);
  const pixels = width * height;
  return Array.from({ length: count }, (_, picture) => ({
    width,
    height,
    rgba: painted(pixels, (pixel) => {
      const at = (picture * pixels + pixel) * channels;
      const [red = 0, green = red, blue = red] = bytes.subarray(at, at + channels);
      return [red, green, blue];
    }),
  }));
}

/** Many numbers over time as a spectrogram is drawn: time from left to right, the first number at the bottom, high is bright. */
export function mapRaster(view: OverTime): Raster {
  const { steps, features } = view;
  const bytes = fromBase64(view.bytes);
  const rgba = painted(steps * features, (pixel) => {
    const [step, feature] = [pixel % steps, features - 1 - Math.floor(pixel / steps)];
    return heat((bytes[step * features + feature] ?? 0) / 255);
  });
  return { width: steps, height: features, rgba };
}

/** Few numbers over time: an SVG path for each, in a box of 100 × 100. */
export function linePaths(view: OverTime): readonly string[] {
  const bytes = fromBase64(view.bytes);
  const { steps, features } = view;
  return Array.from({ length: features }, (_, feature) =>
    Array.from({ length: steps }, (_none, step) => {
      const x = steps > 1 ? (100 * step) / (steps - 1) : 50;
      const y = 100 - (100 * (bytes[step * features + feature] ?? 0)) / 255;
      return `${step === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(1)}`;
    }).join(''),
  );
}

/** What a screen reader says of it. */
export function describeView(view: InputView): string {
  if (view.kind !== 'pictures') {
    const numbers = view.features === 1 ? 'one number' : `${view.features} numbers`;
    return `${numbers} over ${view.steps} ${view.steps === 1 ? 'step' : 'steps'}`;
  }
  const size = `${view.width} × ${view.height} pixels`;
  return view.count === 1 ? `a picture of ${size}` : `${view.count} pictures of ${size}`;
}

type Colour = readonly [red: number, green: number, blue: number];

function painted(pixels: number, colourOf: (pixel: number) => Colour): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(pixels * 4);
  for (let pixel = 0; pixel < pixels; pixel++) rgba.set([...colourOf(pixel), 255], pixel * 4);
  return rgba;
}

/** From dark over violet and orange to pale yellow, lighter at every stop: reads on light and on dark ground. */
const stops: readonly Colour[] = [
  [13, 8, 45],
  [86, 20, 109],
  [172, 45, 102],
  [240, 112, 54],
  [252, 245, 180],
];

function heat(value: number): Colour {
  const place = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const from = Math.min(stops.length - 2, Math.floor(place));
  const [low = [0, 0, 0], high = [0, 0, 0]] = stops.slice(from, from + 2);
  const mix = (channel: 0 | 1 | 2): number => low[channel] + (high[channel] - low[channel]) * (place - from);
  return [mix(0), mix(1), mix(2)];
}
