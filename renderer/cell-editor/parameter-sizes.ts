import type { CellParameter } from '../../engine/cells/language/check.ts';

/** Numbers of a parameter; `null` while the input's width is not known. */
export function sizeOf({ shape }: CellParameter, inputWidth: number | null): number | null {
  return shape.reduce<number | null>((size, width) => {
    const known = width === 'input' ? inputWidth : width;
    return size === null || known === null ? null : size * known;
  }, 1);
}

/** `128 × 64`; `E`: the input's width. */
export const shapeWords = ({ shape }: CellParameter, inputWidth: number | null): string =>
  shape.map((width) => (width === 'input' ? (inputWidth ?? 'E') : width)).join(' × ');

/** All of a cell's numbers, for one direction of one layer. */
export const totalSize = (parameters: readonly CellParameter[], inputWidth: number | null): number | null =>
  parameters.reduce<number | null>((sum, parameter) => {
    const size = sizeOf(parameter, inputWidth);
    return sum === null || size === null ? null : sum + size;
  }, 0);
