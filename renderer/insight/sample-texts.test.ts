import { beforeEach, expect, it, vi } from 'vitest';
import { engine } from '../bridge/engine.ts';
import { textOf } from './sample-texts.ts';

const asked = vi.spyOn(engine, 'call');

beforeEach(() => {
  asked.mockReset();
});

const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ example: from + i, start: 0, words: [], label: null, tags: null }));

it('asks for the whole text page by page, and once for all views', async () => {
  asked.mockImplementation(async (_method, params) => {
    const { from } = params as { from: number };
    return { sequences: rows(from, from === 0 ? 500 : 20) } as never;
  });
  expect(await textOf('a')).toHaveLength(520);
  expect(asked).toHaveBeenCalledTimes(2);
  expect((await textOf('a')).at(-1)?.example).toBe(519);
  await textOf('b');
  await textOf('a');
  expect(asked).toHaveBeenCalledTimes(4);
  await textOf('c');
  await textOf('b');
  expect(asked, 'the two looked at last are kept').toHaveBeenCalledTimes(8);
});

it('asks again for what has failed', async () => {
  asked.mockRejectedValueOnce(new Error('gone')).mockResolvedValue({ sequences: rows(0, 3) } as never);
  await expect(textOf('d')).rejects.toThrow('gone');
  expect(await textOf('d')).toHaveLength(3);
});
