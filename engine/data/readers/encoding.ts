import iconv from 'iconv-lite';
import jschardet from 'jschardet';
import { UserError } from '../../protocol/envelope.ts';
import type { FileSample } from './sample.ts';

/**
 * The text encoding of a file: its byte order mark if it has one, UTF-16 by its zero bytes, UTF-8 if the sample is UTF-8,
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
      hint:
        archiveHint(head) ?? 'Export the data as CSV, TSV or JSONL first. Spreadsheets: “Save as CSV”. Archives: unpack them.',
    });
  }
  if (isUtf8(sample)) return 'utf-8';
  return guess([sample.head, ...sample.pieces].map(foreignWords).join(' '));
}

/** How archives and other packed files begin, where they say so, and what makes files of them that are read. */
const archives = [
  {
    mark: 'PK\x03\x04',
    at: 0,
    hint: 'It is a ZIP archive: unpack it (unzip FILE). A spreadsheet (.xlsx, .ods): save it as CSV.',
  },
  { mark: 'BZh', at: 0, hint: 'It is packed by bzip2: unpack it (bunzip2 -k FILE).' },
  { mark: '\xfd7zXZ', at: 0, hint: 'It is packed by xz: unpack it (unxz -k FILE).' },
  { mark: '\x28\xb5\x2f\xfd', at: 0, hint: 'It is packed by Zstandard: unpack it (unzstd FILE).' },
  { mark: 'PAR1', at: 0, hint: 'It is a Parquet table: write it as CSV, e.g. with pandas: read_parquet(FILE).to_csv(…).' },
  { mark: 'ustar', at: 257, hint: 'It is a TAR archive: unpack it (tar -xf FILE), and choose a file in it.' },
] as const;

const archiveHint = (head: Buffer): string | undefined =>
  archives.find(({ mark, at }) => head.toString('latin1', at, at + mark.length) === mark)?.hint;

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

/** Whether all of it is, or all but a few of the characters beyond ASCII: one that was cut in half makes no other encoding. */
function isUtf8({ head, pieces }: FileSample): boolean {
  // A piece may start inside a character: skip its continuation bytes.
  const aligned = (bytes: Buffer): Buffer => {
    let start = 0;
    while (start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
    return bytes.subarray(start);
  };
  // Streaming: a character cut off at the end of the sample is no error.
  const decode = (bytes: Buffer, fatal: boolean): string => new TextDecoder('utf-8', { fatal }).decode(bytes, { stream: true });
  const parts = [head, ...pieces.map(aligned)];
  try {
    for (const part of parts) decode(part, true);
    return true;
  } catch {
    const foreign = parts.flatMap((part) => decode(part, false).match(/[^\0-\x7f]/g) ?? []);
    return foreign.filter((letter) => letter === '\ufffd').length < 0.05 * foreign.length;
  }
}

const mostLooked = 30_000;

/**
 * The words with bytes above 127, a character a byte: only these tell encodings apart, English ones beside them mislead, and detection
 * is slow. No character of several bytes has one below 0x30 in it.
 */
const foreignWords = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .split(/[^0-\xff]+/)
    .filter((word) => /[\x80-\xff]/.test(word))
    .join(' ')
    .slice(0, mostLooked);

function guess(words: string): string {
  const { encoding, confidence } = jschardet.detect(Buffer.from(words, 'latin1'));
  // Real Cyrillic, Chinese or Korean words score 0.28 and more, Latin ones below 0.2 with some alphabet or other.
  // UTF-8 it is not: that was looked at before.
  const known = encoding && encoding !== 'utf-8' && confidence >= 0.25 && iconv.encodingExists(encoding);
  return known ? encoding.toLowerCase() : 'windows-1252';
}
