import { beforeEach, expect, it } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import { useViewport } from '../canvas/viewport-store.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useTrainingStore } from '../training/store.ts';
import { keepSession, restoreSession } from './session.ts';

/** Storage with so much room. */
function storageOf(room = Number.POSITIVE_INFINITY): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => void items.delete(key),
    setItem(key, value) {
      if (value.length > room) throw new DOMException('full', 'QuotaExceededError');
      items.set(key, value);
    },
  };
}

const store = useDocumentStore.getState;
const node = { id: 'n1', kind: 'dropout', params: {}, position: { x: 1, y: 2 } };

/** Saved as “one”, then a node, then named “two”, and that undone. */
function work(): void {
  store().load({ document: emptyDocument('one'), path: '/a/one.unroll.json', revision: 'r1' });
  store().edit((d) => ({ ...d, nodes: [node] }));
  store().setName('two');
  store().undo();
  store().select(['n1']);
  useViewport.setState({ places: new Map([[store().autosaveKey, { x: 3, y: 4, zoom: 0.5 }]]) });
  useUiStore.getState().setTab('runs');
}

beforeEach(() => {
  useUiStore.getState().setTab('design');
  store().load({ document: emptyDocument(), path: null });
});

it('a window shows after a reload what it showed before, undo and redo too', () => {
  const storage = storageOf();
  work();
  const before = store();
  expect(keepSession(storage)).toBe(true);
  store().load({ document: emptyDocument('other'), path: null });
  useViewport.setState({ places: new Map() });
  useUiStore.getState().setTab('design');

  expect(restoreSession(storage)).toBe(true);
  const { document, path, revision, autosaveKey, selection } = store();
  expect({ document, path, revision, autosaveKey, selection }).toEqual({
    document: before.document,
    path: '/a/one.unroll.json',
    revision: 'r1',
    autosaveKey: before.autosaveKey,
    selection: new Set(['n1']),
  });
  expect(useViewport.getState().places.get(autosaveKey)).toEqual({ x: 3, y: 4, zoom: 0.5 });
  expect(useUiStore.getState().tab).toBe('runs');
  expect(isDirty(store())).toBe(true);
  store().redo();
  expect(store().document.name).toBe('two');
  store().undo();
  store().undo();
  // Undone to what is on disk.
  expect(isDirty(store())).toBe(false);
});

it('is restored once, so that a copy of the tab does not share the recovery copy', () => {
  const storage = storageOf();
  work();
  keepSession(storage);
  expect([restoreSession(storage), restoreSession(storage)]).toEqual([true, false]);
});

it('without room for undo the document is kept; without room for that, it says so', () => {
  work();
  const small = storageOf(1500);
  expect(keepSession(small)).toBe(true);
  expect(restoreSession(small)).toBe(true);
  expect([store().document.nodes, store().history.past]).toEqual([[node], []]);
  expect(isDirty(store())).toBe(true);
  expect(keepSession(storageOf(10))).toBe(false);
});

it('what is damaged restores nothing', () => {
  const storage = storageOf();
  for (const text of ['{"half', '{"states":[]}', 'null']) {
    storage.setItem('unroll.session', text);
    expect(restoreSession(storage)).toBe(false);
  }
  expect(store().document.name).toBe('Untitled');
});

it('keeps forty steps of undo and of redo, and the run that is shown; a view where there is one', () => {
  const storage = storageOf();
  store().load({ document: emptyDocument('0'), path: null });
  for (let i = 1; i <= 45; i++) store().edit((d) => ({ ...d, nodes: [{ ...node, id: `n${i}` }] }));
  useViewport.setState({ places: new Map() });
  useTrainingStore.setState({ active: 'mine' });
  const kept = () => {
    expect(keepSession(storage)).toBe(true);
    return JSON.parse(storage.getItem('unroll.session') ?? '') as { states: unknown[]; present: number };
  };
  expect(kept()).toMatchObject({ states: { length: 41 }, present: 40, viewport: null });
  for (let i = 0; i < 45; i++) store().undo();
  expect(kept()).toMatchObject({ states: { length: 41 }, present: 0 });
  useTrainingStore.setState({ active: null });
  expect(restoreSession(storage)).toBe(true);
  expect(useTrainingStore.getState().active).toBe('mine');
});

it('what is older is gone where there is no room, and a state that is not there restores nothing', () => {
  const full = storageOf(10);
  full.setItem('unroll.session', 'old');
  work();
  expect(keepSession(full)).toBe(false);
  expect(full.getItem('unroll.session')).toBeNull();
  const storage = storageOf();
  expect(keepSession(storage)).toBe(true);
  const content: object = JSON.parse(storage.getItem('unroll.session') ?? '');
  storage.setItem('unroll.session', JSON.stringify({ ...content, present: 99 }));
  expect(restoreSession(storage)).toBe(false);
});
