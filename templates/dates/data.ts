import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';

export const columns: ColumnNames = { inputs: ['date as written'], targets: ['date, ISO 8601'] };

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const dates = 10_000;

const ordinal = (day: number): string => {
  const last = day % 10;
  if (day > 10 && day < 14) return `${day}th`;
  return `${day}${last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th'}`;
};

/** Ways in which people write a date. */
const forms: readonly ((date: Date) => string)[] = [
  (d) => `${d.getUTCDate()} ${month(d)} ${d.getUTCFullYear()}`,
  (d) => `${month(d)} ${d.getUTCDate()}, ${d.getUTCFullYear()}`,
  (d) => `${ordinal(d.getUTCDate())} of ${month(d)} ${d.getUTCFullYear()}`,
  (d) => `${weekday(d)} ${d.getUTCDate()} ${month(d).slice(0, 3)} ${d.getUTCFullYear()}`,
  (d) => `${month(d).slice(0, 3)} ${ordinal(d.getUTCDate())} '${String(d.getUTCFullYear()).slice(2)}`,
  (d) => `${d.getUTCDate()}.${d.getUTCMonth() + 1}.${d.getUTCFullYear()}`,
  (d) => `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${String(d.getUTCFullYear()).slice(2)}`,
  (d) => `${weekday(d)}, ${month(d)} the ${ordinal(d.getUTCDate())}, ${d.getUTCFullYear()}`,
  (d) => `the ${ordinal(d.getUTCDate())} day of ${month(d)} in ${d.getUTCFullYear()}`,
];
const month = (d: Date): string => months[d.getUTCMonth()] ?? '';
const weekday = (d: Date): string => weekdays[d.getUTCDay()] ?? '';

/**
 * Dates of 1970 to 2029 as people write them, and as ISO 8601 writes them: “the 3rd day of may in 2014” becomes “2014-05-03”. The
 * order of the parts changes, names become numbers, two digits become four. The group is the day: no day is in two splits, in no form.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(2, 'dates');
  const first = Date.UTC(1970, 0, 1);
  const days = Math.round((Date.UTC(2030, 0, 1) - first) / 86_400_000);
  for (let line = 1; line <= dates; line++) {
    const day = random.below(days);
    const date = new Date(first + day * 86_400_000);
    const form = forms[random.below(forms.length)];
    if (form === undefined) throw new Error('no form');
    yield {
      line,
      input: { kind: 'text', text: form(date) },
      target: { kind: 'sequence', target: { kind: 'text', text: date.toISOString().slice(0, 10) } },
      group: `day ${day}`,
    };
  }
}
