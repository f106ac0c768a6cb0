import { escaped } from '../ui/xml-text.ts';
import type { NumberScale } from './colour-scale.ts';
import type { FigureTable } from './figure-tools.tsx';
import type { HeatMapProps } from './heat-map.tsx';
import { labelStride } from './heat-map-geometry.ts';
import { columnOf } from './matrix.ts';
import { svgOf } from './save-figure.ts';
import { shortened } from './step-equations.ts';

/** Columns of steps, by number and name. */
export const stepHeads = (names: readonly string[]): readonly string[] => names.map((name, step) => `${step + 1} ${name}`.trim());

/** A row for each unit, in the order that is drawn. */
export function heatMapTable({
  matrix,
  order,
  names,
  rowName,
}: Pick<HeatMapProps, 'matrix' | 'order' | 'names' | 'rowName'>): FigureTable {
  return {
    head: ['', ...stepHeads(names)],
    rows: order.map((unit) => [rowName(unit), ...columnOf(matrix, unit)]),
  };
}

type HeatMapSvgProps = Pick<HeatMapProps, 'label' | 'order' | 'names' | 'scale' | 'quantity' | 'rowLabel'>;

/** Of the bar that says which colour is which number, px. */
export const bar = { width: 160, height: 10, places: 16 } as const;

/** Which colour is which number. @param table of the scale's colours, RGBA each, and after them that of what is none */
export function legend({ kind, extent }: NumberScale, quantity: string, table: Uint8ClampedArray): string {
  const last = table.length / 4 - 2;
  const stops = Array.from({ length: bar.places + 1 }, (_, place) => {
    const from = 4 * Math.round((last * place) / bar.places);
    return `<stop offset="${place / bar.places}" stop-color="rgb(${table.subarray(from, from + 3).join()})"/>`;
  });
  const number = (x: number, anchor: string, value: number): string =>
    `<text x="${x}" y="${bar.height + 14}" text-anchor="${anchor}">${shortened(value)}</text>`;
  return [
    `<linearGradient id="scale">${stops.join('')}</linearGradient>`,
    `<rect width="${bar.width}" height="${bar.height}" fill="url(#scale)"/>`,
    number(0, 'start', kind === 'share' ? 0 : -extent),
    kind === 'share' ? '' : number(bar.width / 2, 'middle', 0),
    number(bar.width, 'end', extent),
    `<text x="${bar.width + 10}" y="${bar.height}">${escaped(quantity)}</text>`,
  ].join('');
}

/** Width of a label's character, px, about. */
export const character = 7;

/** Of a step in a picture, px. */
export const stepWidth = (steps: number): number => Math.min(64, Math.max(8, 900 / steps));

/** The steps' names under a picture that begins at `left` and ends at `top`: they lie where each has room, and stand where it has not. */
export function stepLabels(
  names: readonly string[],
  left: number,
  top: number,
): { readonly body: string; readonly height: number } {
  const width = stepWidth(names.length);
  const short = names.map((name) => name.slice(0, 14));
  const longest = character * Math.max(1, ...short.map(({ length }) => length));
  const lie = longest <= width;
  const every = labelStride(width, 14);
  const body = short.flatMap((name, step) => {
    if (step % every !== 0) return [];
    const x = left + (step + 0.5) * width;
    const place = lie
      ? `x="${x}" y="${top + 16}" text-anchor="middle"`
      : `transform="translate(${x + 4} ${top + 8}) rotate(-90)" text-anchor="end"`;
    return [`<text ${place}>${escaped(name)}</text>`];
  });
  return { body: body.join(''), height: lie ? 34 : longest + 22 };
}

/**
 * The whole map with its scale; its numbers are one picture of a pixel each, enlarged without smoothing.
 *
 * @param image of a pixel for each number
 * @param table of the scale's colours
 */
export function heatMapSvg(
  { label, order, names, scale, quantity, rowLabel = String }: HeatMapSvgProps,
  image: Pick<HTMLCanvasElement, 'width' | 'height' | 'toDataURL'> | null,
  table: Uint8ClampedArray,
): string | null {
  if (image === null) return null;
  const [steps, units] = [image.width, image.height];
  const width = stepWidth(steps);
  const height = Math.min(18, Math.max(3, 600 / units));
  const beside = order.map(rowLabel);
  const left = 12 + character * Math.max(4, ...beside.map(({ length }) => length));
  const rows = labelStride(height, 14);
  const labels = beside.flatMap((words, row) =>
    row % rows === 0 ? [`<text x="${left - 6}" y="${(row + 0.5) * height + 4}" text-anchor="end">${escaped(words)}</text>`] : [],
  );
  const below = stepLabels(names, left, units * height);
  const foot = units * height + below.height;
  const body = [
    `<image x="${left}" y="0" width="${steps * width}" height="${units * height}" preserveAspectRatio="none" style="image-rendering: pixelated" href="${image.toDataURL()}"/>`,
    `<g fill="var(--dim)">${labels.join('')}${below.body}`,
    `<g transform="translate(${left} ${foot})">${legend(scale, quantity, table)}</g></g>`,
  ];
  const least = left + bar.width + 10 + character * quantity.length;
  return svgOf(label, Math.max(least, left + steps * width), foot + bar.height + 18, body.join(''));
}
