import { expect, it } from 'vitest';
import { guessColumnKind } from './readers/column-kind.ts';
import { aboutTexts } from './unread-texts.ts';

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
  expect(aboutTexts('sequence-classification', review, { inputColumns, targetColumns: ['label'] })).toEqual(told);
});

it('says nothing of what is predicted, of tags and of series', () => {
  const mapping = { inputColumns: ['body'], targetColumns: ['title'] };
  expect(aboutTexts('sequence-to-sequence', review, mapping)).toEqual([]);
  expect(aboutTexts('sequence-to-sequence', review, { ...mapping, targetColumns: ['label'] })).toHaveLength(1);
  expect(aboutTexts('step-tagging', review, { ...mapping, targetColumns: ['label'] })).toEqual([]);
});
