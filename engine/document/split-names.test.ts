import { describe, expect, it } from 'vitest';
import { corpusName, splitOfFileName } from './split-names.ts';

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

  it.each(['latest.csv', 'contest.csv', 'restrain.csv', 'data.csv', 'developer.csv', 'value.csv'])(
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
