import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { emptyDocument } from '../document/schema.ts';
import { findHome, type Home } from '../home.ts';
import { blockService } from './blocks.ts';

let home: Home;
const emit = vi.fn();
const service = () => blockService({ home, emit });
const names = async (): Promise<string[]> => (await service()['blocks.list']({})).blocks.map(({ document }) => document.name);

beforeEach(async () => {
  home = findHome({ UNROLL_HOME: await mkdtemp(join(tmpdir(), 'unroll-blocks-')) });
  emit.mockClear();
});

it('keeps blocks by name, one in the place of the one before under its key, and tells the windows', async () => {
  expect(await names()).toEqual([]);
  await service()['blocks.keep']({ key: 'b', document: emptyDocument('Encoder') });
  await service()['blocks.keep']({ key: 'a', document: emptyDocument('Pooling') });
  expect(await names()).toEqual(['Encoder', 'Pooling']);
  await service()['blocks.keep']({ key: 'b', document: emptyDocument('Reader') });
  expect(await names()).toEqual(['Pooling', 'Reader']);
  expect(emit.mock.calls).toEqual([1, 2, 3].map(() => ['blocks.changed', {}]));
});

it('gives back what was discarded', async () => {
  await service()['blocks.keep']({ key: 'b', document: emptyDocument('Encoder') });
  await service()['blocks.discard']({ key: 'b' });
  expect(await names()).toEqual([]);
  await service()['blocks.restore']({ key: 'b' });
  expect(await names()).toEqual(['Encoder']);
});

it('opens blocks of older versions, leaves out what is damaged, and deletes nothing', async () => {
  await service()['blocks.keep']({ key: 'a', document: emptyDocument('fine') });
  const first: unknown = JSON.parse(
    await readFile(new URL('../document/fixtures/version-1.unroll.json', import.meta.url), 'utf8'),
  );
  const old = { path: null, name: 'old', saved: 1, document: first };
  await writeFile(join(home.blocks, 'old.json'), JSON.stringify(old));
  await writeFile(join(home.blocks, 'broken.json'), '{"half');
  await writeFile(join(home.blocks, 'foreign.json'), JSON.stringify({ ...old, document: { a: 1 } }));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(await names()).toEqual(['fine', 'Name tagger']);
  expect((await readdir(home.blocks)).sort()).toEqual(['a.json', 'broken.json', 'foreign.json', 'old.json']);
});

it('writes nowhere but among the kept blocks', async () => {
  await expect(service()['blocks.keep']({ key: '../a', document: emptyDocument() })).rejects.toMatchObject({
    failure: { code: 'bad-request' },
  });
});
