import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReaderSettings } from '../../document/data-binding.ts';
import { openReader } from './open-reader.ts';
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
    expect(file.columns).toEqual(['data.text', 'annotations[0].label', 'annotations[1].label', 'tags']);
    expect(file.rows[1]?.cells).toEqual(['blue jumps', 'p', 'x', ['a', 'b']]);
  });

  it('are no values where another row has one', () => {
    const file = open('{"a":1,"b":"x"}\n{"a":{"c":2},"b":{"d":[{}]}}\n');
    expect(file.columns).toEqual(['a', 'b', 'a.c']);
    expect(file.rows.map((row) => row.cells)).toEqual([
      ['1', 'x', ''],
      ['', '', '2'],
    ]);
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
});

it('names what to do with one object over many lines', () => {
  expect(() => open('{\n "text": {\n  "0": "a"\n }\n}\n', { format: 'jsonl' })).toThrow('one JSON object over many lines');
});
