import { beforeEach, expect, it, vi } from 'vitest';
import { largeDocument } from '../../bench/canvas/large-document.ts';
import { moveTo } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { arrange, cancelArranging, useArranging } from './arrange.ts';
import type { FromArranging, ToArrange } from './arrange-worker.ts';
import { arranged, autoLayout } from './auto-layout.ts';

/** A thread that does nothing until it is told to. */
class Thread {
  static all: Thread[] = [];
  static get last(): Thread {
    const thread = Thread.all.at(-1);
    if (!thread) throw new Error('no thread was started');
    return thread;
  }
  onmessage: (event: { data: FromArranging }) => void = () => undefined;
  onerror: (event: { message: string }) => void = () => undefined;
  ended = false;
  asked: ToArrange | null = null;
  constructor() {
    Thread.all.push(this);
  }
  postMessage(message: ToArrange): void {
    this.asked = message;
  }
  terminate(): void {
    this.ended = true;
  }
  say(data: FromArranging): void {
    this.onmessage({ data });
  }
  finish(): void {
    if (this.asked) this.say({ arranged: arranged(this.asked.document, this.asked.sizes) });
  }
}

const store = useDocumentStore.getState;
const large = largeDocument(60, 84);
const progress = (): number | null => useArranging.getState().done;

beforeEach(() => {
  Thread.all = [];
  vi.stubGlobal('Worker', Thread);
  vi.stubGlobal('requestAnimationFrame', () => 0);
  useToasts.setState({ toasts: [] });
  store().load({ document: large, path: null });
  return () => cancelArranging();
});

it('a small graph is arranged at once', () => {
  const small = largeDocument(12, 14);
  store().load({ document: small, path: null });
  arrange();
  expect(Thread.all).toEqual([]);
  expect(store().document).toEqual(autoLayout(small, new Map()));
});

it('a large one in a thread that tells how far it is, as one step to undo', () => {
  arrange();
  expect([progress(), store().document]).toEqual([0, large]);
  Thread.last.say({ done: 0.4 });
  expect(progress()).toBe(0.4);
  Thread.last.finish();
  expect([progress(), Thread.last.ended]).toEqual([null, true]);
  expect(store().document).toEqual(autoLayout(large, new Map()));
  store().undo();
  expect(store().document).toEqual(large);
});

it.each([
  ['an edit', () => store().edit((d) => moveTo(d, new Map([['head', { x: 5, y: 5 }]])))],
  ['the begin of a drag', () => store().beginGesture()],
  ['another document', () => store().load({ document: largeDocument(50, 60), path: null })],
])('ends with %s, and says so', (_, change) => {
  arrange();
  change();
  store().endGesture();
  const { document } = store();
  expect([progress(), Thread.last.ended]).toEqual([null, true]);
  expect(useToasts.getState().toasts.map(({ title }) => title)).toEqual(['Not arranged']);
  expect(store().document).toBe(document);
});

it('goes on while something is selected', () => {
  arrange();
  store().select(['head']);
  expect([progress(), Thread.last.ended]).toEqual([0, false]);
});

it('can be cancelled, and begun anew', () => {
  arrange();
  cancelArranging();
  expect([progress(), Thread.last.ended, store().document]).toEqual([null, true, large]);
  arrange();
  arrange();
  expect(Thread.all.map(({ ended }) => ended)).toEqual([true, true, false]);
  Thread.last.finish();
  expect(store().history.past).toHaveLength(1);
});

it('says why it cannot be', () => {
  arrange();
  Thread.last.onerror({ message: '' });
  expect(progress()).toBeNull();
  expect(useToasts.getState().toasts[0]).toMatchObject({ tone: 'bad', title: 'Not arranged' });
});

it('tells more of it as done with each step, up to all', () => {
  const told: number[] = [];
  arranged(large, new Map(), (done) => told.push(done));
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.length).toBeGreaterThan(1);
  expect(told.at(-1)).toBeLessThanOrEqual(1);
  expect(told.at(-1)).toBeGreaterThan(0.6);
});
