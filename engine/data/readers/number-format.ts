import { isMissing } from './missing.ts';

/** Spaces that separate thousands: the ordinary one, no-break, narrow no-break, figure and thin space. */
const spaces = ' \u00a0\u202f\u2007\u2009';
const apostrophes = "'’";
const minus = '\u2212\uff0d\ufe63-';

export type DecimalSign = '.' | ',';
/** `' '` is any space, `"'"` either apostrophe, `''` none. */
export type ThousandsSign = '' | ',' | '.' | ' ' | "'";

/** How a column writes its numbers. */
export interface NumberFormat {
  readonly decimal: DecimalSign;
  readonly thousands: ThousandsSign;
}

export const plainFormat: NumberFormat = { decimal: '.', thousands: '' };

const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Reads one cell: a number, or `null`. Infinite and empty ones are no numbers. */
export type NumberReader = (text: string) => number | null;

const signs: Readonly<Record<ThousandsSign, string>> = { '': '', ',': ',', '.': '.', ' ': spaces, "'": apostrophes };
const readers = new Map<string, NumberReader>();

/** Reads numbers of one format. Thousands stand in groups of three, or as in India, of two before the last three; `(5)` is −5. */
export function numberReader({ decimal, thousands }: NumberFormat): NumberReader {
  const key = decimal + thousands;
  const known = readers.get(key) ?? makeReader(decimal, thousands);
  readers.set(key, known);
  return known;
}

function makeReader(decimal: DecimalSign, thousands: ThousandsSign): NumberReader {
  const point = decimal === '.' ? '\\.' : ',';
  const sign = thousands === '' ? null : `[${signs[thousands]}]`;
  const grouped = sign === null ? '' : `|\\d{1,3}(?:${sign}\\d{3})+|\\d{1,2}(?:${sign}\\d{2})+${sign}\\d{3}`;
  const body = `(?:(?:\\d+${grouped})(?:${point}\\d*)?|${point}\\d+)(?:[eE][+${minus}]?\\d+)?`;
  const signed = new RegExp(`^[+${minus}]?${body}$`);
  const bracketed = new RegExp(`^\\(${body}\\)$`);
  const strip = sign === null ? null : new RegExp(sign, 'g');
  const minuses = new RegExp(`[${minus}]`, 'g');
  const read = (text: string): number | null => {
    const bare = (strip === null ? text : text.replace(strip, '')).replace(minuses, '-');
    const value = Number(decimal === '.' ? bare : bare.replace(',', '.'));
    return Number.isFinite(value) ? value : null;
  };
  return (text) => {
    const trimmed = text.trim();
    if (decimal === '.' && plain.test(trimmed)) {
      const value = Number(trimmed);
      return Number.isFinite(value) ? value : null;
    }
    if (signed.test(trimmed)) return read(trimmed);
    if (!bracketed.test(trimmed)) return null;
    const value = read(trimmed.slice(1, -1));
    return value === null ? null : -value;
  };
}

/** A number as files write it without thousands (`3`, `-2.5`, `1e-3`), or `null`. `NaN`, `inf` and empty cells are no numbers. */
export const parseNumber = numberReader(plainFormat);

const digits = `\\d(?:[\\d.,${spaces}${apostrophes}]*\\d)?\\.?`;
const loose = new RegExp(`^\\(?[+${minus}]?(?:${digits}|[.,]\\d+)(?:[eE][+${minus}]?\\d+)?\\)?$`);
const unit = /^(?:[€$£¥₹]\s?)?(.+?)(?:\s?[%‰€$£¥₹])?$/u;

const formats: readonly NumberFormat[] = (['.', ','] as const).flatMap((decimal) =>
  (['', ',', '.', ' ', "'"] as const)
    .filter((thousands) => thousands !== decimal)
    .map((thousands): NumberFormat => ({ decimal, thousands })),
);

/** Whether a cell is a number in some format, `1.234,56` as well as `1,234.56`. */
export function looksNumeric(text: string): boolean {
  const trimmed = text.trim();
  if (plain.test(trimmed)) return true;
  return loose.test(trimmed) && formats.some((format) => numberReader(format)(trimmed) !== null);
}

/** The same of a number with a percent or currency sign, which is told and not read. */
export function looksMeasured(text: string): boolean {
  return looksNumeric(unit.exec(text.trim())?.[1] ?? '');
}

/** How many cells speak for what. */
interface Evidence {
  /** `,` or `.` can only be the decimal sign: `0,5`. */
  readonly decimal: Record<DecimalSign, number>;
  /** Can only separate thousands: `1,234,567`. */
  readonly thousands: Record<Exclude<ThousandsSign, ''>, number>;
  /** Either: `1,234`. */
  readonly open: Record<DecimalSign, number>;
  /** Without any sign, 100 … 999 and from 1000 on. */
  hundreds: number;
  larger: number;
  /** The first cell that is open. */
  example: string | null;
}

function evidenceOf(cells: readonly string[]): Evidence {
  const found: Evidence = {
    decimal: { '.': 0, ',': 0 },
    thousands: { '.': 0, ',': 0, ' ': 0, "'": 0 },
    open: { '.': 0, ',': 0 },
    hundreds: 0,
    larger: 0,
    example: null,
  };
  for (const cell of cells) weigh(cell.trim(), found);
  return found;
}

function weigh(text: string, found: Evidence): void {
  if (!looksNumeric(text)) return;
  const bare = text.replace(/[eE].*/, '').replace(new RegExp(`[()+${minus}]`, 'g'), '');
  for (const [sign, set] of [
    [' ', spaces],
    ["'", apostrophes],
  ] as const) {
    if (![...bare].some((letter) => set.includes(letter))) continue;
    found.thousands[sign]++;
    for (const point of ['.', ','] as const) if (bare.includes(point)) found.decimal[point]++;
    return;
  }
  const marks = bare.replace(/\d/g, '');
  const last = marks.at(-1);
  if (last !== '.' && last !== ',') {
    const value = Number(bare);
    if (value >= 1000) found.larger++;
    else if (value >= 100) found.hundreds++;
    return;
  }
  const other = last === '.' ? ',' : '.';
  if (marks.includes(other)) {
    found.decimal[last]++;
    found.thousands[other]++;
  } else if (marks.length > 1) found.thousands[last]++;
  else if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(bare) && !/[eE]/.test(text)) {
    found.open[last]++;
    found.example ??= text;
  } else found.decimal[last]++;
}

/** What was found out about a column's numbers. */
export interface FoundFormat extends NumberFormat {
  /** Whether any cell had a sign that tells. */
  readonly settled: boolean;
  /** A cell that can be read in two ways, where nothing decides; `likely` where one of them is the usual one. */
  readonly question: { readonly cell: string; readonly likely: boolean } | null;
}

interface Circumstances {
  /** Between the cells of the file; a comma there is no decimal sign in a cell. Empty for JSON, whose numbers are plain. */
  readonly delimiter: string;
  readonly wanted: { readonly decimal: DecimalSign | null; readonly thousands: ThousandsSign | null };
}

/**
 * The number format of each column, from its first cells. A column whose own cells do not decide, whole numbers alone say, is read as
 * the others are.
 *
 * @param columns cells `[column][row]`
 */
export function findFormats(columns: readonly (readonly string[])[], circumstances: Circumstances): FoundFormat[] {
  const evidence = columns.map((cells) => evidenceOf(mostlyNumbers(cells) ? cells : []));
  const own = evidence.map((found) => decide(found, circumstances));
  const sure = new Set(own.filter((format) => format.settled && format.question === null).map(({ decimal }) => decimal));
  const [common] = sure;
  return own.map((format, i) => {
    const found = evidence[i];
    if ((format.settled && format.question === null) || sure.size !== 1 || common === undefined || found === undefined)
      return format;
    return { ...withDecimal(common, found), settled: true, question: null };
  });
}

function mostlyNumbers(cells: readonly string[]): boolean {
  let numbers = 0;
  let filled = 0;
  for (const cell of cells) {
    if (isMissing(cell, null)) continue;
    filled++;
    if (looksNumeric(cell)) numbers++;
  }
  return numbers >= 0.5 * filled;
}

/** The format with that decimal sign; the other sign separates thousands where it occurs. */
function withDecimal(decimal: DecimalSign, found: Evidence): NumberFormat {
  const other = decimal === '.' ? ',' : '.';
  if (found.thousands[' '] > 0) return { decimal, thousands: ' ' };
  if (found.thousands["'"] > 0) return { decimal, thousands: "'" };
  return { decimal, thousands: found.thousands[other] + found.open[other] > 0 ? other : '' };
}

function decide(found: Evidence, { delimiter, wanted }: Circumstances): FoundFormat {
  const told = (format: NumberFormat, question: FoundFormat['question'] = null): FoundFormat => ({
    ...format,
    settled: true,
    question,
  });
  if (wanted.decimal !== null || wanted.thousands !== null) {
    const decimal = wanted.decimal ?? (wanted.thousands === '.' || found.decimal[','] > found.decimal['.'] ? ',' : '.');
    const thousands = wanted.thousands ?? withDecimal(decimal, found).thousands;
    return told({ decimal, thousands: thousands === decimal ? '' : thousands });
  }
  const cell = found.example ?? '';
  const dot = found.decimal['.'] + found.thousands[','];
  const comma = found.decimal[','] + found.thousands['.'];
  if (comma > dot) {
    // `0,5` beside `1,030` between commas: a decimal comma there is as odd as thousands in the other cells.
    const odd = delimiter === ',' && found.open[','] > 0 && found.thousands['.'] === 0;
    return told(withDecimal(',', found), odd ? { cell, likely: false } : null);
  }
  if (dot + found.thousands[' '] + found.thousands["'"] > 0) return told(withDecimal('.', found));
  if (found.open[','] > 0) {
    const separates = delimiter === ',' || delimiter === '' || found.hundreds + found.larger > 0;
    const clear = separates && found.open['.'] === 0;
    return told({ decimal: '.', thousands: ',' }, clear ? null : { cell, likely: false });
  }
  if (found.open['.'] === 0) return { ...plainFormat, settled: false, question: null };
  const thousands = found.hundreds > 0;
  const possible = delimiter !== '' && found.larger === 0 && (thousands || delimiter === ';');
  return told(plainFormat, possible ? { cell, likely: !thousands } : null);
}
