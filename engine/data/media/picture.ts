import { decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { UserError } from '../../protocol/envelope.ts';
import type { PictureSize } from '../../shapes/value-type.ts';

/** Pixels of a picture as its file has them, rows from the top, values 0 … `largest`. */
interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha. */
  readonly channels: number;
  readonly values: ArrayLike<number>;
  readonly largest: number;
}

/** A picture with more pixels than this is refused: it would be shrunk to some thousand anyway. */
const mostPixels = 50_000_000;

/**
 * Numbers of a PNG or JPEG picture, resized: row by row, in each row pixel by pixel, 0 … 1. Each new pixel is the mean of the area
 * that it covers. Transparent places are white.
 *
 * @throws UserError `not-a-picture`, saying what was found
 */
export function readPicture(bytes: Uint8Array, size: PictureSize): number[] {
  return shrink(decodePicture(bytes), size);
}

function decodePicture(bytes: Uint8Array): Raster {
  const starts = (...head: number[]): boolean => head.every((value, i) => bytes[i] === value);
  try {
    if (starts(0x89, 0x50, 0x4e, 0x47)) return png(bytes);
    if (starts(0xff, 0xd8)) {
      const { width, height, data } = decodeJpeg(bytes, { useTArray: true, maxResolutionInMP: mostPixels / 1e6 });
      return { width, height, channels: 4, values: data, largest: 255 };
    }
  } catch (error) {
    throw notAPicture(`it cannot be decoded (${(error as Error).message})`, error);
  }
  throw notAPicture('it starts neither as a PNG nor as a JPEG does');
}

function png(bytes: Uint8Array): Raster {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 29) {
    const [wide, high, bits, interlaced] = [view.getUint32(16), view.getUint32(20), bytes[24] ?? 8, bytes[28] !== 0];
    if (wide * high > mostPixels) throw new Error(`${wide} × ${high} pixels are too many`);
    if (interlaced && bits < 8) throw new Error(`it is interlaced with ${bits} bits a pixel: save it without interlacing`);
  }
  const { width, height, channels, data, depth, palette, transparency } = decodePng(bytes);
  const stored = depth < 8 ? unpacked(data, width, height, depth) : data;
  const largest = 2 ** depth - 1;
  if (palette !== undefined) return painted(stored, palette, width, height);
  const raster = { width, height, channels, values: stored, largest };
  return transparency === undefined || transparency.length !== channels ? raster : withoutColour(raster, transparency);
}

/** Pixels of fewer than 8 bits share a byte, the leftmost in its highest bits; each row begins with a new one. */
function unpacked(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const values = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * depth) / 8);
  for (let i = 0; i < values.length; i++) {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)] ?? 0;
    values[i] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return values;
}

/** Colours of the palette in place of their numbers. */
function painted(stored: ArrayLike<number>, palette: readonly (readonly number[])[], width: number, height: number): Raster {
  const channels = palette[0]?.length ?? 3;
  const values = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) values.set(palette[stored[pixel] ?? 0] ?? [], pixel * channels);
  return { width, height, channels, values, largest: 255 };
}

/** The same picture where one colour is transparent. */
function withoutColour({ width, height, channels, values, largest }: Raster, colour: ArrayLike<number>): Raster {
  const more = new Uint16Array(width * height * (channels + 1));
  for (let pixel = 0; pixel < width * height; pixel++) {
    let same = true;
    for (let channel = 0; channel < channels; channel++) {
      const value = values[pixel * channels + channel] ?? 0;
      more[pixel * (channels + 1) + channel] = value;
      same &&= value === colour[channel];
    }
    more[pixel * (channels + 1) + channels] = same ? 0 : largest;
  }
  return { width, height, channels: channels + 1, values: more, largest };
}

/** Mean over the area of each new pixel, in colour or grey (Rec. 601 luma). */
function shrink(raster: Raster, { height, width, channels }: PictureSize): number[] {
  const numbers: number[] = [];
  const [down, across] = [raster.height / height, raster.width / width];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = areaMean(raster, x * across, y * down, (x + 1) * across, (y + 1) * down);
      if (channels === 1) numbers.push(0.299 * red + 0.587 * green + 0.114 * blue);
      else numbers.push(red, green, blue);
    }
  }
  return numbers;
}

function areaMean(raster: Raster, left: number, top: number, right: number, bottom: number): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  let area = 0;
  for (let y = Math.floor(top); y < Math.min(bottom, raster.height); y++) {
    const rows = Math.min(y + 1, bottom) - Math.max(y, top);
    for (let x = Math.floor(left); x < Math.min(right, raster.width); x++) {
      const share = rows * (Math.min(x + 1, right) - Math.max(x, left));
      const [red, green, blue] = colour(raster, y * raster.width + x);
      sums[0] += share * red;
      sums[1] += share * green;
      sums[2] += share * blue;
      area += share;
    }
  }
  return [sums[0] / area, sums[1] / area, sums[2] / area];
}

/** Of one pixel, 0 … 1, on white. */
function colour({ channels, values, largest }: Raster, pixel: number): [number, number, number] {
  const value = (channel: number): number => (values[pixel * channels + channel] ?? 0) / largest;
  const alpha = channels % 2 === 0 ? value(channels - 1) : 1;
  const onWhite = (x: number): number => x * alpha + 1 - alpha;
  if (channels < 3) {
    const grey = onWhite(value(0));
    return [grey, grey, grey];
  }
  return [onWhite(value(0)), onWhite(value(1)), onWhite(value(2))];
}

function notAPicture(found: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'not-a-picture',
      message: `this is no picture that can be read: ${found}`,
      hint: 'Use PNG or JPEG.',
    },
    { cause },
  );
}
