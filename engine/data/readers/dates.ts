import type { DateOrder } from '../../document/data-binding.ts';

const yearFirst =
  /^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?$/;
const named = /\d.*[a-z]{3}|[a-z]{3}.*\d/i;
const clock = /^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$/;

export const looksLikeClock = (text: string): boolean => clock.test(text.trim());

/** Milliseconds, as if all clocks ran on one time zone where none is given; `null` where it is no date. */
export function parseDate(text: string, order: DateOrder): number | null {
  const trimmed = text.trim();
  const first = yearFirst.exec(trimmed);
  if (first) {
    const [, year, , month, day, hour, minute, second, zone] = first;
    const local = timeOf(Number(year), Number(month), Number(day ?? 1), hour, minute, second);
    return local === null ? null : local - zoneOffset(zone);
  }
  const last = yearLast.exec(trimmed);
  if (!last) return named.test(trimmed) ? parseNamed(trimmed) : null;
  const [, a, , b, year = '', hour, minute, second] = last;
  const [day, month] = order === 'day-first' ? [Number(a), Number(b)] : [Number(b), Number(a)];
  const full = year.length === 2 ? Number(year) + (Number(year) < 70 ? 2000 : 1900) : Number(year);
  return timeOf(full, month, day, hour, minute, second);
}

/** A date that spells its month, as the platform reads it; `null` where it does not. */
function parseNamed(text: string): number | null {
  const value = Date.parse(`${text.replace(/-/g, ' ')} UTC`);
  return Number.isNaN(value) ? null : value;
}

function timeOf(year: number, month: number, day: number, hour = '0', minute = '0', second = '0'): number | null {
  const value = Date.UTC(year, month - 1, day, Number(hour), Number(minute), Number(second));
  const made = new Date(value);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day && Number(hour) < 25 ? value : null;
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/**
 * Whether days or months stand first. The data decides where one of the two is no date, or only one of them runs in one direction;
 * dates with dots are day first. Otherwise both are possible: `sure` is then false.
 */
export function detectDateOrder(texts: readonly string[]): { readonly order: DateOrder; readonly sure: boolean } {
  const numeric = texts.map((text) => text.trim()).filter((text) => yearLast.test(text));
  if (numeric.length === 0) return { order: 'day-first', sure: true };
  const read = (order: DateOrder): (number | null)[] => numeric.map((text) => parseDate(text, order));
  const [days, months] = [read('day-first'), read('month-first')];
  const bad = (values: readonly (number | null)[]): number => values.filter((value) => value === null).length;
  if (bad(days) !== bad(months)) return { order: bad(days) < bad(months) ? 'day-first' : 'month-first', sure: true };
  if (numeric.every((text) => text.includes('.'))) return { order: 'day-first', sure: true };
  const [ofDays, ofMonths] = [turns(days), turns(months)];
  if (ofDays !== ofMonths && Math.min(ofDays, ofMonths) === 0)
    return { order: ofDays < ofMonths ? 'day-first' : 'month-first', sure: true };
  return { order: 'month-first', sure: false };
}

/** How often a series of times changes its direction. */
function turns(values: readonly (number | null)[]): number {
  let found = 0;
  let direction = 0;
  values.forEach((value, i) => {
    const sign = Math.sign((value ?? 0) - (values[i - 1] ?? value ?? 0));
    if (sign === 0) return;
    if (direction !== 0 && sign !== direction) found++;
    direction = sign;
  });
  return found;
}
