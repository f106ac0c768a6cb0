import type { FigureTable } from './figure-tools.tsx';
import type { HeatMapProps } from './heat-map.tsx';
import { labelStride } from './heat-map-geometry.ts';
import { columnOf } from './matrix.ts';
import { escaped, svgOf } from './save-figure.ts';

/** A row for each unit, in the order that is drawn. */
export function heatMapTable({
  matrix,
  order,
  names,
  rowName,
}: Pick<HeatMapProps, 'matrix' | 'order' | 'names' | 'rowName'>): FigureTable {
  return {
    head: ['', ...names.map((name, step) => `${step + 1} ${name}`.trim())],
    rows: order.map((unit) => [rowName(unit), ...columnOf(matrix, unit)]),
  };
}

/** The whole map; its numbers are one picture of a pixel each, enlarged without smoothing. */
export function heatMapSvg(
  { label, order, names, scale, quantity, rowLabel = String }: HeatMapProps,
  image: HTMLCanvasElement | null,
): string | null {
  if (image === null) return null;
  const [steps, units] = [image.width, image.height];
  const width = Math.min(64, Math.max(8, 900 / steps));
  const height = Math.min(18, Math.max(3, 600 / units));
  const [left, bottom] = [44, 90];
  const rows = labelStride(height, 14);
  const labels = order.flatMap((unit, row) =>
    row % rows === 0
      ? [`<text x="${left - 6}" y="${(row + 0.5) * height + 4}" text-anchor="end">${escaped(rowLabel(unit))}</text>`]
      : [],
  );
  const every = labelStride(width, 14);
  const below = names.flatMap((name, step) => {
    if (step % every !== 0) return [];
    const [x, y] = [left + (step + 0.5) * width + 4, units * height + 8];
    return [`<text transform="translate(${x} ${y}) rotate(-90)" text-anchor="end">${escaped(name.slice(0, 14))}</text>`];
  });
  const low = scale.kind === 'share' ? 0 : -scale.extent;
  const body = [
    `<image x="${left}" y="0" width="${steps * width}" height="${units * height}" preserveAspectRatio="none" style="image-rendering: pixelated" href="${image.toDataURL()}"/>`,
    `<g fill="var(--dim)">${labels.join('')}${below.join('')}`,
    `<text x="${left}" y="${units * height + bottom}">${escaped(`${quantity}: ${low} to ${scale.extent}`)}</text></g>`,
  ];
  return svgOf(label, left + steps * width, units * height + bottom, body.join(''));
}
