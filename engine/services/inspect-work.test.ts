import { expect, it, vi } from 'vitest';
import { InspectWork } from './inspect-work.ts';

function* counting(upTo: number) {
  for (let done = 1; done <= upTo; done++) {
    const until = performance.now() + 5;
    while (performance.now() < until);
    yield { done, of: upTo };
  }
  return 'counted';
}

it('tells how far work is, at most ten times a second, and ends it when it is cancelled', async () => {
  const emit = vi.fn();
  const work = new InspectWork({ emit });
  const cancel = (id: string) => work.handlers['inspect.cancel']({ id });
  const begun = performance.now();
  expect(await work.pieces('a', counting(60))).toBe('counted');
  const told = emit.mock.calls.map(([event, data]) => ({ event, ...data }));
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThanOrEqual((performance.now() - begun) / 100 + 1);
  expect(told[0]).toMatchObject({ event: 'inspect.progress', id: 'a', of: 60 });
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));

  const long = work.pieces('b', counting(100_000));
  setTimeout(() => void cancel('b'), 20);
  await expect(long).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  await cancel('b');

  // Whoever uses a name again has no more use for what it named before.
  const first = work.pieces('c', counting(100_000)).catch((error: { failure: { code: string } }) => error.failure.code);
  expect(await work.pieces('c', counting(2))).toBe('counted');
  expect(await first).toBe('cancelled');
  expect(await work.pieces(undefined, counting(1))).toBe('counted');
});
