import { expect, it } from 'vitest';
import { inThread, ThreadCancelled } from './in-thread.ts';

/** Principal axes of many states: work of a second. */
const long = {
  kind: 'projection',
  values: new Float32Array(12_000 * 256).map((_, at) => at % 977),
  units: 256,
  path: null,
  axes: null,
  reference: null,
  count: 2,
} as const;
const short = { ...long, values: new Float32Array(8), units: 2 };

it('ends in the middle of its work when nobody waits for it any more, and what comes next has its turn', async () => {
  const controller = new AbortController();
  const told: number[] = [];
  const ended = inThread(long, {
    signal: controller.signal,
    onProgress: (done, of) => {
      told.push(done / of);
      controller.abort();
    },
  });
  const waiting = new AbortController();
  const never = inThread(long, { signal: waiting.signal });
  waiting.abort();
  const next = inThread(short);
  await expect(ended).rejects.toThrow(ThreadCancelled);
  expect(told).toHaveLength(1);
  expect(told[0]).toBeLessThan(0.5);
  await expect(never, 'it was not begun').rejects.toThrow(ThreadCancelled);
  expect((await next).points).toHaveLength(8);
});
