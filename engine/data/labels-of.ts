import { UserError } from '../protocol/envelope.ts';
import { cellText } from './readers/column-kind.ts';
import { jsonText } from './readers/json.ts';
import { arrayOf } from './readers/list-cell.ts';
import type { Cell, SourceRecord } from './readers/record.ts';
import { excerpt } from './readers/record.ts';

/** The label of a cell; several where it holds a list. */
export function labelsOf(cell: Cell): readonly string[] {
  return arrayOf(cell)?.map((label) => (typeof label === 'string' ? label : jsonText(label))) ?? [cellText(cell)];
}

/** How many labels there are, and the first ones. */
export const listed = (labels: readonly string[]): string => {
  const shown = labels.slice(0, 4).map((label) => `“${excerpt(label)}”`);
  return `${labels.length}: ${shown.join(', ')}${labels.length > shown.length ? ', …' : ''}`;
};

/** @throws UserError `spans`: what a list says of places in the text is no label of the whole */
function refuseSpans(target: number, columns: readonly string[], rows: readonly SourceRecord[]): void {
  const isSpan = (label: unknown): boolean => Array.isArray(label) && label.some((part) => typeof part === 'number');
  const row = rows.find(({ cells }) => arrayOf(cells[target] ?? '')?.some(isSpan));
  if (row === undefined) return;
  throw new UserError({
    code: 'spans',
    message: `column “${columns[target] ?? ''}” holds lists of lists, such as ${excerpt(jsonText(arrayOf(row.cells[target] ?? '')))} in line ${row.line}: expected one label for each example`,
    hint: 'Where they name places in the text (spans), write a tag for each token instead, and choose the tagging of steps; otherwise choose a column with one label.',
    row: row.line,
  });
}

/** @throws UserError `spans`, and `several-labels`: joined to one, combinations and their order would become classes */
export function refuseSeveralLabels(targets: readonly number[], columns: readonly string[], rows: readonly SourceRecord[]): void {
  const [first] = targets;
  if (first === undefined) return;
  refuseSpans(first, columns, rows);
  const several = rows.filter((row) => labelsOf(row.cells[first] ?? '').length > 1);
  const [example] = several;
  if (example === undefined || several.length * 10 < rows.length) return;
  throw new UserError({
    code: 'several-labels',
    message: `column “${columns[first] ?? ''}” holds several labels an example: line ${example.line} has ${listed(labelsOf(example.cells[first] ?? ''))}. A class is one label; several at once (multi-label classification) are not supported`,
    hint: 'Choose a column with one label for each example, or make one yes-or-no column for each label and train one model for each.',
    row: example.line,
  });
}
