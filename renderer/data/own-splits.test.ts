import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readerSettings } from '../../engine/document/data-binding.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { bindChosenFiles, changeRole, type FileRole, roleProblem, takeFiles, useOwnSplits } from './own-splits.ts';
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
    [['train', 'test', 'test'], '“1.csv” and “2.csv” are both for test'],
  ])('used as %j: %s', (roles, problem) => {
    if (problem === null) expect(roleProblem(named(...roles))).toBeNull();
    else expect(roleProblem(named(...roles))).toContain(problem);
  });

  it.each<[FileRole[], object]>([
    [['validation', 'none', 'train', 'test'], { validation: '/d/0.csv', test: '/d/3.csv' }],
    [['test', 'none', 'train'], { test: '/d/0.csv' }],
    [['none', 'none', 'train'], {}],
  ])('are bound as %j', async (roles, splitFiles) => {
    useOwnSplits.setState({ files: named(...roles) });
    bindChosenFiles();
    expect(files()).toBeNull();
    const call = fake.next('data.preview');
    expect(call.params).toEqual({ path: '/d/2.csv' });
    await call.answer({ path: '/d/2.csv', task: 'language-model', reader, columns: [], rows: [], bytes: 1 } as never);
    expect(useDocumentStore.getState().document.data?.source).toMatchObject({ path: '/d/2.csv', splitFiles });
  });

  it('are not bound while there is a question', () => {
    bindChosenFiles();
    useOwnSplits.setState({ files: named('train', null) });
    bindChosenFiles();
    expect(files()).toHaveLength(2);
    expect(fake.asked).toEqual([]);
  });
});
