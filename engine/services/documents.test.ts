import { mkdir, mkdtemp, readdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { documentLimits, emptyDocument, type UnrollDocument, unrollDocument } from '../document/schema.ts';
import { filePaths } from '../graph/file-paths.ts';
import { findHome, type Home } from '../home.ts';
import { withRelativePaths, withWholePaths } from './document-paths.ts';
import { documentService } from './documents.ts';

let folder: string;
let home: Home;
let service: ReturnType<typeof documentService>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-documents-'));
  home = findHome({ UNROLL_HOME: join(folder, 'home') });
  service = documentService({ home, initial: { kind: 'template', name: 'syllables' }, emit: () => undefined });
});

it.each(['{"half', '{"path":1}', '[]'])('says that a recovery copy is damaged: %s', async (content) => {
  await mkdir(home.autosave, { recursive: true });
  await writeFile(join(home.autosave, 'a.json'), content);
  await expect(service['document.recover']({ key: 'a' })).rejects.toMatchObject({ failure: { code: 'recovery-copy-damaged' } });
});

describe('open and save', () => {
  it('opens what was saved, and remembers it', async () => {
    const path = join(folder, 'new folder', 'a.unroll.json');
    const document = { ...emptyDocument('Été'), comments: [] };
    await service['document.save']({ path, document, replace: false });
    expect(await service['document.open']({ path })).toMatchObject({ document, path, migratedFrom: null, notes: [] });
    expect(await service['document.recent']({})).toEqual({ paths: [path] });
    expect(await readdir(join(folder, 'new folder'))).toEqual(['a.unroll.json']);
  });

  it('never writes over what somebody else has saved meanwhile', async () => {
    const path = join(folder, 'a.unroll.json');
    const mine = await service['document.save']({ path, document: emptyDocument('mine'), replace: false });
    const again = await service['document.save']({
      path,
      document: emptyDocument('mine too'),
      replace: false,
      revision: mine.revision,
    });
    // Another window opened it then, and saves.
    const { revision } = await service['document.open']({ path });
    await service['document.save']({ path, document: emptyDocument('theirs'), replace: false, revision: revision ?? '' });
    const late = { path, document: emptyDocument('mine again'), replace: false, revision: again.revision };
    await expect(service['document.save'](late)).rejects.toMatchObject({ failure: { code: 'changed-on-disk' } });
    expect((await service['document.open']({ path })).document.name).toBe('theirs');
    // A copy from before that save asks as well; one of the file as it is does not.
    await service['document.autosave']({ key: 'a', path, document: emptyDocument('copy') });
    expect((await service['document.recover']({ key: 'a' })).revision).toBe((await service['document.open']({ path })).revision);
    await utimes(path, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    const copy = await service['document.recover']({ key: 'a' });
    const recovered = { path, document: copy.document, replace: false, revision: copy.revision ?? '' };
    await expect(service['document.save'](recovered)).rejects.toMatchObject({ failure: { code: 'changed-on-disk' } });
  });

  it('forgets files that are gone and damaged lists', async () => {
    const path = join(folder, 'a.unroll.json');
    await service['document.save']({ path, document: emptyDocument(), replace: false });
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
    await expect(service['document.save']({ path, document: emptyDocument(), replace: false })).rejects.toMatchObject({
      failure: { message: expect.stringContaining(path) },
    });
  });
});

describe('a place to save', () => {
  const save = (path: string, replace = false) => service['document.save']({ path, document: emptyDocument('new'), replace });
  const refused = (path: string, code: string, replace = true) =>
    expect(save(path, replace)).rejects.toMatchObject({ failure: { code, message: expect.stringContaining('/') } });

  it.each([
    ['rows.json', '[1, 2]'],
    ['settings.json', '{"a":1}'],
    ['empty.unroll.json', ''],
    ['torn.unroll.json', JSON.stringify(emptyDocument()).slice(0, -9)],
    ['newer.unroll.json', JSON.stringify({ ...emptyDocument(), version: 999 })],
  ])('%s, which is no document, is never written over', async (name, content) => {
    const path = join(folder, name);
    await writeFile(path, content);
    await refused(path, 'not-a-document');
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('is no folder, and no link to what is no document', async () => {
    await mkdir(join(folder, 'folder.json'));
    await refused(join(folder, 'folder.json'), 'not-a-document');
    await writeFile(join(folder, 'keys'), 'secret');
    for (const target of ['keys', 'nothing']) {
      const link = join(folder, `${target}.json`);
      await symlink(join(folder, target), link);
      await refused(link, 'not-a-document');
    }
    expect(await readFile(join(folder, 'keys'), 'utf8')).toBe('secret');
  });

  it.each(['.bashrc', 'authorized_keys', 'model.py', '.json', 'x.json.sh'])('is not called %s', async (name) => {
    await expect(save(join(folder, name), true)).rejects.toMatchObject({ failure: { code: 'not-a-document-name' } });
    expect(await readdir(folder)).not.toContain(name);
  });

  it('is named when it is no path, or too long', async () => {
    await refused(join(folder, 'a\0b.json'), 'bad-path');
    await refused(join(folder, `${'x'.repeat(300)}.json`), 'bad-path');
    await expect(service['files.list']({ directory: 'a\0b' })).rejects.toMatchObject({ failure: { code: 'bad-path' } });
  });

  it('that holds a document is replaced only when that was asked for', async () => {
    const path = join(folder, 'a.unroll.json');
    await writeFile(path, JSON.stringify(emptyDocument('old')));
    await refused(path, 'document-exists', false);
    expect((await service['document.open']({ path })).document.name).toBe('old');
    await save(path, true);
    expect((await service['document.open']({ path })).document.name).toBe('new');
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

  it('what was discarded can be had back; the trash keeps the newest twenty', async () => {
    await service['document.autosave']({ key: 'a', path: null, document: emptyDocument('First') });
    await service['document.discard']({ key: 'a' });
    expect((await service['document.recoverable']({})).items).toEqual([]);
    await service['document.restore']({ key: 'a' });
    expect((await service['document.recover']({ key: 'a' })).document.name).toBe('First');
    await service['document.discard']({ key: 'a' });
    await utimes(join(home.autosave, 'trash', 'a.json'), 1, 1);
    for (let i = 0; i < 20; i++) {
      await service['document.autosave']({ key: `k${i}`, path: null, document: emptyDocument() });
      await service['document.discard']({ key: `k${i}` });
    }
    expect(await readdir(join(home.autosave, 'trash'))).toHaveLength(20);
    await expect(service['document.restore']({ key: 'a' })).rejects.toMatchObject({ failure: { code: 'file-not-found' } });
    await service['document.restore']({ key: 'k0' });
    await service['document.discard']({ key: 'never-there' });
  });

  it('what is asked of a copy while it is still being written comes after that', async () => {
    const asked = [
      service['document.autosave']({ key: 'a', path: null, document: emptyDocument('Late') }),
      service['document.discard']({ key: 'a' }),
      service['document.autosave']({ key: 'b', path: null, document: emptyDocument('Other') }),
      service['document.recover']({ key: 'b' }),
    ];
    const [, , , recovered] = await Promise.all(asked);
    expect(recovered).toMatchObject({ document: { name: 'Other' } });
    expect((await service['document.recoverable']({})).items.map(({ key }) => key)).toEqual(['b']);
    await Promise.all([service['document.restore']({ key: 'a' }), service['document.discard']({ key: 'a' })]);
    expect(await readdir(join(home.autosave, 'trash'))).toEqual(['a.json']);
  });

  it('skips a damaged copy without deleting it, and keys that leave the folder are refused', async () => {
    await mkdir(home.autosave, { recursive: true });
    await writeFile(join(home.autosave, 'c.json'), '{"half');
    expect(await service['document.recoverable']({})).toEqual({ items: [] });
    expect(await readdir(home.autosave)).toEqual(['c.json']);
    await expect(service['document.discard']({ key: '../recent' })).rejects.toMatchObject({ failure: { code: 'bad-request' } });
  });
});

describe('paths of data', () => {
  const source = (path: string) => ({ kind: 'file' as const, path, reader: { format: 'delimited' as const } });
  const withData = (path: string, vectors = ''): UnrollDocument => ({
    ...emptyDocument('Mails'),
    nodes: [{ id: 'e', kind: 'embedding', params: { vectors }, position: { x: 0, y: 0 } }],
    data: dataBinding.parse({ source: source(path), task: 'sequence-classification' }),
  });
  const stored = async (file: string): Promise<string[]> =>
    filePaths(unrollDocument.parse(JSON.parse(await readFile(file, 'utf8'))));

  it('start at the document in its file, and are whole in the program: a folder that moved opens with its data', async () => {
    const here = join(folder, 'project');
    await mkdir(join(here, 'data'), { recursive: true });
    await writeFile(join(here, 'data', 'mails.csv'), 'text,label\n');
    await writeFile(join(here, 'vectors.txt'), '');
    const file = join(here, 'mails.unroll.json');
    const document = withData(join(here, 'data', 'mails.csv'), join(here, 'vectors.txt'));
    await service['document.save']({ path: file, document, replace: true });
    expect(await stored(file)).toEqual(['vectors.txt', 'data/mails.csv']);
    const there = join(folder, 'somewhere else');
    await rename(here, there);
    const opened = await service['document.open']({ path: join(there, 'mails.unroll.json') });
    expect(filePaths(opened.document)).toEqual([join(there, 'vectors.txt'), join(there, 'data', 'mails.csv')]);
  });

  it('go on meaning the same files when it is saved elsewhere', async () => {
    const document = withData(join(folder, 'a', 'x.csv'));
    const file = join(folder, 'b', 'c', 'm.unroll.json');
    await service['document.save']({ path: file, document, replace: true });
    expect(await stored(file)).toEqual(['../../a/x.csv']);
    expect(filePaths((await service['document.open']({ path: file })).document)).toEqual([join(folder, 'a', 'x.csv')]);
    // Too far up to move together.
    const far = join(folder, 'b', 'c', 'd', 'm.unroll.json');
    await service['document.save']({ path: far, document, replace: true });
    expect(await stored(far)).toEqual([join(folder, 'a', 'x.csv')]);
  });

  it('stay whole across the home folder and the root', () => {
    const home = homedir();
    const at = (file: string, data: string): string[] => filePaths(withRelativePaths(withData(data), file));
    expect(at(join(home, 'Documents', 'm.json'), join(home, 'Downloads', 'x.csv'))).toEqual([join(home, 'Downloads', 'x.csv')]);
    expect(at(resolve('/a/m.json'), resolve('/b/x.csv'))).toEqual([resolve('/b/x.csv')]);
    expect(at(join(home, 'p', 'doc', 'm.json'), join(home, 'p', 'data', 'x.csv'))).toEqual(['../data/x.csv']);
  });

  it('are read as Windows writes them; a drive that is not here stays named', async () => {
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'x.csv'), '');
    const read = (path: string): string[] => filePaths(withWholePaths(withData(path), join(folder, 'm.json')));
    expect(read('data\\x.csv')).toEqual([join(folder, 'data', 'x.csv')]);
    expect(read('C:\\data\\x.csv')).toEqual(['C:\\data\\x.csv']);
    // Missing: it is looked for beside the document.
    expect(read('gone.csv')).toEqual([join(folder, 'gone.csv')]);
    // As before paths were relative to the document: from where the program was started.
    expect(read('package.json')).toEqual([resolve('package.json')]);
    // Both are there: the one beside the document.
    await writeFile(join(folder, 'package.json'), '');
    expect(read('package.json')).toEqual([join(folder, 'package.json')]);
  });

  it.skipIf(sep === '\\')('a name that Windows would take for a drive is written so that it is not', async () => {
    const name = 'C:\\x.csv';
    await writeFile(join(folder, name), '');
    const document = withData(join(folder, name));
    const written = withRelativePaths(document, join(folder, 'm.json'));
    expect(filePaths(written)).toEqual([`./${name}`]);
    expect(filePaths(withWholePaths(written, join(folder, 'm.json')))).toEqual([join(folder, name)]);
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
