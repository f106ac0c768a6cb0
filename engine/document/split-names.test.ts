import { describe, expect, it } from 'vitest';
import {
  corpusName,
  findSplitColumn,
  isInStretches,
  missingShards,
  shardOf,
  splitOfFileName,
  splitOfWord,
  splitWords,
} from './split-names.ts';

describe('the split that a file is for', () => {
  it.each([
    ['train.csv', 'train'],
    ['GunPoint_TRAIN.tsv', 'train'],
    ['GunPoint_TEST.tsv', 'test'],
    ['train-00000-of-00001.jsonl', 'train'],
    ['validation-00000-of-00001.jsonl', 'validation'],
    ['wiki.valid.tokens', 'validation'],
    ['en_ewt-ud-dev.conllu', 'validation'],
    ['en_ewt-ud-train.conllu', 'train'],
    ['sentiment.trn', 'train'],
    ['sentiment.tst', 'test'],
    ['eng.testa', 'validation'],
    ['eng.testb', 'test'],
    ['trainData.csv', 'train'],
    ['val2017.csv', 'validation'],
    ['Development set.csv', 'validation'],
    ['eval.jsonl', 'test'],
  ])('%s: %s', (name, split) => expect(splitOfFileName(name)).toBe(split));

  it('is told by a word whatever its case, and spaces around it', () => {
    expect(['TRAIN', ' Dev ', 'tst', 'trains', ''].map(splitOfWord)).toEqual(['train', 'validation', 'test', null, null]);
  });

  it.each(['2017', 'latest.csv', 'contest.csv', 'restrain.csv', 'data.csv', 'developer.csv', 'value.csv'])(
    'is not read into %s',
    (name) => expect(splitOfFileName(name)).toBeNull(),
  );

  it('is not told by a name with two', () => {
    expect(splitOfFileName('train_and_test.csv')).toBeNull();
    expect(splitOfFileName('test-of-the-test.csv')).toBe('test');
  });
});

describe('the name of a corpus', () => {
  it.each([
    ['train.csv', 'dev.csv'],
    ['GunPoint_TRAIN.tsv', 'GunPoint_TEST.tsv'],
    ['train-00000-of-00003.jsonl', 'test-00000-of-00001.jsonl'],
    ['eng.train', 'eng.testb'],
  ])('is the same of %s and %s', (a, b) => expect(corpusName(a)).toBe(corpusName(b)));

  it.each([
    ['train.csv', 'test.jsonl'],
    ['GunPoint_TRAIN.tsv', 'Coffee_TEST.tsv'],
    ['train.csv', 'test_labels.csv'],
  ])('is not the same of %s and %s', (a, b) => expect(corpusName(a)).not.toBe(corpusName(b)));
});

describe('the column that names the split of each row', () => {
  const column = (name: string, ...cells: string[]) => ({ name, cells });

  it('is the first of such a name in which every cell is a split', () => {
    const found = findSplitColumn([
      column('text', 'train', 'test'),
      column('set', 'train', 'other'),
      column(' Split ', 'TRAIN', ' dev '),
      column('subset', 'train'),
    ]);
    expect(found).toBe(' Split ');
    expect(findSplitColumn([column('split'), column('splits', 'train'), column('text', 'train')])).toBeNull();
    expect(findSplitColumn([])).toBeNull();
    expect(findSplitColumn([column('by', 'test', 'dev'), column('for', 'dev', 'train'), column('set', 'x')])).toBe('for');
  });

  it('gives exported code the words of each split', () => {
    expect(splitWords(null)).toBeNull();
    const words = splitWords('set');
    expect(words).toMatchObject({ column: 'set', train: ['train', 'training', 'trn'] });
    expect(words?.validation).toContain('dev');
    expect(words?.validation).not.toContain('test');
    expect(words?.others).toEqual(expect.arrayContaining(['dev', 'test']));
    expect(words?.others).not.toContain('train');
  });
});

it('rows lie in stretches where fewer than a tenth of them begin another split', () => {
  const cells = (...lengths: number[]) =>
    lengths.flatMap((length, i) => Array<string>(length).fill(i % 2 === 0 ? 'train' : 'test'));
  expect(isInStretches(cells(20))).toBe(true);
  expect(isInStretches(cells(6, 5))).toBe(true);
  expect(isInStretches(cells(5, 5))).toBe(false);
  expect(isInStretches(cells(11, 10))).toBe(true);
  expect(isInStretches(cells(1, 1, 1, 1))).toBe(false);
  // Two words of one split are no change.
  expect(isInStretches(['dev', 'validation', 'dev', 'val'])).toBe(true);
});

describe('parts of a file', () => {
  it.each([
    ['train-00000-of-00005.jsonl', 0, 5, 'train.jsonl'],
    ['data_1_of_3.csv', 1, 3, 'data.csv'],
    ['part-2-of-3.txt', 2, 3, '.txt'],
    ['wiki.train.12of12.txt', 12, 12, 'wiki.train.txt'],
    ['part-00002-1b4e28ba-2fa1-11d2-883f-0016d3cca427-c000.csv', 2, null, 'part-.csv'],
    ['part-r-00010', 10, null, 'part-'],
  ])('%s is one', (name, number, count, without) => expect(shardOf(name)).toEqual({ number, count, name: without }));

  it.each(['train.csv', 'report-1-of-2024.csv', '5-of-3.csv', 'part-2.csv', 'test-of-the-test.csv'])('%s is none', (name) =>
    expect(shardOf(name)).toBeNull(),
  );

  it('that are not read are told, where the names say how many there are', () => {
    expect(missingShards(['a-1-of-3.csv'])).toBe('“a-1-of-3.csv” is a part of a file in 3: one of these is read.');
    expect(missingShards(['a-1-of-3.csv', 'a-3-of-3.csv'])).toContain('2 of these are read');
    for (const all of [['a-1-of-1.csv'], ['a-1-of-2.csv', 'a-2-of-2.csv'], ['a.csv'], ['part-00001.csv'], []])
      expect(missingShards(all)).toBeNull();
  });
});
