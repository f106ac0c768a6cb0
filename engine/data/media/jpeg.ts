import decodeColours, { init } from '@jsquash/jpeg/decode.js';
import { decode as decodeInks } from 'jpeg-js';
import type { PictureSize } from '../../shapes/value-type.ts';
import { jpegDecoder } from './jpeg-decoder.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { checkPixels } from './picture-limits.ts';
import { Shrinking } from './shrinking.ts';

/** Memory that decoding may take: the pixels, and of a progressive file every coefficient. */
const mostBytes = 600e6;

/**
 * Numbers of a JPEG. Grey and colours are decoded by libjpeg as WebAssembly, so that they are those of Pillow, bit by bit: it smooths
 * colours that are stored at half the resolution. It knows no inks (CMYK), which another decoder reads.
 *
 * @throws Error saying what is wrong with the file
 */
export async function readJpeg(bytes: Uint8Array, size: PictureSize): Promise<number[]> {
  const { width, height, components, stored, progressive, orientation } = readJpegHeader(bytes);
  checkPixels(width, height);
  const needed = width * height * (8 + (progressive ? 2 * stored : 0));
  if (needed > mostBytes)
    throw new Error(`decoding it takes ${Math.round(needed / 1e6)} MB, at most ${mostBytes / 1e6} are given`);
  if (components === 4 && stored < 4) throw new Error('its inks (CMYK) are stored at different resolutions: save it as RGB');
  const pixels = components === 4 ? decodeInks(bytes, { useTArray: true }).data : await decode(bytes);
  const shrinking = new Shrinking(width, height, size, orientation);
  const colours = new Float64Array(3 * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = 4 * y * width; x < width; x++, at += 4) {
      for (let c = 0; c < 3; c++) colours[3 * x + c] = (pixels[at + c] ?? 0) / 255;
    }
    shrinking.add(y, colours, width);
  }
  return shrinking.numbers();
}

let started = false;
/** What libjpeg says of the file that it reads. */
const said: string[] = [];

async function start(): Promise<void> {
  await initialize(jpegDecoder(), { printErr: (line: string) => void said.push(line), print: () => undefined });
  started = true;
}

/** The package's types leave out its first form. */
const initialize = init as unknown as (module: WebAssembly.Module, options: object) => Promise<void>;

/** Red, green, blue and 255 of each pixel. */
async function decode(bytes: Uint8Array): Promise<Uint8ClampedArray> {
  if (!started) await start();
  said.length = 0;
  try {
    const { data } = await decodeColours(bytes as unknown as ArrayBuffer);
    // It goes on with grey where the file ends; Pillow does not.
    if (said.some((line) => /premature end/i.test(line))) throw new Error('it ends before its last row');
    return data;
  } catch (error) {
    // libjpeg has left its memory as it was in the middle of the work.
    started = false;
    throw error instanceof Error ? error : new Error(said.at(-1) ?? 'libjpeg gave up', { cause: error });
  }
}
