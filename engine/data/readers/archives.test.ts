import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dataBinding, type ReaderSettings } from '../../document/data-binding.ts';
import { prepareData } from '../prepare.ts';
import { previewFile } from '../preview.ts';
import type { BadRow } from '../raw-example.ts';
import { openReader, readingNotes } from './open-reader.ts';
import { isRecord } from './record.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-archives-'));
afterAll(() => rmSync(folder, { recursive: true }));

function open(name: string, text: string, wanted: Partial<ReaderSettings> = {}) {
  const head = Buffer.from(text, 'utf8');
  const file = openReader({ path: name, bytes: head.length, head, pieces: [], complete: true }, wanted);
  return {
    ...file,
    cells: file.head.filter(isRecord).map(({ cells }) => cells),
    bad: file.head.filter((row): row is BadRow => !isRecord(row)),
  };
}

const tsHead = (more: string): string => `#The archive’s words\n#\n@problemName Pen\n@timeStamps false\n@missing false\n${more}`;

describe('.ts files', () => {
  it('are recognised by their tags, and hold steps of one dimension or several, and a class', () => {
    const one = open('Pen_TRAIN.ts', `${tsHead('@univariate true\n@classLabel true 1 2\n')}@data\n1,2.5,-3e-2:1\n\n4,5,6:2\n`);
    expect([one.reader.format, one.columns]).toEqual(['ts', ['series', 'label']]);
    expect(one.cells).toEqual([
      [[1, 2.5, -0.03], '1'],
      [[4, 5, 6], '2'],
    ]);
    const several = open('x.txt', `${tsHead('@univariate false\n@dimensions 2\n@classLabel true a b\n')}@data\n1,2,3:4,5,6:a\n`);
    expect(several.cells).toEqual([
      [
        [
          [1, 4],
          [2, 5],
          [3, 6],
        ],
        'a',
      ],
    ]);
  });

  it('may have a number to predict, or nothing', () => {
    const number = open('x.ts', `${tsHead('@univariate true\n@targetLabel true\n')}@data\n1,2:3.5\n`);
    expect([number.columns, number.cells]).toEqual([['series', 'target'], [[[1, 2], '3.5']]]);
    const none = open('x.ts', `${tsHead('@univariate true\n@classLabel false\n')}@data\n1,2\n`);
    expect([none.columns, none.cells]).toEqual([['series'], [[[1, 2]]]]);
  });

  it('tell missing values and bad rows with their lines', () => {
    const { cells, bad } = open(
      'x.ts',
      `${tsHead('@univariate false\n@classLabel true a b\n')}@data\n1,?:3,NaN:a\n1,2:3:a\n1,2:a\n1,two:3,4:b\n1:2:?\na\n`,
    );
    expect(cells).toEqual([
      [
        [
          [1, 3],
          [null, null],
        ],
        'a',
      ],
      [[[1, 2]], ''],
    ]);
    expect(bad).toEqual([
      { line: 10, reason: 'dimension 1 has 2 steps, dimension 2 has 1: all dimensions of a series need the same: 1,2:3:a' },
      { line: 11, reason: 'expected 2 dimensions, found 1: 1,2:a' },
      { line: 12, reason: 'expected a number, found “two”: 1,two:3,4:b' },
      { line: 14, reason: 'expected values, “:” and the answer: a' },
    ]);
  });

  it('with time stamps are refused by name', () => {
    const text = '@problemName x\n@timeStamps true\n@univariate true\n@classLabel true a\n@data\n(0,1.5),(2,3):a\n';
    expect(() => open('x.ts', text)).toThrow('@timeStamps true');
  });

  it('are no source code, and no table with an @ in it', () => {
    expect(open('x.ts', 'import a from "b";\n@Component({})\nclass C {}\n').reader.format).not.toBe('ts');
    expect(open('x.txt', '@data\n1,2\n3,4\n').reader.format).not.toBe('ts');
  });
});

describe('ARFF', () => {
  const head = `% 1. Title: Iris\n@RELATION iris\n\n@ATTRIBUTE 'sepal length' NUMERIC\n@attribute size {small, 'very large'}\n@attribute day date "yyyy-MM-dd"\n@attribute note string\n@DATA\n`;

  it('is recognised by its first line, and says what its columns hold', async () => {
    const file = open('iris.txt', `${head}5.1,small,2024-01-31,'it\\'s, "so"'\n?,'very large',?,"a \\"b\\""\n`);
    expect([file.reader.format, file.columns]).toEqual(['arff', ['sepal length', 'size', 'day', 'note']]);
    expect(file.declared).toEqual(['number', 'category', 'date', null]);
    expect(file.cells).toEqual([
      ['5.1', 'small', '2024-01-31', 'it\'s, "so"'],
      ['', 'very large', '', 'a "b"'],
    ]);
    expect(readingNotes(file)).toEqual([]);
  });

  it('has sparse rows, in which a number is 0 and a class the first one where nothing is written; weights are left out', () => {
    const file = open('x.arff', `${head}{}\n{0 2.5, 3 'a, 1 b'}\n{1 'very large'}, {3.5}\n1,small,?,x,{2}\n`);
    expect(file.cells).toEqual([
      ['0', 'small', '', ''],
      ['2.5', 'small', '', 'a, 1 b'],
      ['0', 'very large', '', ''],
      ['1', 'small', '', 'x'],
    ]);
  });

  it('tells bad rows', () => {
    const { bad, cells } = open('x.arff', `${head}1,small,?\n1,small,?,'x\n{9 1}\n{0 1\n{small 1}\n'?',small,?,'?'\n`);
    expect(bad.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '9 expected 4 values, found 3: 1,small,?',
      "10 a quote is not closed, or a value is missing: 1,small,?,'x",
      '11 no attribute has the number “9”: {9 1}',
      '12 a sparse row needs “}” at its end: {0 1',
      '13 a quote is not closed, or a value is missing: {small 1}',
    ]);
    // In quotes, a question mark is a text.
    expect(cells).toEqual([['?', 'small', '', '?']]);
  });

  it('holds series of several dimensions as the UEA archive writes them, which is told', () => {
    const file = open(
      'x.arff',
      `@relation m\n@attribute s relational\n@attribute t1 numeric\n@attribute t2 numeric\n@end s\n@attribute c {a,b}\n@data\n'1,2\\n3,?',a\n'1,2\\n3',b\n'1,2\\n3,x',b\n`,
    );
    expect(file.columns).toEqual(['s', 'c']);
    expect(file.cells).toEqual([
      [
        [
          [1, 3],
          [2, null],
        ],
        'a',
      ],
    ]);
    expect(file.bad).toHaveLength(2);
    expect(readingNotes(file).join()).toContain('each line is a dimension of the series');
  });

  it('with a type that it does not have is refused by name', () => {
    expect(() => open('x.arff', '@relation x\n@attribute a complex\n@data\n1\n')).toThrow('attribute “a” has the type “complex”');
  });
});

describe('what is guessed of an archive', () => {
  const rows = (count: number, row: (i: number) => string): string =>
    Array.from({ length: count }, (_unused, i) => row(i)).join('\n');
  const guess = async (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const { task, reader, warnings } = await previewFile(path);
    return { path, task, reader, warnings };
  };

  it('is the series and its class, or its number, and it is prepared as such', async () => {
    const head = '@problemName p\n@univariate false\n@timeStamps false\n';
    const classes = await guess(
      'p_TRAIN.ts',
      `${head}@classLabel true a b\n@data\n${rows(20, (i) => `${i},1,2:3,${i},5:${i % 2 ? 'a' : 'b'}`)}\n`,
    );
    expect(classes).toMatchObject({
      task: 'sequence-classification',
      reader: { inputColumns: ['series'], targetColumns: ['label'] },
    });
    const { report } = await prepareData(
      dataBinding.parse({ source: { kind: 'file', path: classes.path, reader: classes.reader }, task: classes.task }),
    );
    expect(report.facts).toMatchObject({ features: 2, classes: 2 });
    expect(report.badRowCount).toBe(0);
    const number = await guess('r.ts', `${head}@targetLabel true\n@data\n${rows(30, (i) => `${i},1,2:3,${i},5:${i}.5`)}\n`);
    expect(number).toMatchObject({ task: 'sequence-regression', reader: { targetColumns: ['target'] } });
  });

  it('of ARFF is the last column, where it holds classes and all others are numbers, however many', async () => {
    const names = Array.from({ length: 1200 }, (_unused, i) => `att${i}`);
    const head = `@relation u\n${names.map((name) => `@attribute ${name} numeric`).join('\n')}\n@attribute target {1,2}\n@data\n`;
    const found = await guess(
      'u.arff',
      `${head}${rows(8, (i) => `${names.map((_name, k) => `${(i + k) % 7}.123`).join(',')},${1 + (i % 2)}`)}\n`,
    );
    expect(found).toMatchObject({ task: 'sequence-classification', reader: { inputColumns: names, targetColumns: ['target'] } });
    expect(found.warnings).toEqual([expect.stringContaining('a label and one series')]);
    const { report } = await prepareData(
      dataBinding.parse({ source: { kind: 'file', path: found.path, reader: found.reader }, task: found.task }),
    );
    expect(report.facts).toMatchObject({ features: 1, classes: 2 });
    // Its decimal sign is the point, whatever the numbers look like.
    expect(report.warnings.join()).not.toContain('thousands');
  });

  it('shortens series that end in missing values, and tells it', async () => {
    const path = join(folder, 'short.ts');
    const content = `@problemName p\n@univariate true\n@classLabel true a b\n@data\n${rows(10, (i) => `${i},1${i % 2 ? ',2' : ',?'}:${i % 2 ? 'a' : 'b'}`)}\n1,?,2:a\n?,?:a\n`;
    writeFileSync(path, content);
    const { report } = await prepareData(
      dataBinding.parse({
        source: { kind: 'file', path, reader: { format: 'ts', inputColumns: ['series'], targetColumns: ['label'] } },
        task: 'sequence-classification',
      }),
    );
    expect(report.warnings.join()).toContain('5 rows end in empty cells or missing values');
    expect(report.badRows.map(({ line }) => line)).toEqual([15, 16]);
  });
});
