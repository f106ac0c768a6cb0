import type { TaskKind } from '../document/data-binding.ts';
import { splitOfWord } from '../document/split-names.ts';
import { cellText } from './readers/column-kind.ts';
import type { SampledColumn } from './readers/guess-task.ts';
import { says } from './readers/guess-task.ts';

/** What the columns of a file are read as. */
interface Mapping {
  readonly inputColumns: readonly string[];
  readonly targetColumns: readonly string[];
  readonly groupColumn?: string | null;
  readonly splitColumn?: string | null | undefined;
  readonly sentenceColumn?: string | null | undefined;
}

/** What a user should know of the columns that are not read, and of those that are read together. */
export function aboutColumns(task: TaskKind, columns: readonly SampledColumn[], mapping: Mapping): string[] {
  const { groupColumn, splitColumn, sentenceColumn } = mapping;
  const apart = [groupColumn, splitColumn, sentenceColumn];
  const inputs = new Set(mapping.inputColumns);
  const targets = new Set(mapping.targetColumns);
  const free = columns.filter(({ name }) => !apart.includes(name) && !targets.has(name));
  const read = free.filter(({ name }) => inputs.has(name));
  const unread = free.filter(({ name }) => !inputs.has(name));
  const target = columns.find(({ name }) => name === mapping.targetColumns[0]);
  return [
    ...aboutTexts(task, read, unread),
    ...aboutFlags(task, target, unread),
    ...(splitColumn ? [] : aboutSplits(unread)),
    ...(groupColumn ? [] : aboutGroups(task, unread)),
  ];
}

const tasksOfTexts: readonly TaskKind[] = ['sequence-classification', 'sequence-regression', 'sequence-to-sequence'];

/** Words from which on a cell, on average, says more than a name. */
const fewestWords = 3;

/** Texts that are no part of the input though they stand beside one, as a title beside a review does; and those read together. */
function aboutTexts(task: TaskKind, inputs: readonly SampledColumn[], others: readonly SampledColumn[]): string[] {
  if (!tasksOfTexts.includes(task)) return [];
  const read = inputs.filter(isFreeText);
  if (read.length === 0) return [];
  const unread = others.filter(isFreeText);
  const it = unread.length === 1 ? 'it' : 'them';
  return [
    ...(read.length > 1 ? [`${listed(read)} are read one after the other, as one text.`] : []),
    ...(unread.length > 0 ? [`Not read: ${listed(unread)}. To read ${it} too, add ${it} to the input columns.`] : []),
  ];
}

/** Says that one of several columns of yes and no is learned: together they are several labels an example. */
function aboutFlags(task: TaskKind, target: SampledColumn | undefined, unread: readonly SampledColumn[]): string[] {
  if (task !== 'sequence-classification' || target === undefined || !isFlag(target)) return [];
  const others = unread.filter(isFlag);
  if (others.length < 2) return [];
  return [
    `“${target.name}” alone is learned, as yes or no, and not ${listed(others.slice(0, mostListed))}${others.length > mostListed ? ' …' : ''}: several labels an example are not supported. Train one model for each, or write the classes into one column.`,
  ];
}

/** Columns that are named in a sentence. */
const mostListed = 10;

/** Columns that seem to say which split a row is for, in words that are not known. */
function aboutSplits(columns: readonly SampledColumn[]): string[] {
  return columns.flatMap(({ name, cells }) => {
    const words = [...new Set(cells.map((cell) => cellText(cell).trim()))];
    const unknown = words.filter((word) => splitOfWord(word) === null);
    const named = /^(split|subset|partition|fold|usage|is_?(train|valid|val|test)\w*)$/i.test(name);
    const worded = unknown.length < words.length && words.some((word) => splitOfWord(word) === 'train');
    if (!(named || worded) || words.length < 2 || words.length > mostFolds || unknown.length === 0) return [];
    return [
      `“${name}” seems to say what a row is for, but is not used: “${unknown[0]}” names no split (train, validation and test do). Rows are split as the settings of the split say.`,
    ];
  });
}

const mostFolds = 20;

/** Whoever the rows are of: their rows in several splits make a model look better than it is. */
const owners = /^(subject|patient|participant|speaker|session|user|person|author|customer)([_ -]?(id|no|nr|name))?$/i;

function aboutGroups(task: TaskKind, columns: readonly SampledColumn[]): string[] {
  if (task === 'forecasting' || task === 'language-model') return [];
  const found = columns.find(({ name, cells }) => {
    const different = new Set(cells.map(cellText)).size;
    return owners.test(name) && different > 1 && different * 2 <= cells.length;
  });
  return found === undefined
    ? []
    : [`Rows of one “${found.name}” may fall into several splits: to keep them in one, choose it as “Keep together”.`];
}

const listed = (columns: readonly SampledColumn[]): string => columns.map(({ name }) => `“${name}”`).join(', ');

const isFlag = ({ cells }: SampledColumn): boolean =>
  cells.length > 0 && cells.every((cell) => /^(0|1|true|false)(\.0)?$/i.test(cellText(cell).trim()));

function isFreeText(column: SampledColumn): boolean {
  if (column.kind !== 'text' || !says(column)) return false;
  const cells = column.cells.map(cellText).filter((cell) => cell !== '');
  const words = cells.reduce((sum, cell) => sum + cell.trim().split(/\s+/).length, 0);
  return words >= fewestWords * cells.length;
}
