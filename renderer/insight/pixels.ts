import { type NumberScale, placeOf } from './colour-scale.ts';
import type { Matrix } from './matrix.ts';

/**
 * A matrix `[T, units]` as a picture of one pixel a number, time from left to right: RGBA, T × units.
 *
 * @param order the unit of each row, from the top
 * @param table colours of the scale
 */
export function pixelsOf(
  matrix: Matrix,
  order: readonly number[],
  scale: NumberScale,
  table: Uint8ClampedArray,
): ImageData | null {
  const { rows: steps, columns: units, data } = matrix;
  if (steps === 0 || order.length === 0) return null;
  const image = new ImageData(steps, order.length);
  const colours = new Uint32Array(table.buffer, table.byteOffset, table.length / 4);
  const pixels = new Uint32Array(image.data.buffer);
  for (const [row, unit] of order.entries())
    for (let step = 0; step < steps; step++)
      pixels[row * steps + step] = colours[placeOf(data[step * units + unit] ?? Number.NaN, scale)] ?? 0;
  return image;
}

/** Makes a canvas as large as a picture, and puts it there. */
export function putOn(canvas: HTMLCanvasElement, image: ImageData): void {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/** A canvas that is not on the page, with a picture on it. */
export function canvasOf(image: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  putOn(canvas, image);
  return canvas;
}
