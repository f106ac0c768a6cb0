/**
 * A text of ASCII that stands among other bytes: an input like any text, but one that becomes a string only where one is asked for. The
 * bytes are those of a whole block of the file, so it is for whoever reads it at once.
 */
export class AsciiText {
  readonly kind = 'text';
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes.subarray(this.start, this.end));
  }
}
