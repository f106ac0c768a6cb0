import type { DataPreview } from '../../protocol/data.ts';
import { parseNumber } from './number.ts';
import type { Cell } from './record.ts';

export type ColumnKind = DataPreview['columns'][number]['kind'];

const datePattern =
  /^\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/;

/** What kind of values a column holds, from its first cells. */
export function guessColumnKind(cells: readonly Cell[]): ColumnKind {
  const filled = cells.filter((cell) => cell.length > 0);
  if (filled.length === 0) return 'empty';
  if (filled.some((cell) => typeof cell !== 'string' || /^\s*\[.*\]\s*$/s.test(cell))) return 'tokens';
  const texts = filled as readonly string[];
  const share = (matches: (text: string) => boolean): number => texts.filter(matches).length / texts.length;
  if (share((text) => datePattern.test(text.trim())) >= 0.95) return 'date';
  if (share((text) => parseNumber(text) !== null) >= 0.95) return 'number';
  const distinct = new Set(texts).size;
  const mean = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  const few = distinct <= Math.max(2, Math.min(200, texts.length / 3));
  return few && mean <= 40 ? 'category' : 'text';
}

/** Cell as shown in a table. */
export const cellText = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.map(String).join(' '));
