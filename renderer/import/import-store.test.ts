import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { node } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useFilePicker } from '../documents/file-picker-store.ts';
import { useUnsaved } from '../documents/unsaved-store.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useTrainingStore } from '../training/store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { chooseImport, dismissImport, finishImport, inspectImport, useImportStore } from './import-store.ts';

const proposal = (name: string): MethodResult<'import.inspect'> => ({
  kind: 'state-dict',
  name,
  layers: [],
  questions: [],
  notes: [],
});
const found = () => useImportStore.getState().found;
const toasts = () => useToasts.getState().toasts;

let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  useToasts.setState({ toasts: [] });
  useTrainingStore.setState({ runs: [], active: null });
  dismissImport();
  useDocumentStore.getState().load({ document: emptyDocument('mine'), path: null });
});
afterEach(() => vi.restoreAllMocks());

describe('a look at a model', () => {
  it('shows what the chosen file holds; nothing when none is chosen', async () => {
    const none = chooseImport();
    useFilePicker.getState().pending?.answer(null);
    await none;
    expect(fake.asked).toEqual([]);
    const chosen = chooseImport();
    expect(useFilePicker.getState().pending).toMatchObject({ endings: ['safetensors', 'json'] });
    useFilePicker.getState().pending?.answer(['/m/a.safetensors']);
    await settle();
    const call = fake.next('import.inspect');
    expect(call.params).toEqual({ path: '/m/a.safetensors', answers: {} });
    await call.answer(proposal('a'));
    await chosen;
    expect(found()).toEqual({ path: '/m/a.safetensors', proposal: proposal('a') });
  });

  it('shows the answer to the newest question, in whatever order they come', async () => {
    void inspectImport('/m/a', { order: 'ifgo' });
    void inspectImport('/m/a', { order: 'iofg' });
    const [first, second] = [fake.next('import.inspect'), fake.next('import.inspect')];
    await second.answer(proposal('second'));
    await first.answer(proposal('first'));
    expect(found()?.proposal.name).toBe('second');
    void inspectImport('/m/a', { order: 'ifgo' });
    void inspectImport('/m/a', { order: 'iofg' });
    const [third, fourth] = [fake.next('import.inspect'), fake.next('import.inspect')];
    await third.refuse('late');
    expect(toasts()).toEqual([]);
    await fourth.refuse('unreadable');
    expect(toasts().map(({ title }) => title)).toEqual(['The model was not imported: refused: unreadable']);
    expect(found()?.proposal.name).toBe('second');
  });

  it('that the user has dismissed does not come back with a late answer', async () => {
    void inspectImport('/m/a');
    dismissImport();
    await fake.next('import.inspect').answer(proposal('a'));
    expect(found()).toBeNull();
    void inspectImport('/m/a');
    dismissImport();
    await fake.next('import.inspect').refuse('unreadable');
    expect(toasts()).toEqual([]);
  });
});

describe('an import', () => {
  const document = { ...emptyDocument('Imported'), nodes: [node('a', 'dense')] };

  it('puts the graph on the canvas, as one that is not saved, and shows its run', async () => {
    useImportStore.setState({ found: { path: '/m/a', proposal: proposal('a') } });
    useUiStore.getState().setTab('runs');
    const done = finishImport('/m/a', { q: 'yes' });
    await settle();
    const call = fake.next('import.open');
    expect(call.params).toEqual({ path: '/m/a', answers: { q: 'yes' } });
    await call.answer({
      run: { id: 'r1' },
      document,
      notes: ['Say this first.', 'Then this.'],
    } as unknown as MethodResult<'import.open'>);
    await fake.next('runs.list').answer({ runs: [], damaged: [] });
    await fake.next('runs.get').refuse('none');
    expect(await done).toBe(true);
    expect(useDocumentStore.getState()).toMatchObject({ document, path: null });
    expect(isDirty(useDocumentStore.getState())).toBe(true);
    expect(useUiStore.getState().tab).toBe('design');
    expect(useTrainingStore.getState().active).toBe('r1');
    expect(found()).toBeNull();
    expect(toasts()).toMatchObject([
      { tone: 'good', title: 'Imported is on the canvas, with its weights', text: 'Say this first.' },
    ]);
  });

  it('makes nothing where the user stays with the document that is open', async () => {
    useDocumentStore.getState().load({ document, path: null, dirty: true });
    const done = finishImport('/m/a', {});
    await settle();
    useUnsaved.getState().question?.answer('cancel');
    expect(await done).toBe(false);
    expect(fake.asked).toEqual([]);
  });

  it('that fails leaves what is open, and the question', async () => {
    useImportStore.setState({ found: { path: '/m/a', proposal: proposal('a') } });
    const failed = expect(finishImport('/m/a', {})).rejects.toMatchObject({ failure: { code: 'unreadable' } });
    await settle();
    await fake.next('import.open').refuse('unreadable');
    await failed;
    expect(useDocumentStore.getState().document.name).toBe('mine');
    expect(found()).not.toBeNull();
  });
});
