import { describe, expect, it } from 'vitest';
import type { ReaderSettings } from '../../document/data-binding.ts';
import { guessColumnKind } from './column-kind.ts';
import { given, guessTask, type SampledColumn } from './guess-task.ts';
import type { Cell } from './record.ts';

/** Columns by name, each of equally many cells. */
const table = (columns: Readonly<Record<string, readonly Cell[]>>): SampledColumn[] =>
  Object.entries(columns).map(([name, cells]) => ({ name, kind: guessColumnKind(cells), cells }));
const rows = (count: number, cell: (row: number) => Cell): Cell[] => Array.from({ length: count }, (_, row) => cell(row));
const said = (columns: readonly SampledColumn[], format: ReaderSettings['format'] = 'delimited') => {
  const { task, inputColumns, targetColumns } = guessTask(format, columns);
  return `${task}: ${inputColumns.join(' ')} > ${targetColumns.join(' ')}`;
};

const prose = (row: number): string => `some quite long words about thing ${row}`;
const kinds = (count: number) => rows(count, (row) => ['good', 'bad'][row % 2] ?? '');
const measures = rows(12, (row) => (row * 0.37).toFixed(2));
const few = rows(12, (row) => String(row % 3));
const days = rows(12, (row) => `2020-01-${String(row + 1).padStart(2, '0')}`);

describe('a table', () => {
  it.each<[string, Readonly<Record<string, readonly Cell[]>>]>([
    // The input: files, then a known name, then the longest text, then the longest column.
    ['sequence-classification: path > label', { text: rows(12, prose), path: rows(12, (row) => `${row}.wav`), label: kinds(12) }],
    [
      'sequence-classification: body > label',
      { notes: rows(12, (row) => `${prose(row)} and more`), body: rows(12, prose), label: kinds(12) },
    ],
    ['sequence-classification: b > label', { a: rows(12, (row) => `short ${row}`), b: rows(12, prose), label: kinds(12) }],
    ['sequence-classification: long > kind', { kind: kinds(12), long: rows(12, (row) => ['abcdefg', 'hijklmn'][row % 2] ?? '') }],
    ['sequence-classification: a > ', { a: rows(12, prose) }],
    ['sequence-classification:  > ', {}],
    [
      'sequence-classification: b > kind',
      { kind: rows(12, (row) => `class of number ${row % 2}`), b: rows(12, (row) => `t ${row}`) },
    ],
    [
      'sequence-classification: b > kind',
      { kind: rows(12, (row) => `class of number ${row % 2}`), b: rows(12, (row) => [`t${row}`]) },
    ],
    ['sequence-regression: note > low', { day: days, note: rows(12, prose), low: measures }],
    // The target: a known name, then a category, then a number, then what is left.
    ['sequence-classification: text > sentiment', { kind: kinds(12), text: rows(12, prose), sentiment: few }],
    ['sequence-classification: text > kind', { number: measures, text: rows(12, prose), kind: kinds(12) }],
    ['sequence-regression: text > number', { other: rows(12, (row) => `word${row}`), text: rows(12, prose), number: measures }],
    ['sequence-classification: text > other', { text: rows(12, prose), other: rows(12, (row) => `word${row}`) }],
    // Numbers measure where some are no whole numbers, or many are different.
    ['sequence-classification: text > score', { text: rows(12, prose), score: few }],
    ['sequence-regression: text > score', { text: rows(21, prose), score: rows(21, (row) => String(row)) }],
    ['sequence-classification: text > score', { text: rows(20, prose), score: rows(20, (row) => String(row)) }],
    ['sequence-regression: text > score', { text: rows(12, prose), score: [...few.slice(1), '0.5'] }],
    [
      'sequence-classification: text > score',
      { text: rows(20, prose), score: rows(20, (row) => (row === 3 ? 'NA' : String(row % 3))) },
    ],
    ['sequence-classification: text > when', { text: rows(12, prose), when: rows(12, (row) => `2020-01-01 10:${row + 10}`) }],
    // Texts to say: of such a name and several words, or hardly ever the same.
    [
      'sequence-to-sequence: text > answer',
      { text: rows(12, prose), answer: rows(12, (row) => ['oh yes', 'oh no'][row % 2] ?? '') },
    ],
    [
      'sequence-classification: text > answer',
      { text: rows(12, prose), answer: rows(12, (row) => ['yes', 'no'][row % 2] ?? '') },
    ],
    ['sequence-to-sequence: text > answer', { text: rows(12, prose), answer: rows(12, (row) => `word${row}`) }],
    ['sequence-to-sequence: text > other', { text: rows(10, prose), other: rows(10, (row) => `two${row} words`) }],
    ['sequence-classification: text > other', { text: rows(9, prose), other: rows(9, (row) => `two${row} words`) }],
    ['sequence-classification: text > other', { text: rows(10, prose), other: rows(10, (row) => `${row % 5} words`) }],
    ['sequence-to-sequence: text > other', { text: rows(10, prose), other: rows(10, (row) => [`${row % 6}`, 'b']) }],
    // A series: numbers and dates; the last one is foreseen unless one has the name of a target.
    ['forecasting: low high > high', { day: days, kind: kinds(12), low: measures, high: measures }],
    ['forecasting: low high > high', { low: measures, high: measures }],
    ['forecasting: y high > y', { y: measures, high: measures }],
    ['sequence-classification: high > kind', { kind: rows(12, (row) => 'ab'[row % 2] ?? ''), high: measures }],
    ['forecasting: high > high', { empty: rows(12, () => ''), high: measures }],
    // What names a row, or is the same in all of them, is not learned.
    [
      'sequence-classification: question1 question2 > is_duplicate',
      {
        id: rows(24, String),
        qid1: rows(24, (row) => String(2 * row + 1)),
        question1: rows(24, (row) => `${prose(row)}?`),
        question2: rows(24, (row) => `${prose(row)}, or not?`),
        is_duplicate: rows(24, (row) => String(row % 2)),
      },
    ],
    [
      'sequence-classification: #2 > #0',
      { '#0': rows(12, (row) => String(4 * (row % 2))), '#1': rows(12, () => 'NO_QUERY'), '#2': rows(12, prose) },
    ],
    [
      'sequence-classification: row.text > row.label',
      { row_idx: rows(24, String), 'row.text': rows(24, prose), 'row.label': rows(24, (row) => String(row % 2)) },
    ],
    // Pairs without names are read from left to right, whichever is longer; whom they are from is no part of them.
    [
      'sequence-to-sequence: #0 > #1',
      {
        '#0': rows(12, (row) => `go there ${row}`),
        '#1': rows(12, (row) => `vas donc te promener là ${row}`),
        '#2': rows(12, (row) => `CC-BY 2.0 (France) Attribution: tatoeba.org #${row} (CM)`),
      },
    ],
    [
      'sequence-to-sequence: #1 > #2',
      { '#0': rows(12, (row) => `LJ001-${row}`), '#1': rows(12, prose), '#2': rows(12, (row) => `${prose(row)} said`) },
    ],
    // A row of numbers without names is a series where its first column, or its last, holds few whole numbers.
    [
      `sequence-classification: ${Array.from({ length: 9 }, (_, i) => `#${i}`).join(' ')} > #9`,
      Object.fromEntries(
        Array.from({ length: 10 }, (_, i) => [
          `#${i}`,
          rows(12, (row) => (i < 9 ? (0.1 * row + i).toExponential(18) : (row % 5 ? 0 : 3).toExponential(18))),
        ]),
      ),
    ],
    // A column that grows by the same step is the time.
    ['forecasting: low > low', { year: rows(12, (row) => String(1900 + row)), low: measures }],
    ['forecasting: #1 > #1', { '#0': rows(12, (row) => String(1609459200000 + row * 60000)), '#1': measures }],
    ['forecasting: x > x', { x: rows(12, (row) => String(row * 5)) }],
  ])('is read as %s', (guess, columns) => expect(said(table(columns))).toBe(guess));

  it.each(['#0', 'Unnamed: 0', 'index', 'ID', 'row', 'no', 'No.', '#12'])(
    'of numbers is a series without the rows that %s counts',
    (name) => {
      for (const first of [0, 1])
        expect(said(table({ [name]: rows(3, (row) => String(first + row)), x: measures.slice(0, 3) }))).toBe(
          'forecasting: x > x',
        );
    },
  );

  it.each<[string, readonly Cell[]]>([
    ['index', ['0', '1']],
    ['index', ['2', '3', '4']],
    ['index', ['0', '1', '3']],
    ['index', ['1', '0', '-1']],
    ['indexes', ['0', '1', '2']],
    ['an index', ['0', '1', '2']],
    ['#a', ['0', '1', '2']],
  ])('of numbers counts its rows by no column “%s” of %j', (name, cells) => {
    expect(said(table({ [name]: cells, x: measures.slice(0, cells.length) }))).toBe(`forecasting: ${name} x > x`);
  });

  it('of another kind is read as that kind is', () => {
    const text = { text: rows(12, prose) };
    expect(said(table(text), 'text')).toBe('language-model: text > ');
    expect(said(table({ ...text, label: kinds(12) }), 'text')).toBe('sequence-classification: text > label');
    expect(said(table({ ...text, low: measures }), 'series')).toBe('forecasting: low > low');
    expect(said(table(text), 'series')).toBe('forecasting:  > ');
  });
});

describe('words and their tags', () => {
  const tokens = (row: number): string[] => [`a${row}`, `b${row}`, `c${row}`];
  it.each<[string, Readonly<Record<string, readonly Cell[]>>]>([
    ['step-tagging: words tags', { words: rows(4, tokens), tags: rows(4, () => ['X', 'Y', 'X']) }],
    ['step-tagging: b a', { a: rows(4, () => ['X', 'Y', 'X']), b: rows(4, tokens) }],
    [
      'step-tagging: b a',
      { kind: kinds(4), a: rows(12, (row) => `X Y Z${row % 6}`), b: rows(12, (row) => tokens(row).join(' ')) },
    ],
    // Few different ones are classes. A row of them has another length; there are two words a row at most; there are no fewer tags than words.
    [
      'sequence-classification: words tags',
      { words: rows(4, tokens), tags: rows(4, (row) => ['X', 'Y', ...(row === 3 ? [] : ['X'])]) },
    ],
    ['sequence-classification: words tags', { words: rows(4, (row) => tokens(row).slice(1)), tags: rows(4, () => ['X', 'Y']) }],
    ['sequence-classification: words tags', { words: rows(4, tokens), tags: rows(4, tokens) }],
    [
      'sequence-classification: words tags',
      { words: rows(12, (row) => tokens(row).join(' ')), tags: rows(12, (row) => ['X Y X', 'Y Y X'][row % 2] ?? '') },
    ],
  ])('%s', (guess, columns) => {
    expect(said(table(columns)).replace(' >', '')).toBe(guess);
  });

  it('are no tags where there are more than two hundred', () => {
    const many = (different: number) =>
      said(
        table({ words: rows(100, tokens), tags: rows(100, (row) => tokens(row).map((_, i) => `T${(3 * row + i) % different}`)) }),
      );
    expect(many(200)).toMatch(/^step-tagging/);
    expect(many(201)).not.toMatch(/^step-tagging/);
  });

  it('of CoNLL-U are forms and their universal tags, or others where none is given; else by name, or the first and the last', () => {
    const words = [['1', '2']];
    const conllu = (upos: Cell, xpos: Cell, ids: readonly Cell[] = words): SampledColumn[] =>
      table(
        Object.fromEntries(
          Array.from({ length: 10 }, (_, i) => [
            `#${i}`,
            [i === 0 ? (ids[0] ?? '') : i === 3 ? upos : i === 4 ? xpos : ['a', 'b']],
          ]),
        ),
      );
    expect(said(conllu(['N', '_'], ['n', 'n']), 'conll')).toBe('step-tagging: #1 > #3');
    expect(said(conllu(['_', '_'], ['n', '_']), 'conll')).toBe('step-tagging: #1 > #4');
    expect(said(conllu(['_', '_'], ['_', '_']), 'conll')).toBe('step-tagging: #1 > #3');
    for (const odd of [
      ['1', 'x'],
      ['1', '2x'],
      ['1', 'x2'],
    ])
      expect(said(conllu(['N', 'N'], ['n', 'n'], [odd]), 'conll')).toBe('step-tagging: #0 > #9');
    expect(said(conllu(['N', 'N'], ['n', 'n'], [['9', '10']]), 'conll')).toBe('step-tagging: #1 > #3');
    expect(said(conllu(['N', 'N'], ['n', 'n']).slice(0, 4), 'conll')).toBe('step-tagging: #0 > #3');
    const cells = [['a', 'b']];
    expect(said(table({ id: cells, word: cells, pos: cells, ner: cells, note: cells }), 'conll')).toBe(
      'step-tagging: word > ner',
    );
    expect(said(table({ foo: cells, text: cells }), 'conll')).toBe('step-tagging: text > foo');
    expect(said(table({ words: cells }), 'conll')).toBe('step-tagging: words > ');
    expect(said([], 'conll')).toBe('step-tagging:  > ');
  });

  it('are what stands between spaces, or in a list', () => {
    expect([' a  b ', ' ', "['a b', 'c']", '[1, 2]'].map(given)).toEqual([['a', 'b'], [], ['a b', 'c'], [1, 2]]);
  });
});

describe('a label and a series a row, as the UCR archive has them', () => {
  const sine = (row: number, steps = 8): string[] => Array.from({ length: steps }, (_, step) => Math.sin(row + step).toFixed(4));
  const ucr = (labels: readonly string[], steps = 8, step = sine) =>
    table(
      Object.fromEntries(
        Array.from({ length: steps + 1 }, (_, i) => [
          `#${i}`,
          labels.map((label, row) => (i === 0 ? label : (step(row, steps)[i - 1] ?? ''))),
        ]),
      ),
    );
  const three = rows(12, (row) => String((row % 3) - 1)) as string[];
  const found = 'sequence-classification: #1 #2 #3 #4 #5 #6 #7 #8 > #0';

  it('is told by few whole numbers in front of many that measure', () => {
    expect(said(ucr(three))).toBe(found);
    expect(said(ucr(three, 10))).toMatch(/^sequence-classification: #1 .* #10 > #0$/);
    expect(said(ucr(['1', '2', '1', '2']))).toBe(found);
    // Shorter series are padded, some to nothing at all.
    const padded = (row: number): string[] => sine(row).map((cell, i) => (i === 7 ? '' : row % 2 && i > 4 ? 'NaN' : cell));
    expect(said(ucr(three, 8, padded))).toBe(found);
    const half = (row: number): string[] => sine(row).map((cell, i) => (row === 1 && i === 0 ? cell : String(row)));
    expect(said(ucr(three, 8, half))).toBe(found);
    const most = rows(120, (row) => String(row % 60)) as string[];
    expect(said(ucr(most))).toBe(found);
    expect(said(ucr(rows(122, (row) => String(row % 61)) as string[]))).toMatch(/^forecasting/);
  });

  it.each<[string, SampledColumn[]]>([
    ['measurements in the first column', ucr(three.map((label) => `${label}.5`))],
    ['one measurement among them', ucr(['0.5', '0.5', ...three.slice(2)])],
    ['a first cell without a number', ucr(['NaN', ...three.slice(1)])],
    ['one label', ucr(three.map(() => '1'))],
    ['rows that are counted', ucr(three.map((_label, row) => String(row)))],
    ['labels hardly ever twice', ucr(['1', '2', '3', '3', '1'])],
    ['a few columns of numbers', ucr(three, 7)],
    ['whole numbers alone', ucr(three, 8, (row) => rows(8, (step) => String(row + step)) as string[])],
    ['columns with names', ucr(three).map((column, i) => ({ ...column, name: `sensor ${i}` }))],
    ['a column with a name', ucr(three).map((column, i) => (i === 4 ? { ...column, name: 'x' } : column))],
  ])('is not told by %s: that is a series in time', (_what, columns) =>
    expect(guessTask('delimited', columns).task).toBe('forecasting'),
  );

  it('is not told of another format, nor beside texts', () => {
    expect(guessTask('jsonl', ucr(three)).task).toBe('forecasting');
    expect(said([...ucr(three), ...table({ '#9': rows(12, prose) })])).toBe('sequence-classification: #9 > #0');
  });
});

describe('a class for each row of numbers', () => {
  it('is the one column of classes', () => {
    const two = { a: measures, b: few };
    expect(said(table({ ...two, kind: kinds(12) }))).toBe('sequence-classification: a b > kind');
    expect(said(table({ user_id: few, ...two, kind: kinds(12) }))).toBe('sequence-classification: a b > kind');
    // With a year in it, a row is a moment of each class's own series.
    expect(said(table({ kind: kinds(12), year: few, b: measures }))).toBe('forecasting: b > b');
    expect(said(table({ year: few, kind: kinds(12) }))).not.toMatch(/^forecasting/);
    expect(said(table({ year: few, hour: few, b: measures, wind: kinds(12), c: few }))).toBe('forecasting: b c > c');
  });

  it('is of the fewest, where columns have no names', () => {
    const users = rows(24, (row) => `u${row % 6}`);
    const columns = {
      '#0': rows(24, (row) => String((row % 2) * 4)),
      '#1': rows(24, () => 'none'),
      '#2': users,
      '#3': rows(24, prose),
    };
    expect(said(table(columns))).toBe('sequence-classification: #3 > #0');
  });
});

it.each([
  ['question1', 'question2'],
  ['text_a', 'text_b'],
  ['premise', 'hypothesis'],
])('reads %s and %s together', (one, other) => {
  const pair = { [one]: rows(12, prose), [other]: rows(12, (row) => `${prose(row)} or other`), label: kinds(12) };
  expect(said(table(pair))).toBe(`sequence-classification: ${one} ${other} > label`);
  const apart = { first1: rows(12, prose), second2: rows(12, (row) => `${prose(row)} or other`), label: kinds(12) };
  expect(said(table(apart))).toBe('sequence-classification: second2 > label');
});

it('takes figures that differ in each row for moments, not for a text', () => {
  const months = rows(12, (row) => `1-${String(row + 1).padStart(2, '0')}`);
  const named = rows(12, (row) => `${['Jan', 'Feb', 'March'][row % 3] ?? ''}-0${row}`);
  expect(said(table({ Month: named, Sales: measures }))).toBe('forecasting: Sales > Sales');
  expect(said(table({ Month: months, Sales: measures }))).toBe('forecasting: Sales > Sales');
  expect(said(table({ on: days, still: rows(12, () => '1'), v: measures, flag: rows(12, () => '1') }))).toBe(
    'forecasting: still v flag > v',
  );
});

it('reads words without names for their sounds, and a list of turns in its order', () => {
  const words = rows(12, (row) => `word${'abcdefghijkl'[row] ?? ''}`);
  const sounds = rows(12, (row) => `AH0 T${row} K`);
  expect(said(table({ '#0': words, '#1': sounds }))).toBe('sequence-to-sequence: #0 > #1');
  const turns = { 'm[0].text': rows(12, prose), 'm[1].text': rows(12, (row) => `${prose(row)} and more`) };
  const every = { 'm[].text': rows(12, (row) => [prose(row), prose(row)]) };
  expect(said(table({ ...turns, ...every }), 'jsonl')).toBe('sequence-to-sequence: m[0].text > m[1].text');
});
