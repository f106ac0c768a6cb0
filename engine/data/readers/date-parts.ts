import { cellText } from './column-kind.ts';
import { monthNames } from './dates.ts';
import type { SampledColumn } from './guess-task.ts';

const whole =
  (least: number, most: number) =>
  (text: string): boolean =>
    /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most;
const monthName = new RegExp(`^(${monthNames.join('|')})[a-z]*\\.?$`, 'i');

/** Parts of a date by the names that their columns have, and the values of each; a date has the first two, and no later one without those before. */
const parts = [
  { names: /^(year|yr|yyyy)$/i, holds: whole(1000, 2999) },
  { names: /^(month|mon|mm)$/i, holds: (text: string) => whole(1, 12)(text) || monthName.test(text) },
  { names: /^(day|dd|day[ _]?of[ _]?month|dom)$/i, holds: whole(1, 31) },
  { names: /^(hour|hr|hh)$/i, holds: whole(0, 24) },
  { names: /^minutes?$/i, holds: whole(0, 59) },
  { names: /^seconds?$/i, holds: whole(0, 59) },
] as const;
const hours = parts[3];

const textsOf = ({ cells }: SampledColumn): string[] => cells.map((cell) => cellText(cell).trim());

function holding(columns: readonly SampledColumn[], { names, holds }: (typeof parts)[number]): SampledColumn | undefined {
  return columns.find((column) => {
    const filled = names.test(column.name.trim()) ? textsOf(column).filter((text) => text !== '') : [];
    return filled.length > 0 && filled.every(holds);
  });
}

/** The columns that together date the rows: year, month, perhaps day, hour, minute and second; none where they do not. */
export function findDateParts(columns: readonly SampledColumn[]): readonly string[] {
  const found: SampledColumn[] = [];
  for (const part of parts) {
    const column = holding(columns, part);
    const [year, month] = found;
    if (column === undefined) break;
    // Rows of a month that only days of the week tell apart have no dates.
    if (part === parts[2] && year && month && isOfWeek(year, month, column)) return [];
    found.push(column);
  }
  return found.length < 2 ? [] : found.map(({ name }) => name);
}

/** The column that tells the hour beside one of days. */
export const findHours = (columns: readonly SampledColumn[]): SampledColumn | undefined => holding(columns, hours);

/** Days from 1 to 7 that begin anew within a month. */
function isOfWeek(year: SampledColumn, month: SampledColumn, day: SampledColumn): boolean {
  const [years, months, days] = [textsOf(year), textsOf(month), textsOf(day).map(Number)];
  const same = (i: number): boolean => years[i] === years[i - 1] && months[i] === months[i - 1];
  return Math.max(...days) <= 7 && days.some((value, i) => i > 0 && value === 1 && days[i - 1] === 7 && same(i));
}

/** A date as `parseDate` reads it. @param cells of the parts, from the year on */
export function joinDate(cells: readonly string[]): string {
  const [year = '', month = '', day, ...clock] = cells.map((cell) => cell.trim());
  const time = clock.map((part, i) => (i === 0 ? part : part.padStart(2, '0'))).join(':');
  return [[year, month, ...(day === undefined ? [] : [day])].join('-'), ...(time === '' ? [] : [time])].join(' ');
}
