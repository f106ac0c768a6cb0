import { LineSplitter, UndecodableCount } from './lines.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const ascii = 0x7f;

/** An unfinished line longer than this is decoded piece by piece: held as bytes it would be put together anew with each of them. */
const longestRest = 1_000_000;

interface LineTaker {
  /** Lines in file order. @param open whether the last one is the file's last and has no line end */
  texts(lines: readonly string[], open: boolean): void;
  /**
   * A line of ASCII. @param end where its `\n` stands; of `\r\n`, the first byte becomes it once the line was taken
   * @returns whether it is taken so; otherwise it comes as a text
   */
  ascii(bytes: Buffer, start: number, end: number): boolean;
}

/** Cuts UTF-8 into the lines that `LineSplitter` finds in it; those of ASCII are never decoded where the taker has them as bytes. */
export class MixedLines {
  readonly #taker: LineTaker;
  readonly #splitter = new LineSplitter();
  readonly #lost = new UndecodableCount('utf-8');
  #decoder: TextDecoder | null = null;
  /** The line that is not at its end yet. */
  #rest: Buffer = Buffer.alloc(0);
  /** Whether that line is with the splitter instead, as far as it is known. */
  #inText = false;
  #begun = false;

  constructor(taker: LineTaker) {
    this.#taker = taker;
  }

  /** Characters so far that could not be decoded. */
  get undecodable(): number {
    return this.#lost.count;
  }

  push(piece: Buffer): void {
    let bytes = piece;
    if (this.#inText) {
      const end = piece.indexOf(newline) + 1;
      this.#text(end === 0 ? piece : piece.subarray(0, end));
      if (end === 0) return;
      this.#inText = false;
      bytes = piece.subarray(end);
    } else if (this.#rest.length > 0) bytes = Buffer.concat([this.#rest, piece]);
    const end = bytes.lastIndexOf(newline) + 1;
    this.#cut(bytes, end);
    this.#rest = bytes.subarray(end);
    if (this.#rest.length <= longestRest) return;
    this.#text(this.#rest);
    this.#rest = Buffer.alloc(0);
    this.#inText = true;
  }

  /** The last line; nothing is pushed after it. */
  end(): void {
    if (this.#rest.length > 0) this.#text(this.#rest);
    const last = this.#decoder?.decode() ?? '';
    this.#lost.add(Buffer.alloc(0), last);
    const ended = this.#splitter.push(last);
    const { open } = this.#splitter;
    this.#taker.texts([...ended, ...this.#splitter.end()], open);
  }

  /** Whole lines. */
  #cut(bytes: Buffer, end: number): void {
    /** Lines from here on are to be decoded together. */
    let from = 0;
    let to = 0;
    for (let at = 0; at < end; at = to + 1) {
      let seen = 0;
      let lone = false;
      let byte = 0;
      for (to = at; ; to++) {
        byte = bytes[to] ?? newline;
        if (byte === newline) break;
        seen |= byte;
        if (byte === carriageReturn) lone ||= bytes[to + 1] !== newline;
      }
      if (seen > ascii || lone) continue;
      if (from < at) this.#text(bytes.subarray(from, at));
      from = at;
      const lineEnd = to > at && bytes[to - 1] === carriageReturn ? to - 1 : to;
      if (!this.#taker.ascii(bytes, at, lineEnd)) continue;
      bytes[lineEnd] = newline;
      this.#begun = true;
      from = to + 1;
    }
    if (from < end) this.#text(bytes.subarray(from, end));
  }

  #text(bytes: Buffer): void {
    // Only the mark at the start of the file is the decoder's to leave out.
    this.#decoder ??= new TextDecoder('utf-8', { ignoreBOM: this.#begun });
    this.#begun = true;
    const text = this.#decoder.decode(bytes, { stream: true });
    this.#lost.add(bytes, text);
    const lines = this.#splitter.push(text);
    if (lines.length > 0) this.#taker.texts(lines, false);
  }
}
