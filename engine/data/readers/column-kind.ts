import type { DataPreview } from '../../protocol/data.ts';
import { isDate } from './dates.ts';
import { listIn } from './list-cell.ts';
import { mostlyKnown } from './missing.ts';
import { looksMeasured } from './number-format.ts';
import type { Cell } from './record.ts';

export type ColumnKind = DataPreview['columns'][number]['kind'];

/**
 * Several digits of which the first is zero: a name made of digits (a postal code, an identifier), no number. Two digits are one of a
 * month, a day or an hour.
 */
const isCode = (text: string): boolean => /^0\d{2,}$/.test(text.trim());

/** What kind of values a column holds, from its first cells. */
export function guessColumnKind(cells: readonly Cell[]): ColumnKind {
  const filled = cells.filter((cell) => cell.length > 0);
  if (filled.length === 0) return 'empty';
  const lists = filled.filter((cell) => typeof cell !== 'string' || listIn(cell) !== null).length;
  if (filled.some((cell) => typeof cell !== 'string') || lists >= 0.95 * filled.length) return 'tokens';
  const texts = filled as readonly string[];
  if (mostlyKnown(texts, isDate)) return 'date';
  const distinct = new Set(texts).size;
  if (mostlyKnown(texts, looksMeasured) && !texts.some(isCode)) return 'number';
  const mean = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  const few = distinct <= Math.max(2, Math.min(200, texts.length / 3));
  return few && mean <= 40 ? 'category' : 'text';
}

/** Cell as shown in a table. */
export const cellText = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.map(String).join(' '));
