import type { Hash } from 'node:crypto';
import iconv from 'iconv-lite';
import { readPieces } from './pieces.ts';

/** Lines in file order; the first one has number `first` (from 1). */
export interface LineBlock {
  readonly first: number;
  readonly lines: readonly string[];
  /** Bytes of the file read so far. */
  readonly bytes: number;
  /** Characters so far that the encoding could not decode. */
  readonly undecodable: number;
  /** Whether the last line has no line end: it is the file's last, or goes on in the next block. */
  readonly open: boolean;
}

/** A line longer than this many characters is handed on as its first part, marked; it is not a row anybody meant. */
export const longestLine = 8_000_000;

/** Cuts decoded text into lines at \n, \r\n or a lone \r. Files put one after the other have a byte order mark inside: it is left out. */
export class LineSplitter {
  #rest = '';
  /** Characters of an over-long line that were dropped already. */
  #dropping = false;

  /** Start of an over-long line. */
  #kept = '';

  push(text: string): string[] {
    const whole = this.#rest + text;
    // A \r at the very end may be half of \r\n: keep it for the next piece.
    const held = whole.endsWith('\r') ? 1 : 0;
    // Most files have one kind of line end, which is looked for in a fraction of the time.
    const lines = whole.includes('\r') ? (held ? whole.slice(0, -1) : whole).split(/\r\n|\n|\r/) : whole.split('\n');
    this.#rest = (lines.pop() ?? '') + (held ? '\r' : '');
    if (this.#dropping && lines.length > 0) {
      lines.shift();
      this.#dropping = false;
      lines.unshift(this.#kept);
      this.#kept = '';
    }
    if (this.#rest.length > longestLine) {
      if (!this.#dropping) this.#kept = this.#rest.slice(0, longestLine + 1);
      this.#dropping = true;
      this.#rest = '';
    }
    return whole.includes('\ufeff') ? lines.map(withoutMark) : lines;
  }

  /** What there is of a line whose end is yet to come, handed on now. */
  part(): string {
    if (this.#rest.endsWith('\r')) return '';
    const part = this.#rest;
    this.#rest = '';
    return withoutMark(part);
  }

  /** Whether what is left has no line end. */
  get open(): boolean {
    return this.#dropping || (this.#rest !== '' && !this.#rest.endsWith('\r'));
  }

  /** The last line; nothing is pushed after it. */
  end(): string[] {
    const last = withoutMark(this.#dropping ? this.#kept : this.#rest);
    if (last.endsWith('\r')) return [last.slice(0, -1)];
    return last === '' ? [] : [last];
  }
}

const withoutMark = (line: string): string => (line.startsWith('\ufeff') ? line.slice(1) : line);

export const isUtf8 = (encoding: string): boolean => /^utf-?8$/i.test(encoding);

/** The sign that decoders put where bytes are no characters. */
const replacement = '\ufffd';

/** How often a text holds the sign. */
const replaced = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf(replacement); at >= 0; at = text.indexOf(replacement, at + 1)) count++;
  return count;
};

/** Counts what could not be decoded: signs of the decoded text that the file itself does not hold. */
export class UndecodableCount {
  readonly #own: Buffer | null;
  #rest: Buffer = Buffer.alloc(0);
  count = 0;

  constructor(encoding: string) {
    this.#own = isUtf8(encoding) ? Buffer.from(replacement) : null;
  }

  /** @param text what was decoded since the last call */
  add(bytes: Buffer, text: string): void {
    this.count += replaced(text);
    if (this.#own !== null) this.#countOwn(bytes, this.#own);
  }

  #countOwn(bytes: Buffer, own: Buffer): void {
    const all = Buffer.concat([this.#rest, bytes]);
    let end = 0;
    for (let at = all.indexOf(own); at >= 0; at = all.indexOf(own, end)) {
      this.count--;
      end = at + own.length;
    }
    this.#rest = all.subarray(Math.max(end, all.length - own.length + 1));
  }
}

/** Decodes pieces of bytes and leaves out the byte order mark. */
export function textDecoder(encoding: string): { write(bytes: Buffer): string; end(): string } {
  // Like iconv's, and faster.
  if (isUtf8(encoding)) {
    const decoder = new TextDecoder('utf-8');
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = iconv.getDecoder(encoding);
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' };
}

/**
 * Streams a file's lines. Memory is one block of bytes and its lines, whatever the file's size, and the event loop runs between
 * blocks.
 *
 * @param hash gets every byte, unpacked, for the fingerprint
 * @param parts whether a line is handed on as far as a block goes, whatever its length, and its rest with the next block
 */
export async function* readLines(
  path: string,
  encoding: string,
  options: { readonly signal?: AbortSignal | undefined; readonly hash?: Hash; readonly parts?: boolean } = {},
): AsyncGenerator<LineBlock> {
  const decoder = textDecoder(encoding);
  const splitter = new LineSplitter();
  let first = 1;
  let bytes = 0;
  const undecodable = new UndecodableCount(encoding);
  for await (const { piece, read } of readPieces(path, options)) {
    bytes = read;
    const text = decoder.write(piece);
    undecodable.add(piece, text);
    const lines = splitter.push(text);
    const part = options.parts === true ? splitter.part() : '';
    const open = part !== '';
    yield { first, lines: open ? [...lines, part] : lines, bytes, undecodable: undecodable.count, open };
    first += lines.length;
  }
  const last = decoder.end();
  undecodable.add(Buffer.alloc(0), last);
  const ended = splitter.push(last);
  const open = splitter.open;
  const tail = [...ended, ...splitter.end()];
  if (tail.length > 0) yield { first, lines: tail, bytes, undecodable: undecodable.count, open };
}
