import { describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { fileOfSplit, sourceFiles, sourceOf } from '../document/data-files.ts';
import { node } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { filePaths, mapFilePaths } from './file-paths.ts';

const template = dataBinding.parse({ source: { kind: 'template', name: 'reversal' }, task: 'sequence-to-sequence' });
const withFiles = (splitFiles?: object) =>
  dataBinding.parse({
    source: { kind: 'file', path: 'train.csv', reader: { format: 'delimited' }, ...(splitFiles && { splitFiles }) },
    task: 'sequence-classification',
  });
const both = withFiles({ validation: 'dev.csv', test: 'test.csv' });
const document: UnrollDocument = {
  ...emptyDocument(),
  nodes: [
    node('words', 'embedding', { width: 4, vectors: 'glove.txt' }),
    node('own', 'embedding', { width: 4, vectors: '' }),
    node('wrong', 'embedding', { vectors: 7 }),
    node('new', 'transformer', { vectors: 'not-known.txt' }),
    node('dense', 'dense', { activation: 'tanh' }),
  ],
  data: both,
};

describe('paths of files in a document', () => {
  it('are those of layers whose setting is one, then those of the data', () => {
    expect(filePaths(document)).toEqual(['glove.txt', 'train.csv', 'dev.csv', 'test.csv']);
    expect(filePaths({ ...document, data: template })).toEqual(['glove.txt']);
    expect(filePaths(emptyDocument())).toEqual([]);
  });

  it('are replaced, each in its place, and nothing else is', () => {
    const there = (path: string): string => `there/${path}`;
    const moved = mapFilePaths(document, there);
    expect(moved.nodes[0]?.params).toEqual({ width: 4, vectors: 'there/glove.txt' });
    expect(moved.nodes.slice(1)).toEqual(document.nodes.slice(1));
    expect(moved.data).toEqual({
      ...both,
      source: { ...both.source, path: 'there/train.csv', splitFiles: { validation: 'there/dev.csv', test: 'there/test.csv' } },
    });
    expect({ ...moved, nodes: [], data: null }).toEqual({ ...document, nodes: [], data: null });
    for (const splitFiles of [undefined, {}, { validation: 'a' }, { test: 'b' }]) {
      const data = withFiles(splitFiles);
      expect(mapFilePaths({ ...document, data }, (path) => path)).toStrictEqual({ ...document, data });
    }
    expect(mapFilePaths({ ...document, data: null }, there).data).toBeNull();
    expect(mapFilePaths({ ...document, data: template }, there).data).toEqual(template);
  });
});

describe('the files of a source', () => {
  it('are several of a split where it comes in parts, and say so again', () => {
    const parts = { train: ['train-2.csv', 'train-3.csv'], test: ['test-2.csv'] };
    const { source } = dataBinding.parse({ ...both, source: { ...both.source, parts } });
    const files = sourceFiles(source);
    expect(files.map(({ role, path }) => `${role} ${path}`)).toEqual([
      'train train.csv',
      'train train-2.csv',
      'train train-3.csv',
      'validation dev.csv',
      'test test.csv',
      'test test-2.csv',
    ]);
    expect(sourceOf(files)).toEqual({ path: 'train.csv', splitFiles: { validation: 'dev.csv', test: 'test.csv' }, parts });
    const moved = mapFilePaths({ ...document, data: { ...both, source } }, (path) => `there/${path}`).data?.source;
    expect(moved).toMatchObject({ parts: { train: ['there/train-2.csv', 'there/train-3.csv'], test: ['there/test-2.csv'] } });
  });

  it('are that for training, and those of the splits that have one', () => {
    const train = { role: 'train', path: 'train.csv' };
    expect(sourceFiles(both.source)).toEqual([
      train,
      { role: 'validation', path: 'dev.csv' },
      { role: 'test', path: 'test.csv' },
    ]);
    expect(sourceFiles(withFiles().source)).toEqual([train]);
    expect(sourceFiles(withFiles({ test: 'x' }).source)).toEqual([train, { role: 'test', path: 'x' }]);
    expect(sourceFiles(template.source)).toEqual([]);
  });

  it('hold a split, or that for training does', () => {
    const { source } = withFiles({ test: 'x' });
    expect((['train', 'validation', 'test'] as const).map((split) => fileOfSplit(source, split))).toEqual([
      'train',
      'train',
      'test',
    ]);
  });
});
