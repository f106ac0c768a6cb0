import { type Dialect, quoteSign, splitLine } from './dialect.ts';
import type { ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';

/** A quoted cell may hold line breaks, but not this many lines: by then the quote was never meant to open one. */
const mostLinesInRecord = 1000;

const space = 0x20;
const backslash = 0x5c;

export interface TableForm extends Dialect {
  /** Lines that begin with it are no rows; empty where there are none. */
  readonly comment: string;
  /** Stands at the end of rows and belongs to no cell; empty where nothing does. */
  readonly rowEnd?: string;
  /** Cells of a row; `null` takes rows of any width. */
  readonly width: number | null;
  /** Whether the first record names the columns: it may be narrower or wider than the rows. */
  readonly header: boolean;
  /** Records of the header; those after the first are left out. */
  readonly headerRows?: number;
}

/**
 * Delimited text (RFC 4180): cells may be quoted with `"`, doubled inside; a quoted cell may hold the delimiter and line breaks;
 * a quote inside an unquoted cell is an ordinary character. Empty cells beyond the last column are a delimiter at the end of the row.
 *
 * Stream parsers swallow the rest of the file when a quote is never closed. This one works line by line, so an unbalanced quote
 * costs its own line only, which is reported; the lines after it are read again as rows of their own.
 */
export class DelimitedParser implements RecordParser {
  readonly #form: TableForm;
  #header: string[] | null = null;
  #left: number;
  #open: { readonly text: string; readonly line: number }[] = [];

  constructor(form: TableForm) {
    this.#form = form;
    this.#left = (form.headerRows ?? 1) - 1;
  }

  push(text: string, line: number, out: ReadRow[]): void {
    if (this.#open.length > 0) {
      this.#open.push({ text, line });
      if (text.includes(quoteSign(this.#form.quotes))) this.#close(out);
      if (this.#open.length > mostLinesInRecord) this.#giveUp(out, `never closed in ${mostLinesInRecord} lines`);
      return;
    }
    const { comment } = this.#form;
    if (text.trim() === '') return;
    if (comment !== '' && text.startsWith(comment)) {
      this.#comment(text, line, out);
      return;
    }
    const split = splitLine(this.#withoutEnd(text), this.#form);
    if (split.kind === 'cells') this.#emit(split.cells, line, out);
    else if (split.kind === 'open') this.#open.push({ text, line });
    else this.#bad(text, line, split.reason, out);
  }

  cutAscii(bytes: Uint8Array, start: number, end: number, cuts: Uint32Array): number {
    const { delimiter, width, header, comment, quotes, trim, rowEnd = '' } = this.#form;
    if (this.#open.length > 0 || rowEnd !== '' || width === null || trim || delimiter === ' ' || delimiter.length !== 1) return 0;
    if (header && (this.#header === null || this.#left > 0)) return 0;
    const sign = delimiter.charCodeAt(0);
    const quote = quotes === 'none' ? sign : quoteSign(quotes).charCodeAt(0);
    const escaping = quotes === 'backslash' ? backslash : sign;
    let blank = true;
    let cells = 0;
    let from = start;
    for (let at = start; at <= end; at++) {
      const byte = at === end ? sign : (bytes[at] ?? 0);
      if (byte > space && at < end) blank = false;
      if (byte === sign) {
        if (cells === width) return 0;
        cuts[2 * cells] = from;
        cuts[2 * cells + 1] = at;
        cells++;
        from = at + 1;
      } else if (byte === quote || byte === escaping) return 0;
    }
    const first = cuts[1] ?? 0;
    const named = this.#header?.[0];
    const mayRepeat = named?.length === first - start && (start === first || named.charCodeAt(0) === bytes[start]);
    const mayComment = comment !== '' && comment.charCodeAt(0) === bytes[start];
    return blank || cells !== width || mayRepeat || mayComment ? 0 : cells;
  }

  end(out: ReadRow[]): void {
    while (this.#open.length > 0) this.#giveUp(out, 'never closed');
  }

  #withoutEnd(text: string): string {
    const { rowEnd = '' } = this.#form;
    const bare = text.trimEnd();
    return rowEnd !== '' && bare.endsWith(rowEnd) ? bare.slice(0, -rowEnd.length) : text;
  }

  /** Tries to read all open lines as one record. */
  #close(out: ReadRow[]): void {
    const split = splitLine(this.#withoutEnd(this.#open.map((part) => part.text).join('\n')), this.#form);
    if (split.kind === 'open') return;
    if (split.kind === 'bad') {
      this.#giveUp(out, 'not closed before the next one');
      return;
    }
    const line = this.#open[0]?.line ?? 0;
    this.#open = [];
    this.#emit(split.cells, line, out);
  }

  /** Reports the line whose quote stays open, and reads the lines after it afresh. */
  #giveUp(out: ReadRow[], why: string): void {
    const [first, ...rest] = this.#open;
    this.#open = [];
    if (first) this.#bad(first.text, first.line, `a quote opens here and is ${why}`, out);
    for (const { text, line } of rest) this.push(text, line, out);
  }

  /** A comment among the rows that looks like one of them is told; between spaces, words are as many as cells by chance. */
  #comment(text: string, line: number, out: ReadRow[]): void {
    const { width, comment, delimiter } = this.#form;
    if (delimiter === ' ') return;
    const split = splitLine(text, this.#form);
    if (width !== 1 && split.kind === 'cells' && split.cells.length === width)
      out.push({ line, reason: `begins with the comment sign “${comment}”, but looks like a row: ${excerpt(text)}` });
  }

  /** Tab-separated files often hold bare quotes, since tabs need no quoting: there a row of the right width is taken literally. */
  #bad(text: string, line: number, reason: string, out: ReadRow[]): void {
    const { delimiter, width } = this.#form;
    const cells = text.split(delimiter);
    if (delimiter === '\t' && cells.length === width) out.push({ line, cells });
    else out.push({ line, reason: `${reason}: ${excerpt(text)}` });
  }

  #emit(cells: string[], line: number, out: ReadRow[]): void {
    const { width, header, delimiter } = this.#form;
    if (width !== null && cells.length > width && cells.slice(width).every((cell) => cell.trim() === '')) cells.length = width;
    if (header && this.#header === null) {
      this.#header = cells;
      out.push({ line, cells });
      return;
    }
    if (header && this.#left > 0) {
      this.#left--;
      return;
    }
    if (width !== null && cells.length !== width) {
      const more = cells.length > width && width > 1 ? ` (a “${shown(delimiter)}” inside of a cell must stand in quotes)` : '';
      const found = `expected ${count(width)}, found ${cells.length}`;
      out.push({ line, reason: `${found}${more}: ${excerpt(cells.join(delimiter))}` });
      return;
    }
    if (this.#repeatsHeader(cells)) out.push({ line, reason: 'the header again' });
    else out.push({ line, cells });
  }

  /** Files put together of several carry the header of each. */
  #repeatsHeader(cells: readonly string[]): boolean {
    const header = this.#header;
    return header !== null && header.length > 1 && cells.every((cell, i) => cell === header[i]);
  }
}

const shown = (delimiter: string): string => (delimiter === '\t' ? 'tab' : delimiter);
const count = (columns: number): string => (columns === 1 ? '1 column' : `${columns} columns`);
