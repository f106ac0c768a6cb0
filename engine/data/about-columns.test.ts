import { expect, it } from 'vitest';
import { aboutColumns } from './about-columns.ts';
import { guessColumnKind } from './readers/column-kind.ts';

const columns = (names: Readonly<Record<string, (row: number) => string>>) =>
  Object.entries(names).map(([name, cell]) => {
    const cells = Array.from({ length: 12 }, (_unused, row) => cell(row));
    return { name, kind: guessColumnKind(cells), cells };
  });
const review = columns({
  title: (row) => `a title of ${row}`,
  body: (row) => `a longer body of ${row}`,
  user: (row) => `user ${row}`,
  licence: () => 'free to use by all',
  label: (row) => (row % 2 ? 'good' : 'bad'),
});

it.each<[readonly string[], readonly string[]]>([
  [['title', 'body'], ['“title”, “body” are read one after the other, as one text.']],
  [['body'], ['Not read: “title”. To read it too, add it to the input columns.']],
  [['user'], []],
  [['label'], []],
])('says what is read of %j', (inputColumns, told) => {
  expect(aboutColumns('sequence-classification', review, { inputColumns, targetColumns: ['label'] })).toEqual(told);
});

it('says nothing of what is predicted, of tags and of series', () => {
  const mapping = { inputColumns: ['body'], targetColumns: ['title'] };
  expect(aboutColumns('sequence-to-sequence', review, mapping)).toEqual([]);
  expect(aboutColumns('sequence-to-sequence', review, { ...mapping, targetColumns: ['label'] })).toHaveLength(1);
  expect(aboutColumns('step-tagging', review, { ...mapping, targetColumns: ['label'] })).toEqual([]);
});

const text = (row: number): string => `a longer text of ${row}`;
const classified = { inputColumns: ['text'], targetColumns: ['label'] };
const flag = (every: number) => (row: number) => String(row % every ? 0 : 1);
const about = (names: Readonly<Record<string, (row: number) => string>>, more: object = {}): string[] =>
  aboutColumns('sequence-classification', columns({ text, label: flag(2), ...names }), { ...classified, ...more });

it('says that one of several labels is learned', () => {
  expect(about({ b: flag(3), c: flag(4) })).toEqual([expect.stringMatching(/^“label” alone is learned.* not “b”, “c”: several/)]);
  expect(about({ b: flag(3) })).toEqual([]);
  expect(about({ b: flag(3), c: flag(4) }, { targetColumns: ['text'], inputColumns: ['label'] })).toEqual([]);
});

it('says which column names splits in words that are not known', () => {
  const word =
    (...words: string[]) =>
    (row: number) =>
      words[row % words.length] ?? '';
  expect(about({ part: word('train', 'holdout') })).toEqual([expect.stringMatching(/^“part” seems .* “holdout” names no split/)]);
  expect(about({ fold: word('0', '1', '2') })).toEqual([expect.stringContaining('“0” names no split')]);
  expect(about({ is_valid: word('True', 'False') })).toHaveLength(1);
  expect(about({ part: word('train', 'holdout') }, { splitColumn: 'part' })).toEqual([]);
  expect(about({ split: word('a') })).toEqual([]);
  expect(about({ by: word('bus', 'car') })).toEqual([]);
});

it('says whose rows may fall into several splits', () => {
  const subject = (row: number): string => `S${row % 3}`;
  expect(about({ subject_id: subject })).toEqual([expect.stringContaining('Rows of one “subject_id” may fall')]);
  expect(about({ subject_id: subject }, { groupColumn: 'subject_id' })).toEqual([]);
  expect(about({ subject_id: (row) => `S${row}` })).toEqual([]);
  expect(about({ subject_id: () => 'S' })).toEqual([]);
});
