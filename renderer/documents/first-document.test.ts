import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { newDocument } from './document-actions.ts';
import { openFirst } from './first-document.ts';

const node = { id: 'tokens', kind: 'token-input', params: {}, position: { x: 0, y: 0 } };
const document = { ...emptyDocument('First'), nodes: [node] };
const shown = () => useDocumentStore.getState().document;

let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  useDocumentStore.getState().load({ document: emptyDocument('Nothing'), path: null });
});
afterEach(async () => {
  for (const call of fake.asked) call.refuse('over');
  await settle();
  vi.restoreAllMocks();
});

/** The window begins; something may happen before its document comes. */
async function begin(kind: 'template' | 'file', meanwhile: () => unknown = () => undefined): Promise<void> {
  const opened = openFirst(kind === 'file' ? { kind, path: '/d/first.unroll.json' } : { kind, name: 'syllables' });
  await settle();
  await meanwhile();
  if (kind === 'template') {
    const call = fake.next('template.open');
    expect(call.params).toEqual({ name: 'syllables' });
    await call.answer({ document, readme: '' });
  } else
    await fake
      .next('document.open')
      .answer({ document, path: '/d/first.unroll.json', notes: [], migratedFrom: null, revision: '1' });
  await opened;
}

it.each(['template', 'file'] as const)('a %s is what the window begins with', async (kind) => {
  await begin(kind);
  expect(shown().nodes).toHaveLength(1);
});

it.each(['template', 'file'] as const)('a %s that comes late replaces no new document, though that is empty', async (kind) => {
  await begin(kind, newDocument);
  expect(shown()).toMatchObject({ name: 'Untitled', nodes: [] });
});

it.each(['template', 'file'] as const)('a %s that comes late replaces nothing that was drawn meanwhile', async (kind) => {
  await begin(kind, () => useDocumentStore.getState().load({ document: { ...document, name: 'Mine' }, path: null }));
  expect(shown().name).toBe('Mine');
});

it.each(['template', 'file'] as const)(
  'a %s that comes late replaces no layer that was added to the empty canvas',
  async (kind) => {
    await begin(kind, () => useDocumentStore.getState().edit((d) => ({ ...d, name: 'Begun', nodes: [node] })));
    expect(shown().name).toBe('Begun');
  },
);
