import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readerSettings } from '../../engine/document/data-binding.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { bindChosenFiles, changeRole, type FileRole, joinedFiles, roleProblem, takeFiles, useOwnSplits } from './own-splits.ts';
import { useDataStore } from './store.ts';

const files = () => useOwnSplits.getState().files;
const named = (...roles: FileRole[]) => roles.map((role, i) => ({ path: `/d/${i}.csv`, role }));

const reader = readerSettings.parse({ format: 'text' });

let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  useOwnSplits.setState({ files: null });
  useDataStore.setState({ failure: null });
  useUiStore.getState().setTab('design');
});
afterEach(async () => {
  for (const call of fake.asked) call.refuse('over');
  await settle();
  vi.restoreAllMocks();
});

describe('files that were chosen together', () => {
  it('are looked at where it is one, and are nothing where it is none', () => {
    takeFiles([]);
    expect(useUiStore.getState().tab).toBe('design');
    takeFiles(['/d/train.csv']);
    expect(useUiStore.getState().tab).toBe('data');
    expect(fake.next('data.preview').params).toEqual({ path: '/d/train.csv' });
    expect(files()).toBeNull();
  });

  it('are for what their names say, and it is asked where they do not', () => {
    takeFiles(['/d/train.csv', '/train/dev.csv', '/d/words.csv']);
    expect(files()?.map(({ role }) => role)).toEqual(['train', 'validation', null]);
    changeRole('/d/words.csv', 'test');
    expect(files()?.map(({ role }) => role)).toEqual(['train', 'validation', 'test']);
    expect(fake.asked).toEqual([]);
  });

  it('are too many where they are more than twelve', () => {
    const paths = Array.from({ length: 13 }, (_, i) => `/d/${i}.wav`);
    takeFiles(paths.slice(1));
    expect(files()).toHaveLength(12);
    useOwnSplits.setState({ files: null });
    takeFiles(paths);
    expect(files()).toBeNull();
    expect(useDataStore.getState().failure?.code).toBe('too-many-files');
  });

  it.each<[FileRole[], string | null]>([
    [['train', 'test', 'none'], null],
    [['validation', 'train', null], 'Say what “2.csv” is for.'],
    [['validation', 'none'], 'Choose the file for training.'],
  ])('used as %j: %s', (roles, problem) => {
    if (problem === null) expect(roleProblem(named(...roles))).toBeNull();
    else expect(roleProblem(named(...roles))).toContain(problem);
  });

  it.each<[FileRole[], object | undefined]>([
    [['validation', 'none', 'train', 'test'], { validation: '/d/0.csv', test: '/d/3.csv' }],
    [['test', 'none', 'train'], { test: '/d/0.csv' }],
    [['none', 'none', 'train'], undefined],
  ])('are bound as %j', async (roles, splitFiles) => {
    useOwnSplits.setState({ files: named(...roles) });
    bindChosenFiles();
    expect(files()).toBeNull();
    const call = fake.next('data.preview');
    expect(call.params).toEqual({ path: '/d/2.csv' });
    await call.answer({ path: '/d/2.csv', task: 'language-model', reader, columns: [], rows: [], bytes: 1 } as never);
    expect(useDocumentStore.getState().document.data?.source).toEqual({
      kind: 'file',
      path: '/d/2.csv',
      reader,
      ...(splitFiles && { splitFiles }),
    });
  });

  it('are read as one where they are for the same, which is told', async () => {
    expect(joinedFiles(named('train', 'test', 'none'))).toEqual([]);
    expect(joinedFiles(named('test', 'train', 'test'))).toEqual([
      'For test, “0.csv” and “2.csv” are read as one file, in this order.',
    ]);
    expect(joinedFiles(named('train', 'train', 'train', 'train', 'train'))[0]).toContain('“0.csv” to “4.csv”');
    useOwnSplits.setState({ files: named('test', 'train', 'train', 'test') });
    bindChosenFiles();
    const call = fake.next('data.preview');
    expect(call.params).toEqual({ path: '/d/1.csv' });
    await call.answer({ path: '/d/1.csv', task: 'language-model', reader, columns: [], rows: [], bytes: 1 } as never);
    const source = { path: '/d/1.csv', splitFiles: { test: '/d/0.csv' }, parts: { train: ['/d/2.csv'], test: ['/d/3.csv'] } };
    expect(useDocumentStore.getState().document.data?.source).toMatchObject(source);
  });

  it('are parts of one file where their names number them, however many', () => {
    takeFiles(Array.from({ length: 30 }, (_, i) => `/d/part-${29 - i}-of-30.csv`));
    expect(
      files()
        ?.map(({ path, role }) => `${role} ${path}`)
        .slice(0, 3),
    ).toEqual(['train /d/part-0-of-30.csv', 'train /d/part-1-of-30.csv', 'train /d/part-2-of-30.csv']);
    takeFiles(['/d/a-test-1-of-2.csv', '/d/a-train-1-of-2.csv', '/d/b-1-of-2.csv']);
    expect(files()?.map(({ role }) => role)).toEqual(['test', 'train', null]);
  });

  it('are not bound while there is a question', () => {
    bindChosenFiles();
    useOwnSplits.setState({ files: named('train', null) });
    bindChosenFiles();
    expect(files()).toHaveLength(2);
    expect(fake.asked).toEqual([]);
  });
});
