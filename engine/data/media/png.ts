import { Readable } from 'node:stream';
import { crc32, createInflate } from 'node:zlib';
import type { PictureSize } from '../../shapes/value-type.ts';
import { exifOrientation, type Orientation } from './orientation.ts';
import { checkPixels } from './picture-limits.ts';
import { type PngPixels, pngColours } from './png-colours.ts';
import { Shrinking } from './shrinking.ts';

interface Png extends PngPixels {
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  readonly orientation: Orientation;
  /** The compressed pixels, in parts. */
  readonly data: readonly Uint8Array[];
}

/** Samples of a pixel, by the kind of colour; and how many bits each may have. */
const kinds: Readonly<Record<number, { readonly channels: number; readonly depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

/** First column and row of each pass over the picture, and how many to the next. */
const onePass = [[0, 0, 1, 1]] as const;
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Numbers of a PNG. The pixels are inflated piece by piece and no further than their size says; nothing else in the file is inflated,
 * so that it cannot fill memory. Of an animated one the still picture.
 *
 * Source: Portable Network Graphics, W3C 2003 and third edition 2025.
 *
 * @throws Error saying what is wrong with the file
 */
export async function readPng(bytes: Uint8Array, size: PictureSize): Promise<number[]> {
  const png = parse(bytes);
  const { width, height, channels, depth } = png;
  const pixelBits = channels * depth;
  const behind = Math.max(1, pixelBits >> 3);
  const shrinking = new Shrinking(width, height, size, png.orientation);
  const colours = new Float64Array(3 * width);
  const rows = rowReader(png.data);
  for (const [x, y, across, down] of png.interlaced ? adam7 : onePass) {
    const count = Math.ceil((width - x) / across);
    if (count <= 0) continue;
    let above = new Uint8Array(Math.ceil((count * pixelBits) / 8));
    for (let at = y; at < height; at += down) {
      const filtered = rows.ready(above.length + 1) ?? (await rows.next(above.length + 1));
      const row = filtered.slice(1);
      unfilter(filtered[0] ?? 0, row, above, behind);
      pngColours(png, row, count, colours);
      shrinking.add(at, colours, count, x, across);
      above = row;
    }
  }
  await rows.close();
  return shrinking.numbers();
}

function parse(bytes: Uint8Array): Png {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let header: Omit<Png, 'data' | 'orientation' | 'palette' | 'transparency'> | null = null;
  let orientation: Orientation = 1;
  let palette: Uint8Array | null = null;
  let transparency: Uint8Array | null = null;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const end = at + 8 + length;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, Math.min(end, bytes.length));
    if (header === null && name !== 'IHDR') throw new Error('it does not begin with its header');
    if (end + 4 > bytes.length) {
      if (name === 'IDAT') data.push(content);
      break;
    }
    if (data.length === 0 && crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new Error(`its part ${printable(name)} is damaged`);
    }
    if (name === 'IEND') break;
    if (name === 'IHDR') {
      if (header !== null) throw new Error('it has two headers');
      header = readHeader(content);
    } else if (name === 'PLTE') palette = content;
    else if (name === 'tRNS') transparency = content;
    else if (name === 'eXIf') orientation = exifOrientation(content);
    else if (name === 'IDAT') data.push(content);
    at = end + 4;
  }
  if (header === null) throw new Error('it ends in its header');
  if (header.colourType === 3 && palette === null) throw new Error('it has no palette');
  return { ...header, data, orientation, palette, transparency };
}

function readHeader(content: Uint8Array): Omit<Png, 'data' | 'orientation' | 'palette' | 'transparency'> {
  if (content.length !== 13) throw new Error(`its header has ${content.length} bytes, not 13`);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, colourType = 0, compression, filter, interlace = 0] = content.subarray(8);
  const kind = kinds[colourType];
  if (!kind?.depths.includes(depth))
    throw new Error(`it says ${depth} bits of colour type ${colourType}, which PNG does not have`);
  if (compression !== 0 || filter !== 0 || interlace > 1) throw new Error('it is packed in a way that PNG does not have');
  checkPixels(width, height);
  return { width, height, depth, colourType, channels: kind.channels, interlaced: interlace === 1 };
}

const printable = (name: string): string => name.replaceAll(/[^A-Za-z]/g, '?');

/** Cuts inflated data into rows. What would come after the last row is never inflated. */
function rowReader(data: readonly Uint8Array[]) {
  const inflate = Readable.from(data, { objectMode: false }).pipe(createInflate({ chunkSize: 2 ** 16 }));
  const pieces = inflate[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  const ready = (length: number): Buffer | null => {
    if (rest.length < length) return null;
    const row = rest.subarray(0, length);
    rest = rest.subarray(length);
    return row;
  };
  return {
    /** A row of so many bytes; `null` while it is not there yet. */
    ready,
    /** As `ready`, waited for. */
    async next(length: number): Promise<Buffer> {
      const waiting = [rest];
      for (let bytes = rest.length; bytes < length; ) {
        const { value, done } = await pieces.next().catch((error: unknown) => {
          const cut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
          throw cut ? cutOff(error) : new Error('its pixels are damaged', { cause: error });
        });
        if (done === true) throw cutOff();
        waiting.push(value);
        bytes += value.length;
      }
      rest = Buffer.concat(waiting);
      return ready(length) ?? rest;
    },
    close: async (): Promise<void> => void (await pieces.return?.()),
  };
}

const cutOff = (cause?: unknown): Error => new Error('it ends before its last row', { cause });

/** Undoes the filter of a row in place; `above` is the row before it. */
function unfilter(kind: number, row: Uint8Array, above: Uint8Array, behind: number): void {
  if (kind > 4) throw new Error(`a row has the filter ${kind}, which PNG does not have`);
  for (let i = 0; kind > 0 && i < row.length; i++) {
    const left = row[i - behind] ?? 0;
    const up = above[i] ?? 0;
    const added = kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : paeth(left, up, above[i - behind] ?? 0);
    row[i] = (row[i] ?? 0) + added;
  }
}

/** Whichever is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
