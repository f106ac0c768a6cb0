import type { ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';

/** Columns of CoNLL-U: ID, FORM, LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, DEPS, MISC (universaldependencies.org/format.html). */
export const conlluColumns = 10;
/** A multiword token (`1-2`) or an empty node (`5.1`): no word of the sentence. */
const noWord = /^\d+[-.]\d+$/;

/**
 * CoNLL-style columns: one token a line with its tags, separated by tabs or spaces; an empty line ends a sentence. Lines that
 * start with `-DOCSTART-` and comment lines are skipped as the format says. A comment begins with `#`: in CoNLL-U every such line is
 * one, elsewhere one that has not the file's columns, for a token may be `#`. Of CoNLL-U, multiword tokens and empty nodes are
 * skipped: the words that they stand for have lines of their own.
 */
export class ConllParser implements RecordParser {
  #columns: string[][] = [];
  #line = 0;
  #bad: string | null = null;
  #width: number | null = null;
  /** Whether tabs stand between the cells: a comment has none. */
  #tabs = false;
  /** Lines with `#` before the first line that tells how many columns there are. */
  #undecided: { readonly text: string; readonly line: number }[] = [];

  push(text: string, line: number, out: ReadRow[]): void {
    if (text.trim() === '') {
      this.end(out);
      return;
    }
    if (text.startsWith('-DOCSTART-') || /^# ?(\S+ = |newdoc|newpar)/.test(text)) return;
    const cells = cellsOf(text);
    if (text.startsWith('#')) {
      if (this.#width === null) {
        this.#undecided.push({ text, line });
        return;
      }
      if (this.#tabs && !text.includes('\t')) return;
      if (this.#width === conlluColumns || (cells.length !== this.#width && this.#columns.length === 0)) return;
    } else if (this.#width === null) {
      this.#tabs = text.includes('\t');
      this.#decide(cells.length, out);
    }
    if (this.#width === conlluColumns && noWord.test(cells[0] ?? '')) return;
    this.#take(cells, text, line);
  }

  end(out: ReadRow[]): void {
    if (this.#bad !== null) out.push({ line: this.#line, reason: `sentence left out: ${this.#bad}` });
    else if (this.#columns.length > 0) out.push({ line: this.#line, cells: this.#columns });
    this.#columns = [];
    this.#bad = null;
    this.#undecided = [];
  }

  /** The columns are known: lines before that have as many were tokens, the others comments. */
  #decide(width: number, out: ReadRow[]): void {
    this.#width = width;
    const before = this.#undecided;
    this.#undecided = [];
    for (const { text, line } of before) this.push(text, line, out);
  }

  #take(cells: readonly string[], text: string, line: number): void {
    if (this.#columns.length === 0 && this.#bad === null) this.#line = line;
    if (cells.length !== this.#width) {
      this.#bad ??= `line ${line}: expected ${this.#width} columns, found ${cells.length}: ${excerpt(text)}`;
      return;
    }
    cells.forEach((cell, i) => {
      const column = this.#columns[i];
      if (column) column.push(cell);
      else this.#columns[i] = [cell];
    });
  }
}

const cellsOf = (text: string): string[] => (text.includes('\t') ? text.trimEnd().split('\t') : text.trim().split(/ +/));
