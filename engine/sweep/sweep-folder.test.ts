import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyDocument } from '../document/schema.ts';
import { sweepSettings } from '../document/sweep-settings.ts';
import { UserError } from '../protocol/envelope.ts';
import { SweepFolder, type SweepRecord } from './sweep-folder.ts';

let path = '';
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'unroll-sweep-'));
});
afterEach(() => rm(path, { recursive: true, force: true }));

const record: SweepRecord = {
  format: 'unroll-sweep',
  version: 1,
  id: 'a-20261129-000000-abcd',
  created: 1,
  document: { ...emptyDocument(), sweep: sweepSettings.parse({}) },
  total: 3,
  objective: { metric: 'loss', direction: 'minimize' },
  runs: null,
};
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof UserError ? error.failure.code : error),
  );

it('reads back what was written, not-a-numbers too', async () => {
  const folder = new SweepFolder(path);
  expect(await folder.read()).toBeNull();
  await folder.create(record);
  expect(await folder.read()).toEqual(record);
  const end = { event: 'end', trial: 1, seed: 0, status: 'failed', value: Number.NaN, reason: 'loss', seconds: 2 } as const;
  await folder.append({ event: 'trial', trial: 1, values: ['gru-cell', 8, null, true] });
  await folder.append(end);
  expect(await folder.events()).toEqual([{ event: 'trial', trial: 1, values: ['gru-cell', 8, null, true] }, end]);
});

it('a line that a crash tore has not happened, and the next one is whole', async () => {
  const folder = new SweepFolder(path);
  await folder.create(record);
  await folder.append({ event: 'halt', message: 'ä' });
  await appendFile(join(path, 'journal.jsonl'), '{"event":"halt","mess');
  expect(await folder.events()).toEqual([{ event: 'halt', message: 'ä' }]);
  await folder.mend();
  await folder.append({ event: 'halt', message: 'b' });
  expect(await folder.events()).toEqual([
    { event: 'halt', message: 'ä' },
    { event: 'halt', message: 'b' },
  ]);
});

it('a whole line that is no event, and a record that is none, are told by their place', async () => {
  const folder = new SweepFolder(path);
  await folder.create(record);
  await writeFile(join(path, 'journal.jsonl'), '{"event":"halt","message":"a"}\n{"event":"gone"}\n');
  expect(await codeOf(folder.events())).toBe('sweep-damaged');
  await expect(folder.events()).rejects.toThrow('line 2');
  await writeFile(join(path, 'sweep.json'), '{');
  expect(await codeOf(folder.read())).toBe('sweep-damaged');
});

it('is made over nothing, and gone on with by one at a time', async () => {
  const folder = new SweepFolder(path);
  await writeFile(join(path, 'sweep.json'), 'mine');
  expect(await codeOf(folder.create(record))).toBe('in-the-way');
  expect(await readFile(join(path, 'sweep.json'), 'utf8')).toBe('mine');
  const release = await folder.lock();
  expect(await folder.isLocked()).toBe(true);
  expect(await codeOf(new SweepFolder(path).lock())).toBe('sweep-busy');
  await release();
  expect(await new SweepFolder(path).isLocked()).toBe(false);
});
