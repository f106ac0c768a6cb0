import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dataBinding } from '../../document/data-binding.ts';
import { prepareData } from '../prepare.ts';
import { previewFile } from '../preview.ts';
import { jsonText, parseJson } from './json.ts';
import { longestLine } from './lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-json-'));
afterAll(() => rmSync(folder, { recursive: true }));

const nested = (depth: number, [open, close]: readonly [string, string] = ['[', ']']): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

it('parses what is nested as data are, brackets in strings not counted', () => {
  expect(parseJson('{"a": [1, {"b": "[[\\"{{"}]}')).toEqual({ a: [1, { b: '[["{{' }] });
  expect(JSON.stringify(parseJson(nested(64)))).toBe(nested(64));
  expect(parseJson(`["${'['.repeat(100)}"${', []'.repeat(100)}]`)).toHaveLength(101);
  expect(parseJson(`["\\"${'['.repeat(100)}"${', {}'.repeat(100)}]`)).toHaveLength(101);
  expect(() => parseJson(nested(65))).toThrow('nested more than 64 deep');
  expect(() => parseJson('{"a"')).toThrow(SyntaxError);
});

describe('whole numbers that no double holds', () => {
  it('keep their digits, and others stay numbers', () => {
    const text = '{"id": 9223372036854775807, "list": [9007199254740991, -9007199254740993, 1e30, 1.00000000000000000001]}';
    expect(parseJson(text)).toEqual({ id: 9223372036854775807n, list: [9007199254740991, -9007199254740993n, 1e30, 1] });
    expect(jsonText(parseJson(text))).toBe('{"id":9223372036854775807,"list":[9007199254740991,-9007199254740993,1e+30,1]}');
  });

  it('begin where a number does, in text without spaces too, and are no part of a fraction', () => {
    expect(parseJson('[1,9223372036854775807,{"a":9007199254740993}]')).toEqual([
      1,
      9223372036854775807n,
      { a: 9007199254740993n },
    ]);
    const fractions = '[0.9223372036854775807,-0.9223372036854775807,9223372036854775807.5,9223372036854775807e2]';
    expect(parseJson(fractions)).toEqual(JSON.parse(fractions));
  });

  it('are no part of a string, and do not mend what is no JSON', () => {
    const told = '{"a \\" 9223372036854775807": "9223372036854775807", "b": "\\\\"}';
    expect(parseJson(told)).toEqual(JSON.parse(told));
    for (const broken of [
      '{"a": 09223372036854775807}',
      '{"a": 9223372036854775807x}',
      '[-, 9223372036854775807]',
      '9223372036854775807 1',
    ])
      expect(() => parseJson(broken)).toThrow(SyntaxError);
  });

  it('of more digits than any id has are doubles: exact ones would take long to read', () => {
    expect(parseJson(`[${'1'.repeat(1000)}]`)).toEqual([BigInt('1'.repeat(1000))]);
    expect(parseJson(`[${'1'.repeat(1001)}]`)).toEqual([Number.POSITIVE_INFINITY]);
  });
});

const fine = Array.from({ length: 20 }, (_unused, i) => JSON.stringify({ text: `good words ${i}`, label: i % 2 ? 'x' : 'y' }));

it('calls a row that is too deep, or too long, a bad row, and reads the others', async () => {
  const rows = [
    `{"text": ${nested(9000)}, "label": "x"}`,
    `{"text": ${nested(200_000)}, "label": "x"}`,
    `{"text": ${nested(9000, ['{"a":', '}'])}, "label": "x"}`,
    `{"text": ${nested(200_000).slice(0, 200_000)}`,
    `{"text": "${'long '.repeat(longestLine / 5)}", "label": "x"}`,
  ];
  const path = join(folder, 'deep.jsonl');
  writeFileSync(path, [...fine.slice(0, 5), ...rows, ...fine.slice(5)].join('\n'));
  expect((await previewFile(path, { format: 'jsonl' })).badRows.length).toBeGreaterThan(0);
  const reader = { format: 'jsonl', inputColumns: ['text'], targetColumns: ['label'] };
  const { report } = await prepareData(
    dataBinding.parse({ source: { kind: 'file', path, reader }, task: 'sequence-classification' }),
  );
  expect(report.counts.train + report.counts.validation + report.counts.test).toBe(20);
  expect(report.badRows.map(({ line }) => line)).toEqual([6, 7, 8, 9, 10]);
  for (const { reason } of report.badRows.slice(0, 4)) expect(reason).toContain('nested more than 64 deep');
  expect(report.badRows[4]?.reason).toContain('longer than 8,000,000 characters');
});

it('takes a cell of a table that is too deep as the text that it is', async () => {
  const path = join(folder, 'deep.csv');
  writeFileSync(
    path,
    ['text,label', `${nested(9000)},x`, ...fine.map((_line, i) => `good words ${i},${i % 2 ? 'x' : 'y'}`)].join('\n'),
  );
  const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] };
  const { report } = await prepareData(
    dataBinding.parse({ source: { kind: 'file', path, reader }, task: 'sequence-classification' }),
  );
  expect(report.badRowCount).toBe(0);
});

describe('more bad rows than the head of a file holds', () => {
  const bad = `${'no object '.repeat(20)}\n`.repeat(4000);
  const binding = (path: string) =>
    dataBinding.parse({
      source: { kind: 'file', path, reader: { format: 'jsonl', inputColumns: ['text'], targetColumns: ['label'] } },
      task: 'sequence-classification',
    });

  it('are read over, to the first object', async () => {
    const path = join(folder, 'late.jsonl');
    writeFileSync(path, bad + fine.join('\n'));
    expect((await previewFile(path)).columns.map(({ name }) => name)).toEqual(['text', 'label']);
    const { report } = await prepareData(binding(path));
    expect(report.counts.train + report.counts.validation + report.counts.test).toBe(20);
    expect(report.badRowCount).toBe(4000);
  });

  it('may be one object that is longer', async () => {
    const path = join(folder, 'long.json');
    const long = JSON.stringify({ text: 'long '.repeat(200_000), label: 'x' });
    writeFileSync(path, `[${[long, ...fine].join(',\n')}]`);
    const { report } = await prepareData(binding(path));
    expect(report.counts.train + report.counts.validation + report.counts.test).toBe(21);
  });

  it.each([1, 4000])('are told of where there is no object, of %i rows', async (rows) => {
    const path = join(folder, `none-${rows}.jsonl`);
    writeFileSync(path, bad.slice(0, rows * 201));
    expect((await previewFile(path)).badRowCount).toBe(rows);
    await expect(prepareData(binding(path))).rejects.toMatchObject({
      failure: {
        code: 'no-good-row',
        message: expect.stringMatching(
          rows === 1
            ? /the first row cannot be read; line 1: not valid JSON/
            : /the first 4,000 rows cannot be read; line 1: not/,
        ),
      },
    });
  });
});
