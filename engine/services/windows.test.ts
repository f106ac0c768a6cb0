import { afterEach, expect, it, vi } from 'vitest';
import type { Caller } from '../protocol/contract.ts';
import { windowService } from './windows.ts';

afterEach(() => void vi.useRealTimers());

/** A window that remembers what it was told. */
function connect(): Caller & { readonly told: unknown[] } {
  const told: unknown[] = [];
  return Object.assign((message: string) => void told.push(JSON.parse(message)), { told });
}

const a = { key: 'a', path: '/x.unroll.json' };
const b = { key: 'b', path: null };
const c = { key: 'c', path: '/x.unroll.json' };

it('each window is told what the others show, as it changes, until they go', async () => {
  const { handlers, left } = windowService();
  const [first, second, third] = [connect(), connect(), connect()];
  expect(await handlers['window.show'](a, first)).toEqual({ others: [] });
  expect(await handlers['window.show'](b, second)).toEqual({ others: [a] });
  expect(first.told).toEqual([{ event: 'window.others', data: { others: [b] } }]);
  expect(second.told).toEqual([]);
  expect(await handlers['window.show'](c, second)).toEqual({ others: [a] });
  expect(first.told.at(-1)).toEqual({ event: 'window.others', data: { others: [c] } });
  left(second);
  expect(first.told.at(-1)).toEqual({ event: 'window.others', data: { others: [] } });
  left(third);
  expect(first.told).toHaveLength(3);
  await expect(handlers['window.show'](a)).rejects.toMatchObject({ failure: { code: 'no-window' } });
});

it('a document is taken over once its window has let it go', async () => {
  const { handlers } = windowService();
  const [first, second, third] = [connect(), connect(), connect()];
  await handlers['window.show'](a, first);
  await handlers['window.show'](b, second);
  await handlers['window.show'](c, third);
  let answer: unknown = null;
  const asked = handlers['window.takeOver']({ key: 'a' }, third).then((result) => {
    answer = result;
  });
  expect(first.told.at(-1)).toEqual({ event: 'window.taken', data: { key: 'a' } });
  expect(second.told).not.toContainEqual(expect.objectContaining({ event: 'window.taken' }));
  await handlers['window.handOver']({ copied: false }, second);
  expect(answer).toBeNull();
  await handlers['window.handOver']({ copied: true }, first);
  await asked;
  expect(answer).toEqual({ copied: true });
});

it('a window that has gone, goes meanwhile, or never answers is told by name', async () => {
  vi.useFakeTimers();
  const { handlers, left } = windowService();
  const [first, second] = [connect(), connect()];
  await handlers['window.show'](a, first);
  await handlers['window.show'](b, second);
  const failing = (code: string) => expect.objectContaining({ failure: expect.objectContaining({ code }) });
  const take = (key: string) => handlers['window.takeOver']({ key }, second).catch((error: unknown) => error);
  expect(await take('b')).toEqual(failing('window-gone'));
  const never = take('a');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await never).toEqual(failing('window-silent'));
  // A late answer is nobody's.
  await handlers['window.handOver']({ copied: true }, first);
  const meanwhile = take('a');
  left(first);
  expect(await meanwhile).toEqual(failing('window-gone'));
  expect(await take('a')).toEqual(failing('window-gone'));
});
