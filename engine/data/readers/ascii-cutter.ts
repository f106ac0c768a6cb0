import { AsciiText } from '../ascii-text.ts';
import type { RecordParser, SourceRecord } from './record.ts';

const space = 0x20;
const bracket = 0x5b;
const parenthesis = 0x28;

/** Makes rows of lines of ASCII, the cell of one column left as it stands among the bytes. */
export class AsciiCutter {
  readonly #parser: RecordParser;
  readonly #column: number;
  readonly #cuts: Uint32Array;

  /** @param width columns of the file */
  constructor(parser: RecordParser, column: number, width: number) {
    this.#parser = parser;
    this.#column = column;
    this.#cuts = new Uint32Array(2 * Math.max(2, width));
  }

  /** @returns `null` where the line is to be read as a text: it needs more than cutting, or the cell may be a list */
  row(bytes: Buffer, start: number, end: number, line: number): SourceRecord | null {
    const cuts = this.#cuts;
    const column = this.#column;
    const count = this.#parser.cutAscii?.(bytes, start, end, cuts) ?? 0;
    if (column >= count) return null;
    const [from = 0, to = 0] = [cuts[2 * column], cuts[2 * column + 1]];
    let first = from;
    while (first < to && (bytes[first] ?? 0) <= space) first++;
    if (first < to && (bytes[first] === bracket || bytes[first] === parenthesis)) return null;
    const cells: string[] = [];
    for (let i = 0; i < count; i++)
      cells.push(i === column ? '' : bytes.toString('latin1', cuts[2 * i] ?? 0, cuts[2 * i + 1] ?? 0));
    return { line, cells, ascii: new AsciiText(bytes, from, to) };
  }
}
