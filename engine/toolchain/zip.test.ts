import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unzip } from './zip.ts';
import { zipOf } from './zip-fixture.test-support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-zip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('unpacks the wanted members only, with their bytes', async () => {
  const archive = join(folder, 'a.zip');
  const large = 'recurrent '.repeat(50_000);
  await writeFile(archive, zipOf({ 'a/one.txt': large, 'a/two.txt': 'two', 'b/three.txt': 'three' }));
  const fractions: number[] = [];
  const names = await unzip(archive, join(folder, 'out'), (name) => name.startsWith('a/'), {
    onProgress: (fraction) => fractions.push(fraction),
  });
  expect(names).toEqual(['a/one.txt', 'a/two.txt']);
  expect(await readFile(join(folder, 'out', 'a', 'one.txt'), 'utf8')).toBe(large);
  expect(await readdir(join(folder, 'out'))).toEqual(['a']);
  expect(fractions.at(-1)).toBe(1);
});

test('makes folders of the names of files, not of the entries for folders that other programs write', async () => {
  const archive = join(folder, 'a.zip');
  await writeFile(archive, zipOf({ 'a/': '', 'a/b/': '', 'a/one.txt': 'one' }));
  expect(await unzip(archive, join(folder, 'out'), () => true)).toEqual(['a/one.txt']);
  expect(await readdir(join(folder, 'out', 'a'))).toEqual(['one.txt']);
});

test('stops where it is cancelled, in the middle of a member', async () => {
  const archive = join(folder, 'a.zip');
  await writeFile(archive, zipOf({ 'one.txt': 'recurrent '.repeat(50_000), 'two.txt': 'two' }));
  const cancel = new AbortController();
  const { signal } = cancel;
  const unpacked = unzip(archive, join(folder, 'out'), () => true, { signal, onProgress: () => cancel.abort() });
  await expect(unpacked).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(join(folder, 'out'))).toEqual(['one.txt']);
});

test('a flipped bit is found by the checksum', async () => {
  const archive = join(folder, 'a.zip');
  const bytes = zipOf({ 'a.txt': 'x' });
  bytes.writeUInt8(bytes.readUInt8(14) ^ 1, 14);
  const directory = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  bytes.writeUInt8(bytes.readUInt8(directory + 16) ^ 1, directory + 16);
  await writeFile(archive, bytes);
  await expect(unzip(archive, join(folder, 'out'), () => true)).rejects.toThrow('a.txt is damaged');
});

test('a cut file and a name outside the folder are refused', async () => {
  const archive = join(folder, 'a.zip');
  const bytes = zipOf({ 'a.txt': 'x'.repeat(100) });
  await writeFile(archive, bytes.subarray(0, -30));
  await expect(unzip(archive, join(folder, 'out'), () => true)).rejects.toThrow('truncated');
  await writeFile(archive, zipOf({ '../evil.txt': 'x' }));
  await expect(unzip(archive, join(folder, 'out'), () => true)).rejects.toThrow('invalid relative path');
});
