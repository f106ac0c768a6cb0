import { type NumberScale, placeOf } from './colour-scale.ts';

/** How a token is written: behind it a number's colour, and an ink that is read on it. */
export type TokenColours = Readonly<Record<'background' | 'color', string>>;

const known = new WeakMap<Uint8ClampedArray, readonly TokenColours[]>();

/** Of a number in a scale; `null` of what is no number. @param table colours of the scale */
export function tokenColours(value: number, scale: NumberScale, table: Uint8ClampedArray): TokenColours | null {
  if (Number.isNaN(value)) return null;
  const all = known.get(table) ?? coloursOf(table);
  known.set(table, all);
  return all[placeOf(value, scale)] ?? null;
}

function coloursOf(table: Uint8ClampedArray): readonly TokenColours[] {
  return Array.from({ length: table.length / 4 }, (_, place) => {
    const [red = 0, green = 0, blue = 0] = table.subarray(4 * place, 4 * place + 3);
    return { background: `rgb(${red} ${green} ${blue})`, color: inkOn(red, green, blue) };
  });
}

/** Black or white, whichever stands out more (WCAG 2.2: at least 4.58 to 1 on any colour). */
function inkOn(red: number, green: number, blue: number): '#000' | '#fff' {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? '#000' : '#fff';
}
