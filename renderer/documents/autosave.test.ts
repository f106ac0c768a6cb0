import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { node } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { type FakeEngine, fakeEngine } from '../bridge/fixtures/fake-engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { keepCopies } from './autosave.ts';

const doc = useDocumentStore.getState;
const document = { ...emptyDocument('one'), nodes: [node('a', 'dense')] };
let fake: FakeEngine;
let end: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  fake = fakeEngine();
  fake.answers['document.discard'] = () => ({});
  useToasts.setState({ toasts: [] });
  doc().load({ document, path: '/d/one.unroll.json' });
  end = keepCopies();
});
afterEach(() => {
  end();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const asked = () => fake.asked.map(({ method }) => method);

describe('a copy of what is not saved', () => {
  it('is kept 0.8 s after the last of several edits, once, as the document is then', () => {
    for (const name of ['a', 'ab', 'abc']) {
      doc().setName(name);
      vi.advanceTimersByTime(799);
    }
    expect(asked()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fake.next('document.autosave').params).toEqual({
      key: doc().autosaveKey,
      path: '/d/one.unroll.json',
      document: doc().document,
    });
    vi.advanceTimersByTime(60_000);
    expect(asked()).toEqual(['document.autosave']);
  });

  it('is not kept of a selection, or of a document that was just opened', () => {
    doc().select(['a']);
    doc().load({ document: emptyDocument('two'), path: null });
    vi.advanceTimersByTime(60_000);
    expect(asked()).toEqual([]);
  });

  it('goes once all is undone, and when it is saved', () => {
    doc().setName('a');
    vi.advanceTimersByTime(800);
    doc().undo();
    expect(asked()).toEqual(['document.autosave', 'document.discard']);
    doc().setName('b');
    vi.advanceTimersByTime(500);
    doc().markSaved('/d/one.unroll.json', doc().document, 'r2');
    vi.advanceTimersByTime(60_000);
    expect(asked()).toEqual(['document.autosave', 'document.discard', 'document.discard']);
    expect(fake.asked.at(-1)?.params).toEqual({ key: doc().autosaveKey });
  });

  it('is kept again of what was edited while it was saved', () => {
    doc().setName('a');
    const saved = doc().document;
    doc().setTraining({ epochs: 9 });
    doc().markSaved('/d/other.unroll.json', saved, 'r2');
    vi.advanceTimersByTime(800);
    expect(fake.next('document.autosave').params).toMatchObject({
      path: '/d/other.unroll.json',
      document: { training: { epochs: 9 } },
    });
  });

  it('that cannot be kept is told; not while the engine is away, which the banner tells', async () => {
    doc().setName('a');
    vi.advanceTimersByTime(800);
    await fake.next('document.autosave').refuse('engine-crashed');
    expect(useToasts.getState().toasts).toEqual([]);
    doc().setName('b');
    vi.advanceTimersByTime(800);
    await fake.next('document.autosave').refuse('no-space');
    expect(useToasts.getState().toasts).toMatchObject([{ title: 'No recovery copy is kept: refused: no-space' }]);
  });

  it('is not kept by a window that has ended', () => {
    doc().setName('a');
    end();
    doc().setName('b');
    vi.advanceTimersByTime(60_000);
    expect(asked()).toEqual([]);
  });
});
