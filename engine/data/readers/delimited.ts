import type { ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';

/** A quoted cell may hold line breaks, but not this many lines: by then the quote was never meant to open one. */
const mostLinesInRecord = 1000;

type Split =
  | { readonly kind: 'cells'; readonly cells: string[] }
  | { readonly kind: 'open' }
  | { readonly kind: 'bad'; readonly reason: string };

/**
 * Delimited text (RFC 4180): cells may be quoted with `"`, doubled inside; a quoted cell may hold the delimiter and line breaks;
 * a quote inside an unquoted cell is an ordinary character.
 *
 * Stream parsers swallow the rest of the file when a quote is never closed. This one works line by line, so an unbalanced quote
 * costs its own line only, which is reported; the lines after it are read again as rows of their own.
 */
export class DelimitedParser implements RecordParser {
  readonly #delimiter: string;
  #width: number | null = null;
  #open: { readonly text: string; readonly line: number }[] = [];

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  push(text: string, line: number, out: ReadRow[]): void {
    if (this.#open.length > 0) {
      this.#open.push({ text, line });
      if (text.includes('"')) this.#close(out);
      if (this.#open.length > mostLinesInRecord) this.#giveUp(out, `never closed in ${mostLinesInRecord} lines`);
      return;
    }
    if (!text.includes('"')) {
      if (text.trim() !== '') this.#emit(text.split(this.#delimiter), line, out);
      return;
    }
    const split = splitQuoted(text, this.#delimiter);
    if (split.kind === 'cells') this.#emit(split.cells, line, out);
    else if (split.kind === 'open') this.#open.push({ text, line });
    else this.#bad(text, line, split.reason, out);
  }

  end(out: ReadRow[]): void {
    while (this.#open.length > 0) this.#giveUp(out, 'never closed');
  }

  /** Tries to read all open lines as one record. */
  #close(out: ReadRow[]): void {
    const split = splitQuoted(this.#open.map((part) => part.text).join('\n'), this.#delimiter);
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

  /** Tab-separated files often hold bare quotes, since tabs need no quoting: there a row of the right width is taken literally. */
  #bad(text: string, line: number, reason: string, out: ReadRow[]): void {
    const cells = text.split(this.#delimiter);
    if (this.#delimiter === '\t' && this.#width !== null && cells.length === this.#width) out.push({ line, cells });
    else out.push({ line, reason: `${reason}: ${excerpt(text)}` });
  }

  #emit(cells: string[], line: number, out: ReadRow[]): void {
    this.#width ??= cells.length;
    if (cells.length === this.#width) out.push({ line, cells });
    else
      out.push({
        line,
        reason: `expected ${count(this.#width)}, found ${cells.length}: ${excerpt(cells.join(this.#delimiter))}`,
      });
  }
}

const count = (columns: number): string => (columns === 1 ? '1 column' : `${columns} columns`);

/** Cells of one record; `open` when its last quote is not closed. */
export function splitQuoted(text: string, delimiter: string): Split {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let cell = '';
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote < 0) return { kind: 'open' };
        cell += text.slice(from, quote);
        if (text[quote + 1] === '"') {
          cell += '"';
          from = quote + 2;
          continue;
        }
        at = quote + 1;
        break;
      }
      cells.push(cell);
      if (at >= text.length) return { kind: 'cells', cells };
      if (!text.startsWith(delimiter, at)) return { kind: 'bad', reason: 'text after a closing quote' };
    } else {
      const end = text.indexOf(delimiter, at);
      cells.push(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) return { kind: 'cells', cells };
      at = end;
    }
    at += delimiter.length;
  }
}
