import type { PictureSize } from '../../shapes/value-type.ts';
import { type Orientation, upright } from './orientation.ts';

/**
 * A picture that becomes smaller (or larger) while it is decoded: each new pixel is the mean of the area that it covers. Only the new
 * pixels are held, however many the file has.
 */
export class Shrinking {
  readonly #width: number;
  readonly #height: number;
  readonly #size: PictureSize;
  readonly #orientation: Orientation;
  /** Size of the new picture as the file lies, before it is turned. */
  readonly #wide: number;
  readonly #high: number;
  /** Red, green, blue of each new pixel, in the file's own order. */
  readonly #colours: Float64Array;
  readonly #row: Float64Array;

  /** @param orientation how the file's pixels lie (EXIF); `size` is that of the upright picture */
  constructor(width: number, height: number, size: PictureSize, orientation: Orientation) {
    this.#width = width;
    this.#height = height;
    this.#size = size;
    this.#orientation = orientation;
    [this.#wide, this.#high] = orientation > 4 ? [size.height, size.width] : [size.width, size.height];
    this.#colours = new Float64Array(this.#wide * this.#high * 3);
    this.#row = new Float64Array(this.#wide * 3);
  }

  /**
   * Adds pixels of one row of the file; every pixel is added once.
   *
   * @param colours red, green, blue, 0 … 1, of `count` pixels
   * @param first column of the first of them
   * @param step columns from one to the next: an interlaced file gives every eighth, fourth or second
   */
  add(y: number, colours: Float64Array, count: number, first = 0, step = 1): void {
    const row = this.#row.fill(0);
    const across = this.#width / this.#wide;
    for (let i = 0; i < count; i++) {
      const x = first + i * step;
      const [left, right] = [x / across, (x + 1) / across];
      for (let to = Math.floor(left); to < right && to < this.#wide; to++) {
        const share = Math.min(right, to + 1) - Math.max(left, to);
        for (let c = 0; c < 3; c++) row[3 * to + c] = (row[3 * to + c] ?? 0) + share * (colours[3 * i + c] ?? 0);
      }
    }
    const down = this.#height / this.#high;
    const [top, bottom] = [y / down, (y + 1) / down];
    for (let to = Math.floor(top); to < bottom && to < this.#high; to++) {
      const share = Math.min(bottom, to + 1) - Math.max(top, to);
      const start = to * row.length;
      for (let i = 0; i < row.length; i++) this.#colours[start + i] = (this.#colours[start + i] ?? 0) + share * (row[i] ?? 0);
    }
  }

  /** Numbers of the upright picture, row by row, in each row pixel by pixel: colours, or grey (Rec. 601 luma). */
  numbers(): number[] {
    const { height, width, channels } = this.#size;
    const numbers: number[] = [];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [fileX, fileY] = upright(this.#orientation, x, y, width, height);
        const at = 3 * (fileY * this.#wide + fileX);
        const [red = 0, green = 0, blue = 0] = this.#colours.subarray(at, at + 3);
        if (channels === 1) numbers.push(0.299 * red + 0.587 * green + 0.114 * blue);
        else numbers.push(red, green, blue);
      }
    }
    return numbers;
  }
}
