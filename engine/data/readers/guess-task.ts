import type { ReaderSettings, TaskKind } from '../../document/data-binding.ts';
import { mediaKindOf } from '../../document/media-settings.ts';
import type { ColumnKind } from './column-kind.ts';
import { cellText } from './column-kind.ts';
import { conlluColumns } from './conll.ts';
import { monthNames } from './dates.ts';
import { listIn } from './list-cell.ts';
import { looksNumeric, parseNumber } from './number-format.ts';
import type { Cell } from './record.ts';
import { tagsBetweenCommas } from './tag-cell.ts';

export interface SampledColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly cells: readonly Cell[];
}

export interface TaskGuess {
  readonly task: TaskKind;
  readonly inputColumns: readonly string[];
  readonly targetColumns: readonly string[];
}

const targetNames =
  /^(label|labels|class|category|target|tag|tags|ner|ner_tags|pos|sentiment|y|output|score|rating|stars|syllables)$/i;
/** Columns that hold a sequence to say. */
const sequenceNames =
  /^(translation|tgt|phonemes?|pronunciation|answer|summary|transcript|transcription|caption|reply|response)$/i;
/** Columns that tell rows apart. */
const idNames = /(^|[_.\s-])(id|qid\d*|idx|uuid|guid|key)$/i;
/** Of a table of numbers with one, a row is a moment of a series; classes beside it are series of their own. */
const timeNames = /^(year|month|day|hour|date|time|timestamp|step|t)$/i;
const inputNames = /^(source|src|question|text|sentence|tokens?|words?|message|body|review|content|comment|title|input|x|v2)$/i;

/** Whether a column's name, or the last part of its path, is one of those. */
const called = ({ name }: SampledColumn, names: RegExp): boolean => names.test(name.slice(name.lastIndexOf('.') + 1));

/** What the columns are probably for. A guess for the user to correct, never more. */
export function guessTask(format: ReaderSettings['format'], columns: readonly SampledColumn[]): TaskGuess {
  const all = columns.filter((column) => column.kind !== 'empty');
  if (format === 'conll') return pair('step-tagging', ...conllColumns(columns));
  const tagging = findTagging(all);
  if (tagging) return pair('step-tagging', ...tagging);
  const labelled = format === 'delimited' ? labelledSeries(columns) : format === 'arff' ? classedSeries(columns) : null;
  if (labelled) return labelled;
  // What every object of a list says holds what the first ones say.
  const single = all.filter(({ name }) => !name.includes('[]'));
  const filled = single.length > 1 ? single : all;
  const numbers = filled.filter((column) => column.kind === 'number' && !numbersRows(column));
  const texts = filled.filter((column) => (column.kind === 'text' || column.kind === 'tokens') && !isMoment(column));
  const dated = filled.some((column) => column.kind === 'date');
  const isTime = (column: SampledColumn): boolean => countsTime(column) || called(column, timeNames);
  const timed = dated || (numbers.some((column) => called(column, timeNames)) && !numbers.every(isTime));
  if (
    format === 'series' ||
    (numbers.length > 0 &&
      texts.length === 0 &&
      (timed || numbers.length === filled.filter((column) => !numbersRows(column) && !isMoment(column)).length))
  ) {
    const measured = dated ? [] : numbers.filter((column) => !isTime(column));
    const series = measured.length > 0 ? measured : numbers;
    const target = series.find((column) => called(column, targetNames)) ?? series.findLast(varies) ?? series.at(-1);
    return {
      task: 'forecasting',
      inputColumns: series.map((column) => column.name),
      targetColumns: target ? [target.name] : [],
    };
  }
  const classed = texts.length === 0 && !dated ? classedRows(filled, numbers) : null;
  if (classed) return classed;
  // Plain text without a label on any line.
  if (format === 'text' && filled.length === 1) return pair('language-model', filled[0], undefined);
  const input =
    filled.find(namesFiles) ??
    longest(texts.filter((column) => called(column, inputNames))) ??
    filled.find((column) => called(column, inputNames)) ??
    longest(texts.filter(says)) ??
    longest(texts) ??
    longest(filled);
  const others = filled.filter((column) => column !== input);
  const saying = others.filter((column) => says(column) && !namesRows(column));
  const rest = saying.length > 0 ? saying : others;
  const target =
    rest.find((column) => called(column, targetNames) || called(column, sequenceNames)) ??
    (named(rest) ? rest.find((column) => column.kind === 'category') : fewestClasses(rest)) ??
    rest.find((column) => column.kind === 'number' && !isMeasure(column)) ??
    rest.find((column) => column.kind === 'number') ??
    rest[0];
  const twin = input && others.find((column) => column !== target && column.kind === 'text' && areTwins(input.name, column.name));
  const read = (task: TaskKind): TaskGuess => {
    const guess = pair(task, input, target);
    return twin ? { ...guess, inputColumns: inOrder(filled, [...guess.inputColumns, twin.name]) } : guess;
  };
  if (target && isMeasure(target)) return read('sequence-regression');
  const apart = named([input, target]) && input?.name.replace(/\[\d+\]/g, '') !== target?.name.replace(/\[\d+\]/g, '');
  const spelled = !apart && target?.kind === 'text' && input !== undefined && isSequence(input);
  if (!target || !(isSequence(target) || spelled)) return read('sequence-classification');
  // Of columns without names, and of places in a list, the first is read, and the second said: so pairs are written.
  const swapped = !apart && input !== undefined && filled.indexOf(target) < filled.indexOf(input);
  return swapped ? pair('sequence-to-sequence', target, input) : pair('sequence-to-sequence', input, target);
}

const named = (columns: readonly (SampledColumn | undefined)[]): boolean =>
  columns.some((column) => column !== undefined && !/^#\d+$/.test(column.name));

/** Of columns without names, that of the fewest classes, two at least: others are of users, or the same in all rows. */
function fewestClasses(columns: readonly SampledColumn[]): SampledColumn | undefined {
  const classes = columns
    .filter((column) => column.kind === 'category' || (column.kind === 'number' && !isMeasure(column)))
    .map((column) => ({ column, count: new Set(column.cells.map(cellText)).size }))
    .filter(({ count }) => count > 1);
  return classes.sort((a, b) => a.count - b.count)[0]?.column;
}

/** Numbers and one column of classes: each row is a series with its class. */
function classedRows(columns: readonly SampledColumn[], numbers: readonly SampledColumn[]): TaskGuess | null {
  const classes = columns.filter((column) => column.kind === 'category');
  const [answer] = classes;
  if (answer === undefined || classes.length > 1 || namesFiles(answer)) return null;
  const steps = numbers.filter((column) => !called(column, idNames) && !countsTime(column));
  if (steps.length < 2) return null;
  return { task: 'sequence-classification', inputColumns: steps.map(({ name }) => name), targetColumns: [answer.name] };
}

/** Whether a column says something of its rows: they differ, and do not all begin with the same words, as a licence or a source does. */
export function says({ cells }: SampledColumn): boolean {
  const texts = cells.map(cellText).filter((text) => text !== '');
  if (texts.length < fewestRows) return true;
  const [first = ''] = texts;
  const same =
    first.length < sameStart ? (text: string) => text === first : (text: string) => text.startsWith(first.slice(0, sameStart));
  return !texts.every(same);
}

/** So many letters are no coincidence. */
const sameStart = 40;

/** A column of names for the rows, each its own, or of their numbers. */
function namesRows(column: SampledColumn): boolean {
  if (numbersRows(column)) return true;
  const texts = column.cells.map(cellText);
  if (texts.length < fewestRows || new Set(texts).size < texts.length) return false;
  return called(column, idNames) || texts.every((text) => /^[a-z]+[\d_-]*\d$/i.test(text));
}

/** Whether two columns hold the two texts that a class is about: `question1` and `question2`, `text_a` and `text_b`. */
function areTwins(one: string, other: string): boolean {
  const [a = '', b = ''] = [one, other].map((name) => name.toLowerCase()).sort();
  if (a === 'hypothesis' && b === 'premise') return true;
  return a.slice(0, -1) === b.slice(0, -1) && /^\w./.test(a) && /^(12|ab)$/.test(a.slice(-1) + b.slice(-1));
}

const inOrder = (columns: readonly SampledColumn[], names: readonly string[]): string[] =>
  columns.map(({ name }) => name).filter((name) => names.includes(name));

const varies = ({ cells }: SampledColumn): boolean => new Set(cells.map(cellText)).size > 1;

/** Numbers that grow by the same step from row to row: a year, a moment. */
function countsTime({ cells }: SampledColumn): boolean {
  const numbers = cells.map((cell) => parseNumber(cellText(cell)) ?? Number.NaN);
  const step = (numbers[1] ?? Number.NaN) - (numbers[0] ?? Number.NaN);
  return (
    numbers.length >= fewestRows && step > 0 && numbers.every((number, i) => i === 0 || number - (numbers[i - 1] ?? 0) === step)
  );
}

/** FORM and UPOS of CoNLL-U, or XPOS where that is not given; otherwise by their names, or the first column and the last. */
function conllColumns(columns: readonly SampledColumn[]): readonly [SampledColumn | undefined, SampledColumn | undefined] {
  const numbered = columns[0]?.cells.every((cell) => typeof cell !== 'string' && cell.every((id) => /^\d+$/.test(String(id))));
  if (columns.length !== conlluColumns || numbered !== true) {
    const words = columns.find(({ name }) => inputNames.test(name)) ?? columns[0];
    const rest = columns.filter((column) => column !== words);
    return [words, rest.findLast(({ name }) => targetNames.test(name)) ?? rest.at(-1)];
  }
  const given = (column: SampledColumn | undefined): boolean =>
    column?.cells.some((cell) => typeof cell !== 'string' && cell.some((tag) => tag !== '_')) ?? false;
  return [columns[1], [columns[3], columns[4]].find(given) ?? columns[3]];
}

/** Steps of a row from which on it may be a series. */
const fewestSteps = 8;
const mostLabels = 60;

/**
 * A table of numbers alone without a header whose first column, or else its last, holds few whole numbers, each several times and in no
 * order: labels, and the rest of each row is a series (UCR archive; the heartbeats of MIT-BIH as tables). `null` for other tables.
 */
function labelledSeries(columns: readonly SampledColumn[]): TaskGuess | null {
  if (columns.some(({ name }, i) => name !== `#${i}`)) return null;
  return seriesOf(columns.slice(1), columns[0]) ?? seriesOf(columns.slice(0, -1), columns.at(-1));
}

function seriesOf(steps: readonly SampledColumn[], answer: SampledColumn | undefined): TaskGuess | null {
  if (answer === undefined || steps.length < fewestSteps) return null;
  if (steps.some(({ kind }) => kind !== 'number' && kind !== 'empty')) return null;
  const labels = answer.cells.map((cell) => parseNumber(cellText(cell)));
  const different = new Set(labels);
  const few = different.size >= 2 && different.size <= mostLabels && different.size * 2 <= labels.length;
  const measured = steps.some(({ cells }) => cells.some((cell) => !Number.isInteger(parseNumber(cellText(cell)) ?? 0)));
  if (!few || !measured || !labels.every(Number.isInteger)) return null;
  return { task: 'sequence-classification', inputColumns: steps.map(({ name }) => name), targetColumns: [answer.name] };
}

/** A table of numbers whose last column is declared to hold classes: each row is a series with its class (UCR archive in ARFF). */
function classedSeries(columns: readonly SampledColumn[]): TaskGuess | null {
  const steps = columns.slice(0, -1);
  const answer = columns.at(-1);
  if (answer?.kind !== 'category' || steps.length < fewestSteps || steps.some(({ kind }) => kind !== 'number')) return null;
  return { task: 'sequence-classification', inputColumns: steps.map(({ name }) => name), targetColumns: [answer.name] };
}

/** A column that counts the rows, as tables are written with their index. */
function numbersRows({ name, cells }: SampledColumn): boolean {
  if (cells.length < 3 || !/^(#\d+|unnamed: 0|index|id|idx|row|row_idx|no\.?)$/i.test(name)) return false;
  const first = Number(cells[0]);
  return (first === 0 || first === 1) && cells.every((cell, i) => cell === String(first + i));
}

/** Each cell its own, of figures, signs and months alone: no text, but a moment (`1-02` or `Feb-01` for February of a first year). */
function isMoment({ kind, cells }: SampledColumn): boolean {
  const texts = cells.map(cellText);
  const own = texts.length >= fewestRows && new Set(texts).size === texts.length;
  return kind === 'text' && own && texts.every((text) => moment.test(text));
}

const moment = new RegExp(`^(?:[\\d./: -]|(?:${monthNames.join('|')})[a-z]*)+$`, 'i');

const namesFiles = (column: SampledColumn): boolean => mediaKindOf(column.cells.map(cellText)) !== 'none';

const fewestRows = 10;

/** Texts of several tokens that are hardly ever the same: something to say, not a class. */
function isSequence(column: SampledColumn): boolean {
  const texts = column.cells.map(cellText);
  const words = column.cells.reduce((sum, cell) => sum + (typeof cell === 'string' ? given(cell) : cell).length, 0);
  const free = column.kind === 'text' || column.kind === 'tokens';
  if (sequenceNames.test(column.name)) return free || words >= 2 * texts.length;
  if (!free) return false;
  return texts.length >= fewestRows && new Set(texts).size > texts.length / 2 && words >= 2 * texts.length;
}

/** Two columns with equally many tokens in every row, one of them with few different ones. */
function findTagging(columns: readonly SampledColumn[]): readonly [SampledColumn, SampledColumn] | null {
  const tokens = (cell: Cell): readonly string[] => (typeof cell === 'string' ? given(cell) : cell).map(String);
  for (const tags of columns) {
    if (tags.kind !== 'tokens' && tags.kind !== 'text') continue;
    for (const words of columns) {
      if (words.kind !== 'tokens' && words.kind !== 'text') continue;
      let steps = 0;
      const different = new Set<string>();
      const equal = words.cells.every((cell, i) => {
        const length = tokens(cell).length;
        steps += length;
        const tag = tags.cells[i] ?? '';
        const found = tagsBetweenCommas(tag, tokens(tag), length);
        for (const one of found) different.add(one);
        return length === found.length;
      });
      const vocabulary = new Set(words.cells.flatMap(tokens)).size;
      if (equal && steps > 2 * words.cells.length && different.size < vocabulary && different.size <= 200) return [words, tags];
    }
  }
  return null;
}

/** Tokens of a cell that separates them itself: a list, or text with spaces. */
export function given(cell: string): readonly unknown[] {
  const list = listIn(cell);
  if (list !== null) return list;
  const trimmed = cell.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/);
}

/** Numbers that measure something, not class numbers: some are no small whole numbers, or there are many different ones. */
function isMeasure(column: SampledColumn): boolean {
  if (column.kind !== 'number') return false;
  const values = column.cells.map((cell) => cellText(cell).trim()).filter(looksNumeric);
  return values.some((text) => !Number.isInteger(parseNumber(text) ?? 0.5)) || new Set(values).size > 20;
}

function longest(columns: readonly SampledColumn[]): SampledColumn | undefined {
  const size = (column: SampledColumn): number => column.cells.reduce((sum, cell) => sum + cellText(cell).length, 0);
  return [...columns].sort((a, b) => size(b) - size(a))[0];
}

function pair(task: TaskKind, input: SampledColumn | undefined, target: SampledColumn | undefined): TaskGuess {
  return { task, inputColumns: input ? [input.name] : [], targetColumns: target ? [target.name] : [] };
}
