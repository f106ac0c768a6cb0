import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DataBinding, dataBinding, readerSettings } from '../../engine/document/data-binding.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import type { DataPreview, DataReport } from '../../engine/protocol/data.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import {
  cancelPreparing,
  changeBinding,
  changeCells,
  changeDates,
  chooseFile,
  chooseTask,
  followBinding,
  prepare,
  readAnew,
  useDataStore,
} from './store.ts';

const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] } as const;
const binding = (path: string, patch: Partial<DataBinding> = {}): DataBinding => ({
  ...dataBinding.parse({ source: { kind: 'file', path, reader }, task: 'sequence-classification' }),
  ...patch,
});
const preview = (path: string, patch: Partial<DataPreview> = {}): DataPreview => ({
  path,
  bytes: 1000,
  reader: readerSettings.parse(reader),
  task: 'sequence-classification',
  columns: [],
  beside: [],
  rows: [],
  badRows: [],
  badRowCount: 0,
  warnings: [],
  ...patch,
});
const facts = { vocabulary: 20, classes: 2, features: null, targets: null };
const report = (fingerprint: string): DataReport => ({ fingerprint, facts }) as unknown as DataReport;

const doc = useDocumentStore.getState;
const data = useDataStore.getState;
const pathOf = (): string | null => {
  const source = doc().document.data?.source;
  return source?.kind === 'file' ? source.path : null;
};
const open = (bound: DataBinding | null): void => doc().load({ document: { ...emptyDocument(), data: bound }, path: null });

let fake: FakeEngine;
/** As the window does it: each change of the document's data is followed. */
let unfollow: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  fake = fakeEngine();
  open(null);
  followBinding(null);
  unfollow = useDocumentStore.subscribe((state, before) => {
    if (state.document.data !== before.document.data || state.autosaveKey !== before.autosaveKey)
      followBinding(state.document.data);
  });
});
afterEach(() => {
  unfollow();
  followBinding(null);
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** A document with data that has been looked at and read through. */
async function opened(path: string): Promise<void> {
  open(binding(path));
  await fake.next('data.preview').answer(preview(path));
  await wait(0);
  await fake.next('data.prepare').answer(report(`of ${path}`));
}

describe('choosing a file', () => {
  it('looks at it, binds it with what was guessed, in one step, and reads it through', async () => {
    void chooseFile('/a.csv');
    expect(data().previewing).toBe(true);
    await fake.next('data.preview').answer(preview('/a.csv'));
    expect(data().previewing).toBe(false);
    expect(pathOf()).toBe('/a.csv');
    expect(doc().document.data?.task).toBe('sequence-classification');
    await wait(0);
    const call = fake.next('data.prepare');
    expect(call.params).toEqual({ binding: doc().document.data });
    expect(data().preparing).toBe(true);
    await call.answer(report('a'));
    expect(data()).toMatchObject({ preparing: false, report: { fingerprint: 'a' }, reported: doc().document.data });
    expect(doc().facts).toEqual(facts);
    expect(fake.count('data.preview')).toBe(1);
    doc().undo();
    expect(doc().document.data).toBeNull();
    expect(doc().facts).toEqual(noFacts);
  });

  it('keeps how the examples before were split', async () => {
    await opened('/a.csv');
    changeBinding({ split: { ...binding('/a.csv').split, test: 0.3 } });
    void chooseFile('/b.csv');
    await fake.next('data.preview').answer(preview('/b.csv'));
    expect(pathOf()).toBe('/b.csv');
    expect(doc().document.data?.split.test).toBe(0.3);
  });

  it('takes the one chosen last, in whatever order the answers come', async () => {
    void chooseFile('/a.csv');
    void chooseFile('/b.csv');
    const [first, second] = [fake.next('data.preview'), fake.next('data.preview')];
    await second.answer(preview('/b.csv'));
    await first.answer(preview('/a.csv'));
    expect(pathOf()).toBe('/b.csv');
    expect(data().preview?.path).toBe('/b.csv');
    expect(data().previewing).toBe(false);
  });

  it('is of the document that it was chosen for: one opened meanwhile keeps its own data', async () => {
    void chooseFile('/a.csv');
    const call = fake.next('data.preview');
    open(binding('/own.csv'));
    await fake.next('data.preview').answer(preview('/own.csv'));
    await call.answer(preview('/a.csv'));
    expect(pathOf()).toBe('/own.csv');
    expect(data().preview?.path).toBe('/own.csv');
    void chooseFile('/b.csv');
    const other = fake.next('data.preview');
    open(null);
    expect(data().previewing).toBe(false);
    await other.answer(preview('/b.csv'));
    expect(doc().document.data).toBeNull();
    expect(data().preview).toBeNull();
  });

  it('that cannot be read says so, and binds nothing; not where another is looked at meanwhile', async () => {
    void chooseFile('/a.csv');
    await fake.next('data.preview').refuse('file-not-found');
    expect(data()).toMatchObject({ previewing: false, failure: { code: 'file-not-found' } });
    expect(doc().document.data).toBeNull();
    void chooseFile('/a.csv');
    void chooseFile('/b.csv');
    await fake.next('data.preview').refuse('file-not-found');
    expect(data()).toMatchObject({ previewing: true, failure: null });
  });
});

describe('reading anew', () => {
  const other = { ...preview('/a.csv').reader, delimiter: ';' };

  it('looks at the file with what was changed, and detects what that leaves open', async () => {
    await opened('/a.csv');
    void readAnew({ encoding: 'latin1' });
    const kept = fake.next('data.preview');
    expect(kept.params).toMatchObject({ path: '/a.csv', reader: { format: 'delimited', encoding: 'latin1', header: null } });
    expect(kept.params.reader).not.toHaveProperty('inputColumns');
    expect(kept.params.reader).not.toHaveProperty('targetColumns');
    await kept.answer(preview('/a.csv', { reader: other, task: 'step-tagging' }));
    expect(doc().document.data).toMatchObject({ source: { reader: other }, task: 'step-tagging' });
    void readAnew({ delimiter: ',' });
    expect(fake.next('data.preview').params.reader).toEqual({
      format: 'delimited',
      encoding: null,
      missing: other.missing,
      lists: null,
      delimiter: ',',
    });
  });

  it('changes nothing of other data that was chosen meanwhile', async () => {
    await opened('/a.csv');
    void readAnew({ header: true });
    const call = fake.next('data.preview');
    void chooseFile('/b.csv');
    await fake.next('data.preview').answer(preview('/b.csv'));
    await call.answer(preview('/a.csv', { reader: other }));
    expect(pathOf()).toBe('/b.csv');
    doc().endStep();
    doc().setData(binding('/c.csv'));
    void readAnew({ header: true });
    const again = fake.asked.length;
    doc().undo();
    expect(pathOf()).toBe('/b.csv');
    fake.asked[again - 1]?.answer(preview('/c.csv', { reader: other }));
    await settle();
    expect(pathOf()).toBe('/b.csv');
  });

  it('is of files only', async () => {
    open(dataBinding.parse({ source: { kind: 'template', name: 'x' }, task: 'forecasting' }));
    const before = doc().document;
    await readAnew({ header: true });
    changeCells({ decimal: ',' });
    changeDates('none');
    expect(fake.count('data.preview')).toBe(0);
    expect(doc().document).toBe(before);
    open(null);
    await readAnew({ header: true });
    changeBinding({ task: 'forecasting' });
    chooseTask('forecasting');
    expect(doc().document.data).toBeNull();
  });
});

describe('settings of the same file', () => {
  const source = () => doc().document.data?.source as { reader: DataPreview['reader'] } | undefined;

  it('say what cells and dates mean', async () => {
    await opened('/a.csv');
    changeCells({ decimal: ',' });
    expect(source()?.reader).toMatchObject({ decimal: ',', inputColumns: ['text'] });
    changeDates('day-first');
    expect(source()?.reader).toMatchObject({ dateOrder: 'day-first', decimal: ',' });
    changeDates('none');
    expect(source()?.reader).toMatchObject({ timeColumn: null });
    expect(source()?.reader).not.toHaveProperty('dateOrder');
    changeDates('guess');
    expect(source()?.reader).not.toHaveProperty('timeColumn');
  });

  it('change with the task, as the first rows suggest', async () => {
    await opened('/a.csv');
    const before = doc().document;
    chooseTask('sequence-classification');
    expect(doc().document).toBe(before);
    chooseTask('sequence-to-sequence');
    expect(doc().document.data).toMatchObject({ task: 'sequence-to-sequence' });
  });
});

describe('reading data through', () => {
  it('waits for a pause in changes of its settings', async () => {
    await opened('/a.csv');
    for (const limit of [1, 2, 3]) {
      changeBinding({ limit });
      await wait(400);
    }
    expect(fake.count('data.prepare')).toBe(1);
    await wait(100);
    expect(fake.next('data.prepare').params).toMatchObject({ binding: { limit: 3 } });
    // What was found before stays in sight, as of the settings before.
    expect(data()).toMatchObject({ report: { fingerprint: 'of /a.csv' }, reported: { limit: null } });
  });

  it('takes the newest answer, in whatever order they come', async () => {
    await opened('/a.csv');
    changeBinding({ limit: 1 });
    await wait(500);
    changeBinding({ limit: 2 });
    await wait(500);
    const [first, second] = [fake.next('data.prepare'), fake.next('data.prepare')];
    await second.answer(report('second'));
    await first.answer(report('first'));
    expect(data().report?.fingerprint).toBe('second');
    changeBinding({ limit: 3 });
    await wait(500);
    changeBinding({ limit: 4 });
    await wait(500);
    await fake.next('data.prepare').refuse('late');
    expect(data()).toMatchObject({ preparing: true, failure: null });
  });

  it('that undo has made needless changes nothing any more', async () => {
    await opened('/a.csv');
    changeBinding({ limit: 1 });
    await wait(500);
    doc().undo();
    expect(data().preparing).toBe(false);
    await fake.next('data.prepare').answer({ ...report('of limit 1'), facts: { ...facts, classes: 7 } });
    expect(data()).toMatchObject({ report: { fingerprint: 'of /a.csv' }, reported: doc().document.data });
    expect(doc().facts).toEqual(facts);
  });

  it('of another document’s data is not shown in this one, a large file’s neither', async () => {
    open(binding('/a.csv'));
    await wait(0);
    const old = fake.next('data.prepare');
    await fake.next('data.preview').answer(preview('/a.csv'));
    void chooseFile('/large.csv');
    await fake.next('data.preview').answer(preview('/large.csv', { bytes: 30_000_001 }));
    expect(data().preparing).toBe(false);
    await wait(60_000);
    expect(fake.count('data.prepare')).toBe(1);
    await old.answer(report('of a'));
    expect(data()).toMatchObject({ report: null, reported: null });
    expect(doc().facts).toEqual(noFacts);
    // Once it is asked for it is read, and goes on being read when a setting changes.
    void prepare();
    changeBinding({ limit: 5 });
    expect(data().preparing).toBe(true);
    await fake.next('data.prepare').answer(report('of large'));
    expect(data()).toMatchObject({ report: { fingerprint: 'of large' }, reported: { limit: null } });
    expect(doc().facts).toEqual(noFacts);
  });

  it('gives its facts to another document with the same data', async () => {
    await opened('/a.csv');
    open(binding('/a.csv'));
    expect(doc().facts).toEqual(facts);
    expect(data().reported).toBe(doc().document.data);
    await wait(60_000);
    expect(fake.count('data.prepare')).toBe(1);
  });

  it('that fails says why and leaves the graph without facts; one that was cancelled says nothing', async () => {
    await opened('/a.csv');
    changeBinding({ limit: 1 });
    await wait(500);
    await fake.next('data.prepare').refuse('cancelled');
    expect(data()).toMatchObject({ preparing: false, failure: null });
    expect(doc().facts).toEqual(facts);
    changeBinding({ limit: 2 });
    await wait(500);
    await fake.next('data.prepare').refuse('no-rows');
    expect(data()).toMatchObject({ preparing: false, failure: { code: 'no-rows' } });
    expect(doc().facts).toEqual(noFacts);
  });

  it('is cancelled at once; what the engine had found by then is not shown', async () => {
    open(binding('/a.csv'));
    await wait(0);
    const call = fake.next('data.prepare');
    const cancelled = cancelPreparing();
    expect(data().preparing).toBe(false);
    await call.answer(report('late'));
    expect(data().report).toBeNull();
    await fake.next('data.cancel').refuse('engine-crashed');
    await cancelled;
    expect(data().failure?.code).toBe('engine-crashed');
  });

  it('of a template needs no look at a file', async () => {
    await opened('/a.csv');
    open(dataBinding.parse({ source: { kind: 'template', name: 'x' }, task: 'forecasting' }));
    expect(data()).toMatchObject({ preview: null, report: null });
    await wait(0);
    expect(fake.next('data.prepare').params).toMatchObject({ binding: { source: { kind: 'template' } } });
    expect(fake.count('data.preview')).toBe(1);
  });

  it('without data reads nothing', async () => {
    await prepare();
    expect(fake.asked).toEqual([]);
  });
});
