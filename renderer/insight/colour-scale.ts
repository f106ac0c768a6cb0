/** A scale of colours that numbers are drawn in. `signed`: from -extent over zero to extent; `share`: from 0 to extent. */
export interface NumberScale {
  readonly kind: 'signed' | 'share';
  /** The number at the end of the scale, above 0; what lies beyond has the colour of the end. */
  readonly extent: number;
}

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The ends of both scales, of one theme. */
export interface ScaleColours {
  readonly zero: Rgb;
  readonly positive: Rgb;
  readonly negative: Rgb;
  readonly none: Rgb;
  readonly full: Rgb;
  /** Of what is no number. */
  readonly broken: Rgb;
}

/** Places on a scale: odd, so that zero is in the middle. */
const places = 255;

/** The colours of a scale from its low end to its high end, and after them that of NaN: RGBA each. */
export function colourTable(kind: NumberScale['kind'], colours: ScaleColours): Uint8ClampedArray {
  const table = new Uint8ClampedArray(4 * (places + 1));
  const half = (places - 1) / 2;
  for (let place = 0; place < places; place++) {
    const share = place / (places - 1);
    const away = (place - half) / half;
    const colour =
      kind === 'share'
        ? mixed(colours.none, colours.full, share)
        : mixed(colours.zero, away < 0 ? colours.negative : colours.positive, Math.abs(away));
    table.set([...colour, 255], 4 * place);
  }
  table.set([...colours.broken, 255], 4 * places);
  return table;
}

/** Where a number stands in its scale's table. */
export function placeOf(value: number, { kind, extent }: NumberScale): number {
  if (Number.isNaN(value)) return places;
  const share = kind === 'share' ? value / extent : (value / extent + 1) / 2;
  return Math.round(Math.min(1, Math.max(0, share)) * (places - 1));
}

/** Between two colours as even steps look to the eye: in Oklab (Ottosson 2020), which keeps lightness apart from hue. */
function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const [a, b] = [oklab(from), oklab(to)];
  return fromOklab([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]);
}

type Triple = readonly [number, number, number];

const linear = (channel: number): number => {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const gamma = (light: number): number =>
  255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.max(0, light) ** (1 / 2.4) - 0.055);

export function oklab(colour: Rgb): Triple {
  const [r, g, b] = [linear(colour[0]), linear(colour[1]), linear(colour[2])];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** `#7cd0ff` as numbers. */
export function rgbOf(hex: string): Rgb {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex.trim())?.[1] ?? '000000';
  const channel = (place: number): number => Number.parseInt(digits.slice(2 * place, 2 * place + 2), 16);
  return [channel(0), channel(1), channel(2)];
}
