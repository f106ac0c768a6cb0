import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { EventData, EventName } from '../../engine/protocol/contract.ts';
import { engine, useConnection } from '../bridge/engine.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { heldElsewhere, meetOtherWindows, useOtherWindows } from './other-windows.ts';
import { handOverWhenAsked, takeOver, useTaken } from './take-over.ts';

const doc = useDocumentStore.getState;
const others = () => useOtherWindows.getState().others.map(({ key }) => key);
const window = (key: string) => ({ key, path: null });
const shown = () => fake.asked.filter(({ method }) => method === 'window.show').map(({ params }) => params);

let fake: FakeEngine;
let heard: Map<string, (data: never) => void>;
const say = async <E extends EventName>(event: E, data: EventData<E>): Promise<void> => {
  heard.get(event)?.(data as never);
  await settle();
};
beforeEach(() => {
  fake = fakeEngine();
  heard = new Map();
  vi.spyOn(engine, 'on').mockImplementation((event, listener) => {
    heard.set(event, listener as (data: never) => void);
    return () => void heard.delete(event);
  });
  useOtherWindows.setState({ others: [] });
  useToasts.setState({ toasts: [] });
  useTaken.setState({ taken: null });
  doc().load({ document: emptyDocument('mine'), path: '/d/mine.unroll.json' });
});
afterEach(() => vi.restoreAllMocks());

describe('windows on one engine', () => {
  it('say what they show at first, of another document, and when the engine is back', async () => {
    fake.answers['window.show'] = () => ({ others: [window('b'), window(doc().autosaveKey)] });
    const end = meetOtherWindows();
    onTestFinished(end);
    await settle();
    expect(shown()).toEqual([{ key: doc().autosaveKey, path: '/d/mine.unroll.json' }]);
    // A page that was reloaded may meet itself.
    expect(others()).toEqual(['b']);
    doc().setName('edited');
    expect(shown()).toHaveLength(1);
    doc().load({ document: emptyDocument('other'), path: null });
    expect(shown().at(-1)).toEqual({ key: doc().autosaveKey, path: null });
    useDocumentStore.setState({ path: '/d/saved.unroll.json' });
    expect(shown().at(-1)).toMatchObject({ path: '/d/saved.unroll.json' });
    useConnection.setState({ status: 'lost' });
    expect(shown()).toHaveLength(3);
    useConnection.setState(({ generation }) => ({ generation: generation + 1 }));
    expect(shown()).toHaveLength(4);
    await settle();
    await say('window.others', { others: [window('c'), window(doc().autosaveKey)] });
    expect(others()).toEqual(['c']);
    end();
    useDocumentStore.setState({ path: null });
    useConnection.setState(({ generation }) => ({ generation: generation + 1 }));
    expect(shown()).toHaveLength(4);
    expect(heard.size).toBe(0);
  });

  it('hold their copies', async () => {
    const held = heldElsewhere();
    await fake.next('window.show').answer({ others: [window('b'), window('c')] });
    expect(await held).toEqual(new Set(['b', 'c']));
  });
});

describe('a document that another window takes over', () => {
  it('goes with a copy of what is not saved, and leaves an empty one here', async () => {
    handOverWhenAsked();
    const key = doc().autosaveKey;
    doc().setName('edited');
    const { document } = doc();
    await say('window.taken', { key: 'of an earlier document' });
    expect(fake.asked).toEqual([]);
    await say('window.taken', { key });
    const copy = fake.next('document.autosave');
    expect(copy.params).toEqual({ key, path: '/d/mine.unroll.json', document });
    expect(doc().document.name).toBe('edited');
    await copy.answer({});
    expect(doc()).toMatchObject({ path: null, document: { nodes: [] } });
    expect(doc().document.name).not.toBe('edited');
    const handed = fake.next('window.handOver');
    expect(handed.params).toEqual({ copied: true });
    expect(useTaken.getState().taken).toBeNull();
    await handed.answer({});
    expect(useTaken.getState().taken).toEqual({ name: 'edited', unsaved: true });
  });

  it('needs no copy where it is saved; stays where it cannot be copied', async () => {
    handOverWhenAsked();
    await say('window.taken', { key: doc().autosaveKey });
    const handed = fake.next('window.handOver');
    expect(handed.params).toEqual({ copied: false });
    await handed.answer({});
    expect(useTaken.getState().taken).toEqual({ name: 'mine', unsaved: false });
    doc().setName('edited');
    await say('window.taken', { key: doc().autosaveKey });
    await fake.next('document.autosave').refuse('disk-full');
    expect(doc().document.name).toBe('edited');
    expect(useToasts.getState().toasts[0]?.title).toContain('could not be handed');
  });

  it('is opened from its copy, or else from its file; a refusal is told', async () => {
    void takeOver({ key: 'b', path: '/d/b.unroll.json' });
    await settle();
    expect(fake.next('window.takeOver').params).toEqual({ key: 'b' });
    fake.asked.at(-1)?.answer({ copied: true });
    await settle();
    expect(fake.next('document.recover').params).toMatchObject({ key: 'b' });
    void takeOver({ key: 'b', path: '/d/b.unroll.json' });
    await settle();
    await fake.next('window.takeOver').answer({ copied: false });
    expect(fake.next('document.open').params).toMatchObject({ path: '/d/b.unroll.json' });
    void takeOver({ key: 'b', path: '/d/b.unroll.json' });
    await settle();
    await fake.next('window.takeOver').refuse('window-gone');
    expect(useToasts.getState().toasts[0]?.title).toContain('The document was not taken over');
  });
});
