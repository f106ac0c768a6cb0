import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { node } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { keepCopies, keepCopy } from './autosave.ts';
import {
  isModelPath,
  leaveDocument,
  newDocument,
  openDocument,
  openPath,
  openTemplate,
  openText,
  recoverDocument,
  saveDocument,
  saveDocumentAs,
} from './document-actions.ts';
import { useFilePicker } from './file-picker-store.ts';
import { askUnsaved, type UnsavedAnswer, useUnsaved } from './unsaved-store.ts';

const doc = useDocumentStore.getState;
const named = (name: string): UnrollDocument => ({ ...emptyDocument(name), nodes: [node('a', 'dense')] });
const toasts = () => useToasts.getState().toasts;
const opened = (name: string, path: string | null = `/d/${name}.unroll.json`) => ({
  path: path ?? '',
  document: named(name),
  revision: `r-${name}`,
  migratedFrom: null,
  notes: [],
});

let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  fake.answers['document.autosave'] = () => ({});
  fake.answers['document.discard'] = () => ({});
  useToasts.setState({ toasts: [] });
  useUnsaved.setState({ question: null });
  useFilePicker.setState({ pending: null });
  doc().load({ document: named('one'), path: '/d/one.unroll.json', revision: 'r1' });
});
afterEach(() => vi.restoreAllMocks());

const edit = (): void => doc().setName('edited');
async function answer(choice: UnsavedAnswer): Promise<void> {
  await settle();
  useUnsaved.getState().question?.answer(choice);
  await settle();
}
async function pick(path: string | null, replace = false): Promise<void> {
  await settle();
  useFilePicker.getState().pending?.answer(path === null ? null : [path], replace);
  await settle();
}
const kept = () => fake.asked.filter(({ method }) => method === 'document.autosave' || method === 'document.discard');

describe('leaving a document', () => {
  it('asks nothing where nothing would be lost', async () => {
    expect(await leaveDocument()).toBe(true);
    doc().load({ document: emptyDocument(), path: null, dirty: true });
    expect(fake.asked).toEqual([]);
    doc().setName('only a name');
    expect(await leaveDocument()).toBe(true);
    // Nobody is offered an empty document at the next start.
    expect(kept().map(({ method }) => method)).toEqual(['document.discard']);
  });

  it.each([
    ['notes', { comments: [{ id: 'c', text: 'x', position: { x: 0, y: 0 }, size: { width: 100, height: 50 } }] }],
    ['data', { data: {} as UnrollDocument['data'] }],
  ])('asks about %s without nodes', async (_what, content) => {
    doc().load({ document: emptyDocument(), path: null });
    useDocumentStore.setState({ whole: { ...doc().whole, ...content } });
    const left = leaveDocument();
    await answer('cancel');
    expect(await left).toBe(false);
  });

  it('stays when the user cancels', async () => {
    edit();
    const left = leaveDocument();
    await settle();
    expect(useUnsaved.getState().question).toMatchObject({ name: 'edited', why: 'unsaved' });
    await answer('cancel');
    expect(await left).toBe(false);
    expect(kept()).toEqual([]);
    expect(doc().document.name).toBe('edited');
  });

  it('gives changes up by a copy in the trash, out of which they come back', async () => {
    edit();
    const { autosaveKey: key, document } = doc();
    const left = leaveDocument();
    await answer('discard');
    expect(await left).toBe(true);
    expect(kept().map(({ method, params }) => [method, params])).toEqual([
      ['document.autosave', { key, path: '/d/one.unroll.json', document }],
      ['document.discard', { key }],
    ]);
    doc().load({ document: emptyDocument(), path: null });
    const [toast] = toasts();
    expect(toast).toMatchObject({ title: 'The changes to “edited” were not saved.', action: { label: 'Undo' } });
    toast?.action?.run();
    await fake.next('document.restore').answer({});
    await fake.next('document.recover').answer({ ...opened('edited'), path: '/d/one.unroll.json' });
    expect(doc()).toMatchObject({ path: '/d/one.unroll.json', document: { name: 'edited' } });
    expect(isDirty(doc())).toBe(true);
    // The copy lives on under the window's new key; only then the old one goes.
    expect(
      kept()
        .slice(2)
        .map(({ method, params }) => [method, (params as { key: string }).key]),
    ).toEqual([
      ['document.autosave', doc().autosaveKey],
      ['document.discard', key],
    ]);
  });

  it('keeps no copy of what was given up, however long what comes in its place takes; of what is edited on it does', async () => {
    vi.useFakeTimers();
    const end = keepCopies();
    try {
      edit();
      vi.advanceTimersByTime(700);
      const shown = openPath('/d/slow.unroll.json');
      await answer('discard');
      vi.advanceTimersByTime(60_000);
      await keepCopy();
      expect(kept().map(({ method }) => method)).toEqual(['document.autosave', 'document.discard']);
      await fake.next('document.open').refuse('file-not-found');
      expect(await shown).toBe(false);
      doc().setName('worked on');
      vi.advanceTimersByTime(800);
      expect(kept().slice(2)).toMatchObject([
        { method: 'document.autosave', params: { key: doc().autosaveKey, document: { name: 'worked on' } } },
      ]);
    } finally {
      end();
      vi.useRealTimers();
    }
  });

  it('gives changes up without a word where the engine is away', async () => {
    fake.answers['document.autosave'] = undefined as never;
    edit();
    const left = leaveDocument();
    await answer('discard');
    await fake.next('document.autosave').refuse('engine-crashed');
    expect(await left).toBe(true);
    expect(toasts()).toEqual([]);
    // An older copy goes once the engine is back.
    expect(fake.count('document.discard')).toBe(1);
  });

  it('tells when changes cannot be brought back', async () => {
    edit();
    const left = leaveDocument();
    await answer('discard');
    await left;
    toasts()[0]?.action?.run();
    await fake.next('document.restore').refuse('file-not-found');
    expect(toasts().at(-1)?.title).toBe('The changes were not brought back: refused: file-not-found');
  });

  it('saves first where that is wanted, and stays when it was not saved', async () => {
    edit();
    const first = leaveDocument();
    await answer('save');
    await fake.next('document.save').refuse('no-space');
    expect(await first).toBe(false);
    const second = leaveDocument();
    await answer('save');
    await fake.next('document.save').answer({ path: '/d/one.unroll.json', revision: 'r2' });
    expect(await second).toBe(true);
  });

  it('cancels a question that a second one replaces, instead of leaving it open for ever', async () => {
    const [first, second] = [askUnsaved('a'), askUnsaved('b')];
    expect(await first).toBe('cancel');
    expect(useUnsaved.getState().question?.name).toBe('b');
    useUnsaved.getState().question?.answer('discard');
    expect(await second).toBe('discard');
    expect(useUnsaved.getState().question).toBeNull();
  });
});

describe('saving', () => {
  it('writes over what was opened, as it was then', async () => {
    edit();
    const saved = saveDocument();
    const call = fake.next('document.save');
    expect(call.params).toEqual({ path: '/d/one.unroll.json', document: doc().document, replace: true, revision: 'r1' });
    await call.answer({ path: '/d/one.unroll.json', revision: 'r2' });
    expect(await saved).toBe(true);
    expect(isDirty(doc())).toBe(false);
    expect(doc().revision).toBe('r2');
    expect(kept()).toMatchObject([{ method: 'document.discard', params: { key: doc().autosaveKey } }]);
  });

  it('leaves what was edited meanwhile unsaved', async () => {
    edit();
    const saved = saveDocument();
    doc().setTraining({ epochs: 9 });
    await fake.next('document.save').answer({ path: '/d/one.unroll.json', revision: 'r2' });
    expect(await saved).toBe(true);
    expect(isDirty(doc())).toBe(true);
  });

  it('gives no other document the path, that was opened meanwhile', async () => {
    edit();
    const saved = saveDocument();
    doc().load({ document: named('other'), path: '/d/other.unroll.json', revision: 'r9' });
    await fake.next('document.save').answer({ path: '/d/one.unroll.json', revision: 'r2' });
    expect(await saved).toBe(true);
    expect(doc()).toMatchObject({ path: '/d/other.unroll.json', revision: 'r9' });
    expect(isDirty(doc())).toBe(false);
  });

  it('does not replace a file that it has not read', async () => {
    doc().load({ document: named('one'), path: '/d/one.unroll.json' });
    void saveDocument();
    expect(fake.next('document.save').params).toMatchObject({ replace: false });
  });

  it('asks what to do where somebody else has saved: under another name, over it, or not at all', async () => {
    edit();
    const ask = async (choice: UnsavedAnswer) => {
      const saved = saveDocument();
      await fake.next('document.save').refuse('changed-on-disk');
      expect(useUnsaved.getState().question).toMatchObject({ name: 'one.unroll.json', why: 'changed' });
      await answer(choice);
      return { saved };
    };
    expect(await (await ask('cancel')).saved).toBe(false);
    const over = await ask('discard');
    const call = fake.next('document.save');
    expect(call.params).toEqual({ path: '/d/one.unroll.json', document: doc().document, replace: true });
    await call.answer({ path: '/d/one.unroll.json', revision: 'r5' });
    expect(await over.saved).toBe(true);
    edit();
    const other = await ask('save');
    await pick('/d/mine.unroll.json');
    await fake.next('document.save').answer({ path: '/d/mine.unroll.json', revision: 'r6' });
    expect(await other.saved).toBe(true);
    expect(doc().path).toBe('/d/mine.unroll.json');
  });

  it('offers to replace a document that is there; not once another is open', async () => {
    doc().load({ document: named('one'), path: null });
    const refused = async () => {
      const saved = saveDocument();
      await pick('/d/there.unroll.json');
      await fake.next('document.save').refuse('document-exists');
      expect(await saved).toBe(false);
      return toasts().at(-1);
    };
    const toast = await refused();
    expect(toast?.title).toBe('Not saved: refused: document-exists');
    toast?.action?.run();
    const call = fake.next('document.save');
    expect(call.params).toMatchObject({ path: '/d/there.unroll.json', replace: true, document: { name: 'one' } });
    await call.answer({ path: '/d/there.unroll.json', revision: 'r2' });
    expect(doc().path).toBe('/d/there.unroll.json');

    doc().load({ document: named('two'), path: null });
    const old = await refused();
    doc().load({ document: named('three'), path: null });
    const calls = fake.count('document.save');
    old?.action?.run();
    await settle();
    expect(fake.count('document.save')).toBe(calls);
    expect(toasts().at(-1)?.title).toBe('Not saved: “two” is not open any more.');
  });

  it('offers to save under a name that is chosen, where the place was not', async () => {
    edit();
    const saved = saveDocument();
    await fake.next('document.save').refuse('path-not-chosen');
    expect(await saved).toBe(false);
    expect(toasts()).toMatchObject([{ title: 'Not saved: refused: path-not-chosen', action: { label: 'Save as…' } }]);
    toasts()[0]?.action?.run();
    await pick('/d/mine.unroll.json');
    expect(fake.next('document.save').params).toMatchObject({ path: '/d/mine.unroll.json', replace: false });
  });

  it('tells every other failure', async () => {
    const saved = saveDocument();
    await fake.next('document.save').refuse('no-space');
    expect(await saved).toBe(false);
    expect(toasts()).toMatchObject([{ tone: 'bad', title: 'The document was not saved: refused: no-space' }]);
  });

  it('suggests a file’s name that every system takes', async () => {
    const suggested = async (name: string) => {
      doc().setName(name);
      const saved = saveDocumentAs();
      await settle();
      const request = useFilePicker.getState().pending;
      await pick(null);
      expect(await saved).toBe(false);
      return request?.suggested;
    };
    expect(await suggested('Grüße 2.0_x')).toBe('Grüße 2.0_x.unroll.json');
    expect(await suggested('a/b:c*?')).toBe('a-b-c-.unroll.json');
    expect(await suggested('  ')).toBe('Untitled.unroll.json');
    expect(fake.count('document.save')).toBe(0);
  });

  it('puts the ending to a name without one, and asks again about that file', async () => {
    void saveDocumentAs();
    await pick('/d/mine', true);
    expect(fake.next('document.save').params).toMatchObject({ path: '/d/mine.unroll.json', replace: false });
    void saveDocumentAs();
    await pick('/d/mine.JSON', true);
    expect(fake.next('document.save').params).toMatchObject({ path: '/d/mine.JSON', replace: true });
    expect(doc().path).toBe('/d/one.unroll.json');
  });
});

describe('opening', () => {
  it('shows a file as it is on disk', async () => {
    useUiStore.getState().setTab('runs');
    const done = openPath('/d/two.unroll.json');
    await settle();
    await fake.next('document.open').answer(opened('two'));
    expect(await done).toBe(true);
    expect(doc()).toMatchObject({ path: '/d/two.unroll.json', revision: 'r-two', document: { name: 'two' } });
    expect(isDirty(doc())).toBe(false);
    expect(useUiStore.getState().tab).toBe('design');
    expect(toasts()).toEqual([]);
  });

  it('leaves the user on the tab that was chosen while it was read', async () => {
    for (const [method, open] of [
      ['document.open', () => openPath('/d/two.unroll.json')],
      ['template.open', () => openTemplate('reversal')],
    ] as const) {
      useUiStore.getState().setTab('design');
      const done = open();
      await settle();
      useUiStore.getState().setTab('data');
      await fake.next(method).answer({ ...opened('two'), readme: '' });
      expect(await done, method).toBe(true);
      expect(useUiStore.getState().tab, method).toBe('data');
    }
  });

  it('tells of an older version, what it means now, and that it is not saved as such yet', async () => {
    void openPath('/d/two.unroll.json');
    await settle();
    await fake.next('document.open').answer({ ...opened('two'), migratedFrom: 1, notes: ['Lines end differently.'] });
    expect(isDirty(doc())).toBe(true);
    expect(toasts()).toMatchObject([
      { tone: 'info', title: 'Opened a file of version 1', text: expect.stringMatching(/^Lines end differently\. It is saved/) },
    ]);
  });

  it('keeps what is there where a file cannot be opened, or the user stays', async () => {
    const failed = openPath('/d/two.unroll.json');
    await settle();
    await fake.next('document.open').refuse('file-not-found');
    expect(await failed).toBe(false);
    expect(toasts().at(-1)?.title).toBe('The document was not opened: refused: file-not-found');
    edit();
    const stayed = openPath('/d/two.unroll.json');
    await answer('cancel');
    expect(await stayed).toBe(false);
    const template = openTemplate('reversal');
    await answer('cancel');
    expect(await template).toBe(false);
    const created = newDocument();
    await answer('cancel');
    await created;
    const text = openText(JSON.stringify(named('dropped')), 'dropped.json');
    await answer('cancel');
    expect(await text).toBe(false);
    expect(doc().document.name).toBe('edited');
    expect(fake.count('template.open') + fake.count('document.open')).toBe(1);
  });

  it('asks nothing again where the user was asked already', async () => {
    edit();
    const done = openPath('/d/two.unroll.json', true);
    await fake.next('document.open').answer(opened('two'));
    expect(await done).toBe(true);
  });

  it('hands the path of a model back, and opens nothing', async () => {
    const model = openDocument();
    await pick('/m/model.safetensors');
    expect(await model).toBe('/m/model.safetensors');
    const none = openDocument();
    await pick(null);
    expect(await none).toBeNull();
    expect(fake.asked).toEqual([]);
    const document = openDocument();
    await pick('/d/two.unroll.json');
    await fake.next('document.open').answer(opened('two'));
    expect(await document).toBeNull();
    expect(doc().document.name).toBe('two');
  });

  it.each([
    ['/m/model.safetensors', true],
    ['C:\\m\\config.json', true],
    ['config.json', true],
    ['/m/CONFIG.JSON', true],
    ['/m/my-config.json', false],
    ['/m/a.safetensors.json', false],
    ['/m/config.json.bak', false],
  ])('%s: a model is %s', (path, model) => {
    expect(isModelPath(path)).toBe(model);
  });

  it('shows a template with its explanation, as a document of its own', async () => {
    const done = openTemplate('reversal');
    await settle();
    await fake.next('template.open').answer({ document: named('Reversal'), readme: '# How' });
    expect(await done).toBe(true);
    expect(doc()).toMatchObject({ path: null, readme: '# How' });
    expect(isDirty(doc())).toBe(false);
    const failed = openTemplate('none');
    await settle();
    await fake.next('template.open').refuse('no-template');
    expect(await failed).toBe(false);
    expect(toasts().at(-1)?.title).toBe('The template was not opened: refused: no-template');
  });

  it('starts a new document, without a path', async () => {
    await newDocument();
    expect(doc()).toMatchObject({ path: null, document: { nodes: [] } });
  });

  it('takes the text of a dropped file, or says why not', async () => {
    expect(await openText(JSON.stringify(named('dropped')), 'dropped.json')).toBe(true);
    expect(doc()).toMatchObject({ path: null, document: { name: 'dropped' } });
    expect(isDirty(doc())).toBe(true);
    const before = doc().document;
    expect(await openText('{"half', 'damaged.json')).toBe(false);
    expect(toasts().at(-1)?.title).toMatch(/^damaged\.json was not opened: this is not JSON/);
    expect(doc().document).toBe(before);
  });
});

describe('a copy that a crash left', () => {
  it('stays where the user stays with what is open, or it cannot be read', async () => {
    edit();
    const stayed = recoverDocument('d-old');
    await answer('cancel');
    expect(await stayed).toBe(false);
    doc().load({ document: named('one'), path: null });
    const failed = expect(recoverDocument('d-old')).rejects.toMatchObject({ failure: { code: 'recovery-copy-damaged' } });
    await settle();
    await fake.next('document.recover').refuse('recovery-copy-damaged');
    await failed;
    expect(fake.count('document.discard')).toBe(0);
  });
});
