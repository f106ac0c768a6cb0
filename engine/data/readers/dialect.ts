/** How the cells of a line are told apart. */
export interface Dialect {
  /** `' '` is any number of spaces and tabs, and none at the ends of a line. */
  readonly delimiter: string;
  /** How a quote inside a quoted cell is written: `""`, `\"`, or `''` between single ones; `none` where quotes are ordinary characters. */
  readonly quotes: 'doubled' | 'backslash' | 'single' | 'none';
  /** Whether spaces before a cell, and after a quoted one, are left out. */
  readonly trim: boolean;
}

export type SplitLine =
  | { readonly kind: 'cells'; readonly cells: string[] }
  /** The last quote is not closed: the record may go on in the next line. */
  | { readonly kind: 'open' }
  | { readonly kind: 'bad'; readonly reason: string };

/** The sign around quoted cells. */
export const quoteSign = (quotes: Dialect['quotes']): string => (quotes === 'single' ? "'" : '"');

/** Cells of one record, in the way of RFC 4180, of MySQL and Spark (`\"`), or without quotes. */
export function splitLine(line: string, { delimiter, quotes, trim }: Dialect): SplitLine {
  const quote = quoteSign(quotes);
  const text = delimiter === ' ' ? evenlySpaced(line, quote) : line;
  if (quotes === 'none' || !(text.includes(quote) || (quotes === 'backslash' && text.includes('\\')))) {
    const cells = text.split(delimiter);
    return { kind: 'cells', cells: trim ? cells.map(withoutLeadingSpaces) : cells };
  }
  const escapes = quotes === 'backslash';
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (trim) while (text[at] === ' ') at++;
    if (text[at] === quote) {
      const quoted = closeQuote(text, at + 1, quote, escapes);
      if (quoted === null) return { kind: 'open' };
      cells.push(quoted.cell);
      at = quoted.end;
      if (trim) while (text[at] === ' ') at++;
      if (at >= text.length) return { kind: 'cells', cells };
      if (!text.startsWith(delimiter, at)) return { kind: 'bad', reason: 'text after a closing quote' };
    } else {
      const bare = escapes ? bareWithEscapes(text, at, delimiter) : bareCell(text, at, delimiter);
      cells.push(bare.cell);
      if (bare.end >= text.length) return { kind: 'cells', cells };
      at = bare.end;
    }
    at += delimiter.length;
  }
}

/** One space between cells, those inside of quotes kept. */
const evenlySpaced = (line: string, quote: string): string =>
  line.replace(/^[ \t]+|[ \t]+$/g, '').replace(spaces[quote] ?? /[ \t]+/g, (_whole, quoted?: string) => quoted ?? ' ');
const spaces: Readonly<Record<string, RegExp>> = { '"': /("(?:[^"]|"")*")|[ \t]+/g, "'": /('(?:[^']|'')*')|[ \t]+/g };

const withoutLeadingSpaces = (cell: string): string => cell.replace(/^ +/, '');

interface Found {
  readonly cell: string;
  /** Where it ends; the text's length when it is the last. */
  readonly end: number;
}

/** The cell whose opening quote stands before `from`, and the place after its closing one; `null` where there is none. */
function closeQuote(text: string, from: number, quote: string, escapes: boolean): Found | null {
  let cell = '';
  let start = from;
  for (let at = from; at < text.length; at++) {
    const escaped = escapes && text[at] === '\\' && (text[at + 1] === quote || text[at + 1] === '\\');
    if (!escaped && text[at] !== quote) {
      if (!escapes) at = nextQuote(text, quote, at) - 1;
      continue;
    }
    cell += text.slice(start, at);
    if (!escaped && text[at + 1] !== quote) return { cell, end: at + 1 };
    cell += text[at + 1] ?? '';
    start = at + 2;
    at++;
  }
  return null;
}

const nextQuote = (text: string, quote: string, from: number): number => {
  const found = text.indexOf(quote, from);
  return found < 0 ? text.length : found;
};

function bareCell(text: string, from: number, delimiter: string): Found {
  const found = text.indexOf(delimiter, from);
  const end = found < 0 ? text.length : found;
  return { cell: text.slice(from, end), end };
}

/** A bare cell in which a backslash keeps the delimiter, a quote or itself from meaning anything. */
function bareWithEscapes(text: string, from: number, delimiter: string): Found {
  let cell = '';
  let at = from;
  while (at < text.length && !text.startsWith(delimiter, at)) {
    const kept = text[at] === '\\' ? ['"', '\\', delimiter].find((sign) => text.startsWith(sign, at + 1)) : undefined;
    cell += kept ?? text[at];
    at += 1 + (kept?.length ?? 0);
  }
  return { cell, end: at };
}
