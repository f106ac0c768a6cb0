import type { DateOrder } from '../../document/data-binding.ts';

export const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const name = String.raw`(?<name>${monthNames.join('|')})[a-z]*\.?`;
const fullYear = String.raw`(?<year>[1-9]\d{3})`;
const year = String.raw`(?<year>[1-9]\d{3}|\d{2})`;
const clock = String.raw`(?<hour>\d{1,2})(?:(?<colon>[:.])(?<minute>\d{2})(?:\k<colon>(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?)?(?:[\s-]?(?<half>[ap])\.?m\.?)?`;
/** Hours from UTC of the zones that files name: those of RFC 822, and of Europe. */
export const zoneHours: Readonly<Record<string, number>> = {
  Z: 0,
  UTC: 0,
  UT: 0,
  GMT: 0,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
};
const zone = String.raw`\s?(?<zone>${Object.keys(zoneHours).join('|')}|[+-]\d{2}(?::?\d{2})?)`;
const weekday = `(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]* +)?`;

/**
 * Ways to write a date, any case, as exported Python reads them too. A year and a month with a dot between are a number, and eight
 * figures a date where they are one of 1900 … 2099.
 */
export const dateForms = [
  ...[
    String.raw`${fullYear}(?<sign>[-/.])(?<month>\d{1,2})\k<sign>(?<day>\d{1,2})`,
    String.raw`${fullYear}(?:[-/]|-?M)(?<month>\d{1,2})`,
    String.raw`(?<year>19\d\d|20\d\d)(?<month>\d{2})(?<day>\d{2})`,
    String.raw`(?<one>\d{1,2})(?<sign>[-/.])(?<two>\d{1,2})\k<sign>${year}`,
    String.raw`(?<day>\d{1,2})[-/. ]+${name}[-/., ]+${year}`,
    String.raw`${name} (?:(?<day>\d{1,2}),? )?${fullYear}`,
    `${name}[-/]${fullYear}`,
    String.raw`${fullYear}[-/ ]${name}(?:[-/ ](?<day>\d{1,2}))?`,
    `${fullYear}[-/ ]?Q(?<quarter>[1-4])`,
    `Q(?<quarter>[1-4])[-/ ]?${fullYear}`,
    String.raw`${fullYear}-?W(?<week>\d{2})(?:-?(?<weekday>[1-7]))?`,
  ].map((day) => `${weekday}${day}(?:[T ,:]+${clock}(?:${zone})?)?`),
  // As C's `ctime` and Twitter write it, the year last.
  String.raw`${weekday}${name} +(?<day>\d{1,2}) +${clock}(?:${zone})? ${fullYear}`,
];
const patterns = dateForms.map((form) => new RegExp(`^${form}$`, 'i'));
const clockAlone = new RegExp(`^${clock}(?:${zone})?$`, 'i');

type Parts = Readonly<Record<string, string | undefined>>;

function partsOf(text: string): Parts | undefined {
  const trimmed = text.trim();
  for (const pattern of patterns) {
    const found = pattern.exec(trimmed);
    if (found) return found.groups;
  }
  return undefined;
}

/** A time of day, `12:30` or `12.30.00`; `12.30` is a number. */
function isClock(text: string): boolean {
  const found = clockAlone.exec(text.trim())?.groups;
  return found !== undefined && (found['colon'] === ':' || found['second'] !== undefined) && timeOfDay(found) !== null;
}

/** A date, a time of day, or both. */
export const isDate = (text: string): boolean =>
  isClock(text) || parseDate(text, 'day-first') !== null || parseDate(text, 'month-first') !== null;

/** Whether cells are times of day alone. What is a time in some cells, `18.00.00`, is in others a date, `10.11.12`. */
export function areClocks(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  return filled.every(isClock) && filled.some((cell) => parseDate(cell, 'day-first') === null);
}

/** Milliseconds, as if all clocks ran on one time zone where none is given; `null` where it is no date. */
export function parseDate(text: string, order: DateOrder): number | null {
  const parts = partsOf(text);
  if (parts === undefined) return null;
  const { one, two, week } = parts;
  const [month, day] =
    one !== undefined ? (order === 'day-first' ? [two, one] : [one, two]) : [monthOf(parts), parts['day'] ?? 1];
  const date =
    week === undefined
      ? midnight(Number(parts['year']), Number(month), Number(day))
      : dayOfWeek(Number(parts['year']), Number(week), Number(parts['weekday'] ?? 1));
  const time = timeOfDay(parts);
  return date === null || time === null ? null : date + time - zoneOffset(parts['zone']);
}

/** Of a quarter, its first. */
function monthOf({ name: named, quarter, month }: Parts): number {
  if (named !== undefined) return monthNames.indexOf(named.toLowerCase()) + 1;
  return quarter === undefined ? Number(month) : 3 * Number(quarter) - 2;
}

/** Weeks by ISO 8601: the first one of a year is that of 4 January, and begins on Monday, day 1. */
function dayOfWeek(year: number, week: number, day: number): number | null {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = fourth.getTime() + (7 * (week - 1) - ((fourth.getUTCDay() + 6) % 7)) * oneDay;
  const inYear = new Date(monday + 3 * oneDay).getUTCFullYear() === year;
  return week > 0 && inYear ? monday + (day - 1) * oneDay : null;
}
const oneDay = 86_400_000;

/** Of two digits, 0 … 49 are years of 2000. */
function midnight(year: number, month: number, day: number): number | null {
  const full = year >= 100 ? year : year + (year < 50 ? 2000 : 1900);
  const value = Date.UTC(full, month - 1, day);
  return new Date(value).getUTCMonth() === month - 1 ? value : null;
}

/** 24:00 is the day's end. */
function timeOfDay({ hour = '0', minute = '0', second = '0', fraction = '0', half }: Parts): number | null {
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  if (hours > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  return ((hours * 60 + Number(minute)) * 60 + Number(`${second}.${fraction}`)) * 1000;
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const hours = zoneHours[zone.toUpperCase()];
  if (hours !== undefined) return hours * 3_600_000;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', ''));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/**
 * Whether days or months stand first. The data decides where one of the two is no date, or only one of them runs in one direction;
 * dates with dots are day first. Otherwise both are possible: `sure` is then false.
 */
export function detectDateOrder(texts: readonly string[]): { readonly order: DateOrder; readonly sure: boolean } {
  const numeric = texts.filter((text) => partsOf(text)?.['one'] !== undefined);
  const read = (order: DateOrder): number[] => numeric.map((text) => parseDate(text, order)).filter((time) => time !== null);
  const [days, months] = [read('day-first'), read('month-first')];
  if (days.length !== months.length) return { order: days.length > months.length ? 'day-first' : 'month-first', sure: true };
  if (numeric.every((text) => partsOf(text)?.['sign'] === '.')) return { order: 'day-first', sure: true };
  const [ofDays, ofMonths] = [turns(days), turns(months)];
  if (ofDays !== ofMonths && Math.min(ofDays, ofMonths) === 0)
    return { order: ofDays < ofMonths ? 'day-first' : 'month-first', sure: true };
  return { order: 'month-first', sure: false };
}

/** How often a series of times changes its direction. */
function turns(times: readonly number[]): number {
  const signs = times.map((time, i) => Math.sign(time - (times[i - 1] ?? time))).filter((sign) => sign !== 0);
  return signs.filter((sign, i) => sign !== (signs[i - 1] ?? sign)).length;
}
