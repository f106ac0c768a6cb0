import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspectedRun } from './inspected-run.test-support.ts';

let inspected: Awaited<ReturnType<typeof inspectedRun>>;
beforeAll(async () => {
  inspected = await inspectedRun();
});
afterAll(() => inspected.end());

const hold = (value: number) => ({ node: 'rnn', line: 'z', units: null, value, steps: null });

it('figures over a split without what is held are read once, whatever is held next', { timeout: 60_000 }, async () => {
  const { run, ask, listeners } = inspected;
  const { trace } = await ask('inspect.trace', { run, input: { kind: 'text', text: 'a b c' } });
  const totals = new Map<string, number>();
  listeners.add(({ id, of }) => void totals.set(id, of));
  const split = (id: string, value: number, examples = 40) =>
    ask('inspect.whatIfSplit', { id, trace, holds: [hold(value)], split: 'test', examples });
  const first = await split('first', 1);
  const second = await split('second', 0);
  const again = await split('again', 1);
  const fewer = await split('fewer', 1, 8);
  listeners.clear();
  expect([...totals]).toEqual([
    ['first', 80],
    ['second', 40],
    ['again', 40],
    ['fewer', 16],
  ]);
  expect(again).toEqual(first);
  expect(fewer.examples).toBe(8);
  const named = (found: typeof first, when: 'before' | 'after') => found.figures.map((figure) => [figure.name, figure[when]]);
  expect(named(second, 'before')).toEqual(named(first, 'before'));
  expect(named(second, 'after')).not.toEqual(named(first, 'after'));
});
