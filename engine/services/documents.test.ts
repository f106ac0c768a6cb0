import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { documentLimits, emptyDocument } from '../document/schema.ts';
import { findHome, type Home } from '../home.ts';
import { documentService } from './documents.ts';

let folder: string;
let home: Home;
let service: ReturnType<typeof documentService>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-documents-'));
  home = findHome({ UNROLL_HOME: join(folder, 'home') });
  service = documentService({ home, initial: { kind: 'template', name: 'syllables' }, emit: () => undefined });
});

describe('open and save', () => {
  it('opens what was saved, and remembers it', async () => {
    const path = join(folder, 'new folder', 'a.unroll.json');
    const document = { ...emptyDocument('Été'), comments: [] };
    await service['document.save']({ path, document });
    expect(await service['document.open']({ path })).toEqual({ document, path, migratedFrom: null, notes: [] });
    expect(await service['document.recent']({})).toEqual({ paths: [path] });
    expect(await readdir(join(folder, 'new folder'))).toEqual(['a.unroll.json']);
  });

  it('forgets files that are gone and damaged lists', async () => {
    const path = join(folder, 'a.unroll.json');
    await service['document.save']({ path, document: emptyDocument() });
    await writeFile(home.recent, JSON.stringify([join(folder, 'gone.unroll.json'), path]));
    expect((await service['document.recent']({})).paths).toEqual([path]);
    await writeFile(home.recent, '{"half');
    expect((await service['document.recent']({})).paths).toEqual([]);
  });

  it.each([
    ['missing.unroll.json', null, 'file-not-found'],
    ['text.unroll.json', 'hello', 'document-not-json'],
    ['other.unroll.json', '{"a":1}', 'document-not-unroll'],
    ['newer.unroll.json', JSON.stringify({ ...emptyDocument(), version: 999 }), 'document-newer-version'],
    ['huge.unroll.json', ' '.repeat(documentLimits.bytes + 1), 'document-too-large'],
  ])('refuses %s and leaves it as it is', async (name, content, code) => {
    const path = join(folder, name);
    if (content !== null) await writeFile(path, content);
    await expect(service['document.open']({ path })).rejects.toMatchObject({ failure: { code } });
    if (content !== null) expect(await readFile(path, 'utf8')).toBe(content);
    expect((await service['document.recent']({})).paths).toEqual([]);
  });

  it('says that a folder is no document, and where nothing can be written', async () => {
    await expect(service['document.open']({ path: folder })).rejects.toMatchObject({ failure: { code: 'not-a-file' } });
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'a.unroll.json');
    await expect(service['document.save']({ path, document: emptyDocument() })).rejects.toMatchObject({
      failure: { message: expect.stringContaining(path) },
    });
  });
});

describe('recovery', () => {
  it('offers copies newest first until they are discarded', async () => {
    await service['document.autosave']({ key: 'a', path: null, document: emptyDocument('First') });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await service['document.autosave']({ key: 'b', path: '/x.unroll.json', document: emptyDocument('Second') });
    const { items } = await service['document.recoverable']({});
    expect(items.map(({ key, name, path }) => [key, name, path])).toEqual([
      ['b', 'Second', '/x.unroll.json'],
      ['a', 'First', null],
    ]);
    expect((await service['document.recover']({ key: 'b' })).document.name).toBe('Second');
    await service['document.discard']({ key: 'b' });
    expect((await service['document.recoverable']({})).items.map(({ key }) => key)).toEqual(['a']);
  });

  it('skips a damaged copy without deleting it, and keys that leave the folder are refused', async () => {
    await mkdir(home.autosave, { recursive: true });
    await writeFile(join(home.autosave, 'c.json'), '{"half');
    expect(await service['document.recoverable']({})).toEqual({ items: [] });
    expect(await readdir(home.autosave)).toEqual(['c.json']);
    await expect(service['document.discard']({ key: '../recent' })).rejects.toMatchObject({ failure: { code: 'bad-request' } });
  });
});

it('lists folders first and hides hidden files', async () => {
  await mkdir(join(folder, 'z'));
  await writeFile(join(folder, 'a.csv'), 'x,y\n');
  await writeFile(join(folder, '.hidden'), '');
  const { entries, parent } = await service['files.list']({ directory: folder });
  expect(entries.map(({ name, kind, bytes }) => [name, kind, bytes])).toEqual([
    ['z', 'directory', 0],
    ['a.csv', 'file', 4],
  ]);
  expect(parent).toBe(tmpdir());
  await expect(service['files.list']({ directory: join(folder, 'none') })).rejects.toMatchObject({
    failure: { code: 'file-not-found' },
  });
});

it('opens each template with its text', async () => {
  const { templates } = await service['template.list']({});
  expect(templates[0]?.name).toBe('syllables');
  for (const { name } of templates) {
    const { document, readme } = await service['template.open']({ name });
    expect(document.data?.source).toEqual({ kind: 'template', name });
    expect(readme.length).toBeGreaterThan(200);
  }
});
