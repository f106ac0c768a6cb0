import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReaderSettings } from '../../document/data-binding.ts';
import { openReader, readingNotes } from './open-reader.ts';
import { isRecord } from './record.ts';

function open(text: string, wanted: Partial<ReaderSettings> = {}) {
  const head = Buffer.from(text, 'utf8');
  const file = openReader({ path: 'x.json', bytes: head.length, head, pieces: [], complete: true }, wanted);
  return { ...file, rows: file.head.filter(isRecord), bad: file.head.filter((row) => !isRecord(row)) };
}

describe('objects inside of objects', () => {
  const lines = ['n', 'p']
    .map((label) => JSON.stringify({ data: { text: 'blue jumps' }, annotations: [{ label }, { label: 'x' }], tags: ['a', 'b'] }))
    .join('\n');

  it('are opened into columns', () => {
    const file = open(lines);
    expect(file.columns).toEqual(['data.text', 'annotations[0].label', 'annotations[1].label', 'tags', 'annotations[].label']);
    expect(file.rows[1]?.cells).toEqual(['blue jumps', 'p', 'x', ['a', 'b'], ['p', 'x']]);
  });

  it('are no values where another row has one', () => {
    const file = open('{"a":1,"b":"x"}\n{"a":{"c":2},"b":{"d":[{}]}}\n');
    expect(file.columns).toEqual(['a', 'b', 'a.c']);
    expect(file.rows.map((row) => row.cells)).toEqual([
      ['1', 'x', ''],
      ['', '', '2'],
    ]);
  });

  it('are looked for in what the row itself holds, and in no other kind of value', () => {
    const file = open('{"a":[1,{"b":2}],"toString":"x"}\n{"a":"yz"}\n{"a":null}\n{"a":{"0":3}}\n');
    expect(file.columns).toEqual(['a[0]', 'a[1].b', 'toString', 'a', 'a.0', 'a[]', 'a[].b']);
    expect(file.rows.map((row) => row.cells)).toEqual([
      ['1', '2', 'x', '', '', ['1', ''], ['', '2']],
      ['', '', '', 'yz', '', '', ''],
      ['', '', '', '', '', '', ''],
      ['', '', '', '', '3', '', ''],
    ]);
  });
});

describe('lists of objects', () => {
  const tokens = (words: readonly string[]) => ({
    id: 1,
    tokens: words.map((text, i) => ({ text, tags: [{ pos: i % 2 ? 'N' : 'V' }] })),
  });

  it('have all their values in one column, and what is beyond the fourth is told', () => {
    const file = open([tokens(['a']), tokens(['b', 'c', 'd', 'e', 'f', 'g'])].map((row) => JSON.stringify(row)).join('\n'));
    expect(file.columns.slice(-2)).toEqual(['tokens[].text', 'tokens[].tags[0].pos']);
    expect(file.columns.filter((name) => /^tokens\[\d\]\.text$/.test(name))).toHaveLength(4);
    expect(file.rows.map(({ cells }) => cells.slice(-2))).toEqual([
      [['a'], ['V']],
      [
        ['b', 'c', 'd', 'e', 'f', 'g'],
        ['V', 'N', 'V', 'N', 'V', 'N'],
      ],
    ]);
    expect(readingNotes(file)).toEqual([
      '“tokens” holds lists of up to 6 objects: the first 4 have columns of their own, and “tokens[]…” the values of all.',
    ]);
    expect(readingNotes(open('{"a":[{"b":1},{"b":2},{"b":3},{"b":4}]}\n'))).toEqual([]);
  });

  it('are joined where they stand inside of each other, and leave a gap where one has no value', () => {
    const rows = { a: [{ b: [{ c: 1 }, { c: 2 }] }, { b: [{ d: 0 }, { c: 4 }] }] };
    const file = open(`${JSON.stringify(rows)}\n{"a":3,"x":1}\n`);
    const at = file.columns.indexOf('a[].b[].c');
    expect(file.rows.map(({ cells }) => cells[at])).toEqual([['1', '2', '', '4'], '']);
  });

  it('that are too deep, or hold too much, are told', () => {
    const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}\n`;
    expect(open(deep(8)).columns).toEqual(['a.a.a.a.a.a.a.a']);
    expect(readingNotes(open(deep(8)))).toEqual([]);
    expect(readingNotes(open(deep(9)))).toEqual(['Values inside of more than 8 objects or lists have no column.']);
    const list = { a: [{ b: Array.from({ length: 5 }, (_unused, c) => ({ c })) }, { b: [] }] };
    expect(readingNotes(open(`${JSON.stringify(list)}\n`))).toEqual([
      expect.stringMatching(/^“a\[0\]\.b” holds lists of up to 5/),
    ]);
    const wideOf = (length: number): string =>
      `${JSON.stringify(Object.fromEntries(Array.from({ length }, (_unused, i) => [`k${i}`, i])))}\n`;
    expect(readingNotes(open(wideOf(512).repeat(2)))).toEqual([]);
    const file = open(wideOf(513));
    expect(file.columns).toHaveLength(512);
    expect(readingNotes(file)).toEqual(['Only the first 512 values of an object have columns.']);
  });
});

describe('keys with dots and brackets', () => {
  it('keep a name of their own beside the value that the name would lead to', () => {
    const file = open('{"a.b":"flat","a":{"b":"deep"},"l[0].x":1,"l":[{"x":2}],"c.d":3,"":{"e":4},"e":5}\n');
    expect(Object.fromEntries(file.columns.map((name, i) => [name, file.rows[0]?.cells[i]]))).toEqual({
      '["a.b"]': 'flat',
      'a.b': 'deep',
      '["l[0].x"]': '1',
      'l[0].x': '2',
      'c.d': '3',
      '[""].e': '4',
      e: '5',
    });
  });

  it('are called as in the training file by the others, whatever these hold', () => {
    const sample = (text: string) => ({
      path: 'x.jsonl',
      bytes: text.length,
      head: Buffer.from(text),
      pieces: [],
      complete: true,
    });
    const training = openReader(sample('{"a.b":"flat","a":{"b":"deep"},"c.d":1}\n'), {});
    expect(openReader(sample('{"a.b":"flat"}\n'), {}, training).columns).toEqual(['["a.b"]']);
    expect(openReader(sample('{"a":{"b":"deep"}}\n'), {}, training).columns).toEqual(['a.b']);
    expect(openReader(sample('{"c":{"d":1},"c.d":2}\n'), {}, training).columns).toEqual(['c.d', 'c.d']);
  });
});

describe('one array of objects', () => {
  const rows = [
    { text: 'a "quoted" ] } text', label: 'x', n: 1.5 },
    { text: 'line\nend \\', label: 'y', n: -2 },
  ];
  const expected = rows.map((row) => [row.text, row.label, String(row.n)]);

  it.each([0, 2])('is read with an indent of %i', (indent) => {
    const file = open(JSON.stringify(rows, null, indent));
    expect(file.reader.format).toBe('jsonl');
    expect(file.columns).toEqual(['text', 'label', 'n']);
    expect(file.rows.map((row) => row.cells)).toEqual(expected);
    expect(file.rows.map((row) => row.line)).toEqual(indent === 0 ? [1, 1] : [2, 7]);
  });

  it('reads what JSON.stringify writes', () => {
    const value = fc.record({ text: fc.string({ unit: 'grapheme' }), label: fc.constantFrom('a', '[', '}', '\\"') });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.constantFrom(0, 1, 4), (objects, indent) => {
        const read = open(JSON.stringify(objects, null, indent)).rows.map((row) => row.cells);
        expect(read).toEqual(objects.map(({ text, label }) => [text, label]));
      }),
    );
  });

  it('tells what is no object, and where the file ends too early', () => {
    expect(open('[{"a":"b"},\n["c"],\n{"a":').bad).toEqual([
      { line: 2, reason: 'expected an object {…}, found ["c"]' },
      { line: 3, reason: expect.stringContaining('the file ends inside of an object') },
    ]);
  });

  it('is read over brackets inside of its objects, over line ends between them, and from an escape on', () => {
    const file = open('[{"\\"}":{"a":[1,[2]]}}, {"\\"}":\n{"a":[3]}},\n{"\\"}":{"a":4}}]');
    expect(file.columns).toEqual(['"}.a']);
    expect(file.rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, [1, [2]]],
      [1, [3]],
      [3, '4'],
    ]);
    expect(file.bad).toEqual([]);
  });

  it('may begin after empty lines; what stands behind its end is told', () => {
    const file = open('\n \n [ \n{"a":"b"},{"a":"c"}] more\n\n{"a":"d"}\n');
    expect(file.rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [4, 'b'],
      [4, 'c'],
    ]);
    expect(file.bad).toEqual([
      { line: 4, reason: 'text after the end of the array:  more' },
      { line: 6, reason: 'text after the end of the array: {"a":"d"}' },
    ]);
  });
});

it('reads one object a line, passes over empty lines, and tells what else stands on one', () => {
  const file = open('{"a":1}\n\n  \nnull\n3\n"x"\n[1]\n{"a":\n{"a":2}\n');
  expect(file.rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [1, '1'],
    [9, '2'],
  ]);
  expect(file.bad).toEqual([
    ...['null', '3', '"x"', '[1]'].map((found, i) => ({ line: 4 + i, reason: `expected an object {…}, found ${found}` })),
    { line: 8, reason: expect.stringMatching(/^not valid JSON \(./) },
  ]);
});

it('has a sign for half of a surrogate pair, which no file can hold', () => {
  expect(open('{"a":"x\\ud83d","b":"\\ud83d\\ude00"}\n').rows[0]?.cells).toEqual(['x\ufffd', '😀']);
});

it('names what to do with one object over many lines', () => {
  expect(() => open('{\n "text": "a",\n "label": {\n  "is": "b"\n }\n}\n', { format: 'jsonl' })).toThrow(
    'holds one object over many lines',
  );
});

it('names Python’s way to write dictionaries, and what makes JSON of them', () => {
  expect(open("{'text': 'a', 'label': None}\n", { format: 'jsonl' }).bad).toEqual([
    { line: 1, reason: expect.stringContaining('json.dumps') },
  ]);
});
