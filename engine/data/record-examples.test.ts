import { describe, expect, it } from 'vitest';
import type { DataBinding, ReaderSettings } from '../document/data-binding.ts';
import { isBadRow, type RawInput } from './raw-example.ts';
import { openReader } from './readers/open-reader.ts';
import { exampleMaker } from './record-examples.ts';

type Settings = Partial<ReaderSettings> & { readonly text: string };

/** What each row of a file gives, and what is told of it. */
function examples(task: DataBinding['task'], { text, inputColumns = [], targetColumns = [], ...reader }: Settings) {
  const head = Buffer.from(text);
  const format = text.startsWith('{') ? ('jsonl' as const) : ('delimited' as const);
  const file = openReader({ path: 'x', bytes: head.length, head, pieces: [], complete: true }, { format, ...reader });
  const mapping = { inputColumns, targetColumns, groupColumn: null, ...reader };
  const maker = exampleMaker(task, mapping, file, null, task === 'forecasting' ? ({ line }) => 1000 * line : null);
  const rows = file.head.map((row) => {
    const made = maker.make(row);
    if (made instanceof Promise) throw new Error('no file is named');
    return made;
  });
  return { rows, inputs: rows.map((row) => (isBadRow(row) ? row.reason : inputOf(row.input))), warnings: maker.warnings() };
}

const inputOf = (input: RawInput): unknown =>
  input.kind === 'text' ? input.text : input.kind === 'tokens' ? input.tokens : input.steps;
const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;
const column = (text: string) => `column “x”: ${text}`;

describe('columns of numbers', () => {
  const table = (...xy: readonly string[]): Settings => ({
    text: lines('x,y,z,label', ...xy.map((cells) => `${cells},a`)),
    header: true,
    inputColumns: ['x', 'y', 'z'],
    targetColumns: ['label'],
  });

  it('are a step each; missing values at the end make the series shorter, and it is told', () => {
    const { inputs, warnings } = examples('sequence-classification', table('1,2,3', '1,2,', '1,NA,?', '1,,3', ',2,3', ',,'));
    expect(inputs).toEqual([
      [[1], [2], [3]],
      [[1], [2]],
      [[1]],
      'column “y”: expected a number, found nothing',
      column('expected a number, found nothing'),
      [],
    ]);
    expect(warnings).toEqual(['2 rows end in empty cells or missing values: their series are read as shorter ones.']);
    expect(examples('sequence-classification', table('1,2,3', '1,2,')).warnings[0]).toMatch(/^1 row ends in/);
  });

  it('are so where at least four of five cells with a value are numbers, otherwise texts', () => {
    const fifth = (cell: string) => examples('sequence-classification', table('1,2,3', '4,5,6', '7,8,9', '1,2,NA', cell)).inputs;
    expect(fifth('x,1,2').slice(3)).toEqual([[[1], [2]], column('expected a number, found “x”')]);
    expect(fifth('1,2,x').slice(3)).toEqual(['1 2 NA', '1 2 x']);
    expect(examples('sequence-classification', table(',,', ',,')).inputs).toEqual(['  ', '  ']);
  });

  it('for a forecast are one step of all of them, read once where one is forecast too', () => {
    const text = lines('x,g', '1,a', '2,a', '-999,a', '3,b', '4,b', 'NA,b', '5,b');
    const reader = { text, header: true, inputColumns: ['x'], targetColumns: ['x'], groupColumn: 'g' };
    const { rows, warnings } = examples('forecasting', reader);
    expect(rows[0]).toEqual({
      ...{ line: 2, group: 'a', time: 2000 },
      ...{ input: { kind: 'series', steps: [[1]] }, target: { kind: 'numbers', values: [1] } },
    });
    expect(rows[5]).toEqual({ line: 7, group: 'b', time: 7000, reason: expect.stringContaining('found “NA”') });
    expect(warnings).toEqual([expect.stringContaining('column “x”: 1 cell is -999')]);
  });
});

describe('lists', () => {
  const jsonl = (x: readonly unknown[], more: Partial<ReaderSettings> = {}): Settings => ({
    text: lines(...x.map((value) => JSON.stringify({ y: 'a', x: value }))),
    inputColumns: ['x'],
    targetColumns: ['y'],
    ...more,
  });
  const read = (x: readonly unknown[], more?: Partial<ReaderSettings>) =>
    examples('sequence-classification', jsonl(x, more)).inputs;

  it('of numbers are a series, of vectors one of several numbers a step', () => {
    expect(read([[1, 2.5], [3], []])).toEqual([[[1], [2.5]], [[3]], []]);
    expect(
      read([
        [
          [1, 2],
          [3, 4],
        ],
        [[5, 6], [7]],
        [[8, 9]],
        [[10, 11]],
        [[5, '6']],
      ]),
    ).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      column('expected 2 numbers at every step, found [7]'),
      [[8, 9]],
      [[10, 11]],
      column('expected 2 numbers at every step, found [5,"6"]'),
    ]);
  });

  it('of numbers are so where four of five are, otherwise tokens; what is no list is told', () => {
    const four = [[1], [2], [3], [4]];
    expect(read([...four, ['a']])[4]).toBe(column('expected 1 numbers at every step, found ["a"]'));
    expect(read([...four, 'a b'])[4]).toBe(column('expected a list of numbers, found “a b”'));
    expect(read([...four, ['a'], ['b', 2]]).slice(3)).toEqual([['4'], ['a'], ['b', '2']]);
    expect(read([...four, 'a b', 'c']).slice(3)).toEqual([['4'], 'a b', 'c']);
    // Empty cells and lists do not count.
    expect(read([[1], '', ''])).toEqual([
      [[1]],
      column('expected a list of numbers, found nothing'),
      column('expected a list of numbers, found nothing'),
    ]);
    expect(read([['a'], [], [], [], []])).toEqual([['a'], [], [], [], []]);
    expect(read(['', ''])).toEqual(['', '']);
  });

  it('of whole numbers from 0 on are token ids where the reader says so', () => {
    const ids = [[0, 5], [7]];
    expect(read(ids)).toEqual([[[0], [5]], [[7]]]);
    expect(read(ids, { lists: 'tokens' })).toEqual([['0', '5'], ['7']]);
    for (const [odd, found] of [
      [[1.5], [1.5]],
      [[-1], [-1]],
    ])
      expect(read([...ids, odd], { lists: 'tokens' })[2]).toEqual([found]);
    expect(read([...ids, 'none'], { lists: 'tokens' })).toEqual([['0', '5'], ['7'], 'none']);
    expect(read([[1, -1], ...ids], { lists: 'tokens' })[1]).toEqual([[0], [5]]);
    expect(read(ids, { lists: 'numbers' })).toEqual([[[0], [5]], [[7]]]);
  });

  it('hold texts, no objects, and are not cut short', () => {
    expect(read([['a', 1, true], [['a']], "['a', ...]", '[a] text'])).toEqual([
      ['a', '1', 'true'],
      column('expected texts in the list, found ["a"]'),
      column("the list “['a', ...]” cannot be read: is it cut short, or a quote missing?"),
      '[a] text',
    ]);
  });
});

describe('texts', () => {
  it('of several columns are joined, without the reader’s words for a missing value', () => {
    const text = lines('x,y,z', 'one,two,a', 'gone,NA,a', 'x,y,gone', 'x,y, ');
    const { rows, inputs } = examples('sequence-classification', {
      ...{ text, header: true, inputColumns: ['x', 'y'], targetColumns: ['z'], missing: ['gone'] },
    });
    expect(inputs).toEqual(['one two', ' NA', 'column “z”: no label', 'column “z”: no label']);
    expect(rows[0]).toEqual({
      ...{ line: 2, group: null },
      ...{ input: { kind: 'text', text: 'one two' }, target: { kind: 'class', label: 'a' } },
    });
    expect(rows[2]).toEqual({ line: 4, reason: 'column “z”: no label' });
    const lists = lines('x,y,z', '"[""a""]",b, a ');
    const joined = examples('sequence-classification', {
      text: lists,
      header: true,
      inputColumns: ['x', 'y'],
      targetColumns: ['z'],
    });
    expect(joined.rows).toMatchObject([{ input: { text: '["a"] b' }, target: { label: 'a' } }]);
  });

  it('with a class that may stand for a missing value are told', () => {
    const words = ['NA', 'n/a', 'NaN', 'NULL', '<NA>', '?', '\\N', 'None', 'nil', 'banana', 'NA', '-'];
    const text = lines('x,y', ...words.map((word, i) => `text ${i},${word}`));
    const reader = { text, header: true, inputColumns: ['x'], targetColumns: ['y'] };
    const told = examples('sequence-classification', reader).warnings;
    expect(told.map((warning) => /has the class “(.*?)”|have the class “(.*?)”/.exec(warning)?.slice(1).join(''))).toEqual([
      ...['NA', 'n/a', 'NaN', 'NULL', '<NA>', '?', '\\N', '-'],
    ]);
    const signs = lines('x,y', 'so it was,+', 'and so,-', 'it is,-');
    expect(examples('sequence-classification', { ...reader, text: signs }).warnings).toEqual([]);
    expect(told[0]).toBe(
      'column “y”: 2 rows have the class “NA”. If that stands for a missing value, add it to the missing-value words under Reading.',
    );
    expect(told[1]).toMatch(/^column “y”: 1 row has the class “n\/a”/);
    expect(examples('sequence-classification', { ...reader, missing: [] }).warnings).toEqual([]);
  });

  it('are tagged word by word', () => {
    const text = lines('x,y', 'a b,A B', '"[""a b"", ""c""]","[""A"", 1]"', 'a b,A', ',', `a b,"['A', ...]"`);
    const { rows, inputs } = examples('step-tagging', { text, header: true, inputColumns: ['x'], targetColumns: ['y'] });
    expect(inputs).toEqual([
      ['a', 'b'],
      ['a b', 'c'],
      'expected one tag per token, found 2 tokens and 1 tags',
      [],
      expect.stringMatching(/^column “y”: the list/),
    ]);
    expect(rows[1]).toMatchObject({ target: { kind: 'tags', labels: ['A', '1'] } });
  });
});

it.each<[string, Settings, string]>([
  ['no input', { text: 'x,y\n1,2\n', targetColumns: ['y'] }, 'no input column is chosen; the file has “x”, “y”'],
  ['no target', { text: 'x,y\n1,2\n', inputColumns: ['x'] }, 'no target column is chosen; the file has “x”, “y”'],
  ['one column', { text: 'x\n1\n', inputColumns: ['x'] }, 'the file has one column, but an input and a target are needed'],
  [
    'another name',
    { text: 'x,y\n1,2\n', inputColumns: ['z'], targetColumns: ['y'] },
    'there is no column “z”; the file has “x”, “y”',
  ],
  [
    'objects',
    { text: '{"x":{"a":1,"b":2},"xy":3,"y":[{"c":1}]}', inputColumns: ['x'], targetColumns: ['xy'] },
    'column “x” holds objects, not values; inside of them are “x.a”, “x.b”',
  ],
  [
    'lists of objects',
    { text: '{"x":{"a":1,"b":2},"y":[{"c":1}]}', inputColumns: ['x.a'], targetColumns: ['y'] },
    'column “y” holds objects, not values; inside of them are “y[0].c”',
  ],
])('a mapping to %s is refused', (_name, settings, message) => {
  expect(() => examples('sequence-classification', { header: true, ...settings })).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ code: 'column-missing', message }) }),
  );
});

it('several labels are refused where every tenth row has them, with the first four', () => {
  const text = (several: number): string =>
    lines(...Array.from({ length: 20 }, (_, i) => JSON.stringify({ x: 'a', y: i < several ? ['a', 'b', 3, ['c'], 'e'] : 'a' })));
  const read = (several: number) =>
    examples('sequence-classification', { text: text(several), inputColumns: ['x'], targetColumns: ['y'] });
  expect(() => read(2)).toThrow('column “y” holds several labels an example: line 1 has 5: “a”, “b”, “3”, “["c"]”, …. A class');
  expect(read(1).inputs[0]).toBe('column “y”: expected one label, found 5: “a”, “b”, “3”, “["c"]”, …');
});
