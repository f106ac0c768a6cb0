import { exifOrientation, type Orientation } from './orientation.ts';

/** What a JPEG says before its pixels. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel: 1 grey, 3 colours, 4 inks. */
  readonly components: number;
  /** Samples of a pixel as stored: fewer than `components` where some are stored at a lower resolution. */
  readonly stored: number;
  /** Stored in several passes over the whole picture. */
  readonly progressive: boolean;
  readonly orientation: Orientation;
}

const exifHead = [0x45, 0x78, 0x69, 0x66, 0]; // Exif\0

/**
 * Size and orientation of a JPEG, without decoding it. Of several EXIF parts the first counts.
 *
 * Source: ITU-T T.81, annex B.
 *
 * @throws Error where the file ends, or its pixels begin, before its size is told
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation: Orientation | null = null;
  let frame: Omit<JpegHeader, 'orientation'> | null = null;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at++; // Filling before a marker.
      continue;
    }
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xda) break; // The pixels: EXIF stands before them.
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9)) {
      at += 2;
      continue;
    }
    const length = view.getUint16(at + 2);
    const content = bytes.subarray(at + 4, at + 2 + length);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && frame === null) frame = readFrame(marker, content);
    if (marker === 0xe1 && orientation === null && exifHead.every((byte, i) => content[i] === byte)) {
      orientation = exifOrientation(content.subarray(6));
    }
    at += 2 + Math.max(2, length);
  }
  if (frame === null) throw new Error('it ends before it says its size');
  return { ...frame, orientation: orientation ?? 1 };
}

function readFrame(marker: number, content: Uint8Array): Omit<JpegHeader, 'orientation'> {
  const [bits = 0, high = 0, low = 0, wide = 0, narrow = 0, components = 0] = content;
  if (content.length < 6 + 3 * components) throw new Error('it ends in its header');
  if (bits !== 8) throw new Error(`it has ${bits} bits a sample, 8 are read`);
  const factors = Array.from({ length: components }, (_unused, i) => content[7 + 3 * i] ?? 0x11);
  const [across, down] = [Math.max(...factors.map((one) => one >> 4)), Math.max(...factors.map((one) => one & 15))];
  return {
    width: wide * 256 + narrow,
    height: high * 256 + low,
    components,
    stored: factors.reduce((sum, one) => sum + ((one >> 4) * (one & 15)) / (across * down), 0),
    progressive: marker === 0xc2,
  };
}
