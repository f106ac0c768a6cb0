import iconv from 'iconv-lite';
import jschardet from 'jschardet';
import { UserError } from '../../protocol/envelope.ts';
import type { FileSample } from './sample.ts';

/**
 * The text encoding of a file: its byte order mark if it has one, UTF-16 by its zero bytes, UTF-8 if the sample is valid UTF-8,
 * else what `jschardet` makes of it, else windows-1252 (in which any byte is a character).
 *
 * @throws UserError `file-binary` when the bytes are not text in any encoding
 */
export function detectEncoding(sample: FileSample): string {
  const { head } = sample;
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const wide = zeroBytePattern(head);
  if (wide !== null) return wide;
  if (looksBinary(sample)) {
    throw new UserError({
      code: 'file-binary',
      message: `“${sample.path}” is not text: it holds zero or control bytes`,
      hint: 'Export the data as CSV, TSV or JSONL first. Spreadsheets: “Save as CSV”. Archives: unpack them.',
    });
  }
  if (isUtf8(sample)) return 'utf-8';
  return guess(Buffer.concat([nonAscii(sample.head), ...sample.pieces.map(nonAscii)]));
}

/** Throws when iconv does not know the name, e.g. after a typing error in the reader's settings. */
export function checkEncoding(name: string): string {
  if (iconv.encodingExists(name)) return name;
  throw new UserError({
    code: 'encoding-unknown',
    message: `the encoding “${name}” is not known`,
    hint: 'Use utf-8, utf-16le, windows-1252, shift_jis, gb18030 …, or leave it empty to detect it.',
  });
}

/** Every second byte zero, as in mostly Latin UTF-16 without a byte order mark. */
function zeroBytePattern(head: Buffer): string | null {
  const length = Math.min(head.length, 4096);
  if (length < 4) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i++) {
    if (head[i] === 0) {
      if (i % 2 === 0) even++;
      else odd++;
    }
  }
  const half = length / 2;
  if (odd > half * 0.7 && even < half * 0.05) return 'utf-16le';
  if (even > half * 0.7 && odd < half * 0.05) return 'utf-16be';
  return null;
}

/** A zero byte anywhere, or more than 1 % control bytes that no text has. */
function looksBinary(sample: FileSample): boolean {
  for (const bytes of [sample.head, ...sample.pieces]) {
    let controls = 0;
    for (const byte of bytes) {
      if (byte === 0) return true;
      if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b) controls++;
    }
    if (controls > bytes.length / 100) return true;
  }
  return false;
}

function isUtf8(sample: FileSample): boolean {
  const valid = (bytes: Buffer): boolean => {
    try {
      // Streaming: a character cut off at the end of the sample is no error.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  // A piece may start inside a character: skip its continuation bytes.
  const aligned = (bytes: Buffer): Buffer => {
    let start = 0;
    while (start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
    return bytes.subarray(start);
  };
  return valid(sample.head) && sample.pieces.every((piece) => valid(aligned(piece)));
}

/** The lines with bytes above 127: only these tell encodings apart, and detection is slow. */
function nonAscii(bytes: Buffer): Buffer {
  const found = bytes.findIndex((byte) => byte > 0x7f);
  return found < 0 ? Buffer.alloc(0) : bytes.subarray(Math.max(0, found - 2000), found + 30_000);
}

function guess(bytes: Buffer): string {
  const { encoding, confidence } = jschardet.detect(bytes);
  // Real Cyrillic, Chinese or Korean files score 0.4 and more, Latin ones below 0.1 with some alphabet or other.
  if (!encoding || confidence < 0.3 || encoding === 'ascii' || !iconv.encodingExists(encoding)) return 'windows-1252';
  const name = encoding.toLowerCase();
  // windows-1252 holds all of ISO-8859-1 and also curly quotes; browsers read one as the other for the same reason.
  return name === 'iso-8859-1' || name === 'utf-8' ? 'windows-1252' : name;
}
