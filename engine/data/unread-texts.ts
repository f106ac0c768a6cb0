import type { TaskKind } from '../document/data-binding.ts';
import { cellText } from './readers/column-kind.ts';
import type { SampledColumn } from './readers/guess-task.ts';
import { says } from './readers/guess-task.ts';

const taskOfTexts: readonly TaskKind[] = ['sequence-classification', 'sequence-regression', 'sequence-to-sequence'];

/** Words from which on a cell, on average, says more than a name. */
const fewestWords = 3;

/**
 * Says which texts of a table are no part of the input though they stand beside one, as a title beside a review does; and which are
 * read together.
 *
 * @param columns of the file, those left out that name a split, a group or a sentence
 */
export function aboutTexts(
  task: TaskKind,
  columns: readonly SampledColumn[],
  { inputColumns, targetColumns }: { readonly inputColumns: readonly string[]; readonly targetColumns: readonly string[] },
): string[] {
  if (!taskOfTexts.includes(task)) return [];
  const texts = columns.filter((column) => isFreeText(column) && !targetColumns.includes(column.name));
  const read = texts.filter(({ name }) => inputColumns.includes(name));
  const unread = texts.filter(({ name }) => !inputColumns.includes(name));
  if (read.length === 0) return [];
  const it = unread.length === 1 ? 'it' : 'them';
  return [
    ...(read.length > 1 ? [`${listed(read)} are read one after the other, as one text.`] : []),
    ...(unread.length > 0 ? [`Not read: ${listed(unread)}. To read ${it} too, add ${it} to the input columns.`] : []),
  ];
}

const listed = (columns: readonly SampledColumn[]): string => columns.map(({ name }) => `“${name}”`).join(', ');

function isFreeText(column: SampledColumn): boolean {
  if (column.kind !== 'text' || !says(column)) return false;
  const cells = column.cells.map(cellText).filter((cell) => cell !== '');
  const words = cells.reduce((sum, cell) => sum + cell.trim().split(/\s+/).length, 0);
  return words >= fewestWords * cells.length;
}
