import type { ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';

/**
 * CoNLL-style columns: one token a line with its tags, separated by tabs or spaces; an empty line ends a sentence. Lines that
 * start with `-DOCSTART-` and comment lines (`# key = value`) are skipped as the format says.
 */
export class ConllParser implements RecordParser {
  #columns: string[][] = [];
  #line = 0;
  #bad: string | null = null;
  #width: number | null = null;

  push(text: string, line: number, out: ReadRow[]): void {
    if (text.trim() === '') {
      this.end(out);
      return;
    }
    if (text.startsWith('-DOCSTART-') || /^# ?(\S+ = |newdoc|newpar)/.test(text)) return;
    if (this.#columns.length === 0 && this.#bad === null) this.#line = line;
    const cells = text.includes('\t') ? text.trimEnd().split('\t') : text.trim().split(/ +/);
    this.#width ??= cells.length;
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

  end(out: ReadRow[]): void {
    if (this.#bad !== null) out.push({ line: this.#line, reason: `sentence left out: ${this.#bad}` });
    else if (this.#columns.length > 0) out.push({ line: this.#line, cells: this.#columns });
    this.#columns = [];
    this.#bad = null;
  }
}
