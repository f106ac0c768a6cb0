import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { endSteps } from './step-ends.ts';

const store = useDocumentStore.getState;
const type = (...names: readonly string[]): void => {
  for (const name of names) store().setName(name);
};
let end = (): void => undefined;

beforeEach(() => {
  vi.stubGlobal('window', new EventTarget());
  vi.useFakeTimers();
  store().load({ document: emptyDocument(''), path: null });
  end = endSteps();
});
afterEach(() => {
  end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('what is typed is one step, however long the machine takes for a letter', () => {
  for (const name of ['a', 'ab', 'abc']) {
    type(name);
    vi.advanceTimersByTime(60_000);
  }
  store().undo();
  expect(store().document.name).toBe('');
});

it.each(['pointerdown', 'focusin'])('after %s another begins', (event) => {
  type('a', 'ab');
  window.dispatchEvent(new Event(event));
  type('abc');
  store().undo();
  expect(store().document.name).toBe('ab');
  store().undo();
  expect(store().document.name).toBe('');
});

it('until it is ended', () => {
  end();
  type('a');
  window.dispatchEvent(new Event('pointerdown'));
  type('ab');
  store().undo();
  expect(store().document.name).toBe('');
});
