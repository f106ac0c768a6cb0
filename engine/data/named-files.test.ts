import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import { writePng } from './media/fixtures/write-png.ts';
import { writeWav } from './media/fixtures/write-wav.ts';
import { sizeOf, tablesWithFiles } from './named-files.ts';

const root = mkdtempSync(join(tmpdir(), 'unroll-named-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const most = { files: 100, bytes: 1e6 };

const png = writePng({ width: 2, height: 2, depth: 8, type: 'grey', samples: [0, 80, 160, 255] });
const wav = writeWav([0, 0.5, -0.5, 0]);
function write(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}
for (const name of ['one.png', 'two.png', 'deep/three.png']) write(`pictures/${name}`, png);
for (const i of [1, 2]) write(`tables/walk/${i}.png`, png);
write('tables/walk/notes.txt', 'a folder of pictures may hold other files');
write('tables/said.wav', wav);
write('secret.png', 'no picture at all');

it('finds the pictures, videos and recordings that rows name, and how they lie to their tables', async () => {
  const named = write(
    'tables/named.csv',
    'picture,label\n../pictures/one.png,a\n..\\pictures\\two.png,b\n../pictures/one.png,a\n',
  );
  const spoken = write('tables/spoken.jsonl', '{"sound": "said.wav", "label": "x"}\n');
  const found = await tablesWithFiles([{ path: named }, { path: spoken }], most);
  expect(found.tables.map(({ path, name }) => [path, name])).toEqual([
    [named, 'tables/named.csv'],
    [spoken, 'tables/spoken.jsonl'],
  ]);
  expect(found.named.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['pictures/one.png', png.length],
    ['pictures/two.png', png.length],
    ['tables/said.wav', wav.length],
  ]);
  const size = sizeOf(found);
  expect(size).toMatchObject({ files: 5, named: 3, whole: 0, unusable: 0 });
  expect(size.bytes).toBe(2 * png.length + wav.length + found.tables.reduce((sum, { bytes }) => sum + bytes, 0));
  const videos = write('tables/videos.csv', 'video,label\nwalk,a\n');
  const seen = await tablesWithFiles([{ path: videos }], most);
  expect(seen.tables[0]?.name).toBe('videos.csv');
  expect(seen.named.map(({ name }) => name).sort()).toEqual(['walk/1.png', 'walk/2.png']);
  const several = write('tables/several.csv', 'video,label\nwalk/2.png; ../pictures/deep/three.png,a\n');
  expect((await tablesWithFiles([{ path: several }], most)).named.map(({ name }) => name)).toEqual([
    'tables/walk/2.png',
    'pictures/deep/three.png',
  ]);
});

it('takes nothing that is no picture or recording, and says what cannot come along', async () => {
  symlinkSync('/dev/zero', join(root, 'endless.png'));
  const path = write(
    'mixed.csv',
    `picture,label\nsecret.png,a\nmissing.png,b\nendless.png,b\n${join(root, 'pictures/one.png')},a\n`,
  );
  const found = await tablesWithFiles([{ path }], most);
  expect(found).toMatchObject({ named: [], whole: 1, unusable: 3 });
});

it('looks only where it is told to, and at no column of another kind', async () => {
  const path = write('pictures/two-columns.csv', 'a,b,text\none.png,two.png,see one.png\n');
  const names = async (column?: string | null): Promise<string[]> => {
    const found = await tablesWithFiles([column === undefined ? { path } : { path, column }], most);
    return found.named.map(({ name }) => name);
  };
  expect(await names()).toEqual(['one.png', 'two.png']);
  expect(await names('b')).toEqual(['two.png']);
  expect(await names(null)).toEqual([]);
  expect(await names('text')).toEqual([]);
});

it('ends past the bound, and where there is no such table', async () => {
  const path = write('pictures/many.csv', 'picture,label\none.png,a\ntwo.png,b\n');
  expect((await failureOf(tablesWithFiles([{ path }], { ...most, files: 1 }))).code).toBe('too-much-named');
  expect((await failureOf(tablesWithFiles([{ path }], { ...most, bytes: png.length + 1 }))).code).toBe('too-much-named');
  expect((await failureOf(tablesWithFiles([{ path: join(root, 'none.csv') }], most))).code).toBe('file-not-found');
  expect((await failureOf(tablesWithFiles([{ path: root }], most))).code).toBe('not-a-file');
  const empty = write('empty.csv', '');
  expect(await tablesWithFiles([{ path: empty }], most)).toMatchObject({ tables: [{ name: 'empty.csv', bytes: 0 }], named: [] });
});
