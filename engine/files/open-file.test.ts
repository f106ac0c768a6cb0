import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMedia } from '../data/media/media-threads.ts';
import { previewFile } from '../data/preview.ts';
import { readLines } from '../data/readers/lines.ts';
import { readWordVectors } from '../data/word-vectors.ts';
import { mediaSettings } from '../document/media-settings.ts';
import { proposeImport } from '../import/import-model.ts';
import { loadCheckpoint } from '../runs/checkpoint-file.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { readDocumentFile } from '../services/document-file.ts';
import { readWholeFile, readWholeFileSync } from './open-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-no-files-'));
const at = (name: string): string => join(folder, name);
const posix = process.platform !== 'win32';
if (!posix) console.warn('pipes, sockets and devices are not tried: Windows has none among its files');

let socket: Server | undefined;
beforeAll(async () => {
  mkdirSync(at('folder'));
  symlinkSync(at('folder'), at('link-to-folder'));
  if (!posix) return;
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync(at('pipe'), at('link-to-pipe'));
  symlinkSync('/dev/zero', at('link-to-zero'));
  socket = createServer().listen(at('socket'));
  await new Promise((listening) => socket?.once('listening', listening));
});
afterAll(() => {
  socket?.close();
  rmSync(folder, { recursive: true });
});

const pixels = mediaSettings.parse({ kind: 'image' });
const sound = mediaSettings.parse({ kind: 'audio' });
const video = mediaSettings.parse({ kind: 'frames' });
if (pixels.kind !== 'image' || sound.kind !== 'audio' || video.kind !== 'frames') throw new Error('media settings');

/** Everything that opens a path which a person, a document or a table gave. */
const openings: readonly (readonly [what: string, open: (path: string) => unknown])[] = [
  ['a document', readDocumentFile],
  ['a data file, to be shown', (path) => previewFile(path)],
  ['a data file, to be read', (path) => readLines(path, 'utf-8').next()],
  ['word vectors', (path) => readWordVectors(path, ['a'], 2)],
  ['a picture in a table', (path) => readMedia(path, at('table.csv'), pixels)],
  ['a recording in a table', (path) => readMedia(path, at('table.csv'), sound)],
  ['a frame in a table', (path) => readMedia(`${path};${path}`, at('table.csv'), video)],
  ['any file', (path) => readWholeFile(path)],
  ['any file, on a thread', (path) => readWholeFileSync(path, 1e6)],
];

const others: readonly (readonly [kind: string, words: string, path: () => string])[] = [
  ['a folder', 'a folder', () => at('folder')],
  ['a link to a folder', 'a folder', () => at('link-to-folder')],
  ...(posix
    ? ([
        ['a pipe', 'a pipe', () => at('pipe')],
        ['a link to a pipe', 'a pipe', () => at('link-to-pipe')],
        ['/dev/zero', 'a device', () => '/dev/zero'],
        ['a link to /dev/zero', 'a device', () => at('link-to-zero')],
        ['a socket', 'a socket', () => at('socket')],
      ] as const)
    : []),
];

describe.each(openings)('%s', (_what, open) => {
  it.each(others)('is not %s: it is refused by name, without waiting', async (_kind, words, path) => {
    const failure = { code: expect.stringMatching(/^(not-a-file|media-unreadable)$/), message: expect.stringContaining(words) };
    await expect((async () => await open(path()))()).rejects.toMatchObject({ failure });
  });
});

describe.skipIf(!posix)('a pipe', () => {
  const put = (...names: string[]): string => {
    const inside = mkdtempSync(at('put-'));
    for (const name of names) {
      mkdirSync(resolve(inside, name, '..'), { recursive: true });
      execFileSync('mkfifo', [join(inside, name)]);
    }
    return inside;
  };

  it('as the weights or beside the weights of an import is refused', async () => {
    const weights = put('m.safetensors');
    await expect(proposeImport(join(weights, 'm.safetensors'))).rejects.toMatchObject({ failure: { code: 'not-a-file' } });
    await expect(proposeImport(put('config.json'))).rejects.toMatchObject({ failure: { code: 'not-a-file' } });
  });

  it('in a run folder is refused, or passed over where a damaged file is', async () => {
    await expect(new RunFolder(put('run.json')).read()).rejects.toMatchObject({ failure: { code: 'not-a-file' } });
    expect((await loadCheckpoint(put('checkpoints/step-000000001.safetensors'))).checkpoint).toBeNull();
  });

  it('as the folder of a video is refused', async () => {
    const pipe = join(put('video'), 'video');
    await expect(readMedia(pipe, at('table.csv'), video)).rejects.toThrow(/no folder/);
  });
});

it('reads a file whole, through a link too, and none that is larger than asked for', async () => {
  const content = Buffer.from([1, 2, 3, 0, 255]);
  writeFileSync(at('whole'), content);
  symlinkSync(at('whole'), at('link-to-whole'));
  expect(await readWholeFile(at('link-to-whole'), 5)).toEqual(content);
  expect(readWholeFileSync(at('link-to-whole'), 5)).toEqual(content);
  const failure = { code: 'file-too-large' };
  await expect(readWholeFile(at('whole'), 4)).rejects.toMatchObject({ failure });
  expect(() => readWholeFileSync(at('whole'), 4)).toThrow(expect.objectContaining({ failure: expect.objectContaining(failure) }));
});

it('refuses a path with a NUL in words', async () => {
  await expect(readWholeFile('a\0b')).rejects.toMatchObject({
    failure: { code: 'not-a-file', message: expect.stringContaining('NUL') },
  });
});

/** Files that open nothing but what the app itself put there, or makes anew. */
const ownFiles = [
  'engine/files/', // this module, and the writing of files
  'engine/backends/', // what the app has measured
  'engine/toolchain/', // native TensorFlow in the app's cache
  'engine/kernels/', // files of the app
  'engine/data/tokenizer/kernel/', // files of the app, and what its compiler makes of them
  'engine/data/media/jpeg-decoder.ts', // a file of a package
  'engine/data/media/media-threads.ts', // the bundle of a thread
  'engine/data/ahead/batches-ahead.ts', // the bundle of a thread
  'engine/inspect/analysis/in-thread.ts', // the bundle of a thread
  'engine/machines/serve-stdio.ts', // the log of the engine that it starts, made anew
  'engine/services/transfer.ts', // new files
  'engine/sweep/sweep-folder.ts', // appends
  'engine/runs/metrics-file.ts', // appends
  'engine/export/python-file.ts', // files of the app
  'engine/export/write-folder.ts', // new files
  'electron/static-file.ts', // files of the built window
  'electron/update', // the app's own setting, and what its package says of updates
];

it('is the only thing in the engine and the shells that opens a file', () => {
  const root = resolve(import.meta.dirname, '../..');
  const sources = ['engine', 'electron']
    .flatMap((part) => readdirSync(join(root, part), { recursive: true, encoding: 'utf8' }).map((name) => join(root, part, name)))
    .filter((path) => /(?<!\.test|\.test-support)\.ts$/.test(path) && !path.includes(`${sep}fixtures${sep}`));
  expect(sources.length).toBeGreaterThan(300);
  const opening =
    /import\s+(?:\*\s+as\s+\w+|\w+|\{[^}]*\b(?:open|openSync|readFile|readFileSync|createReadStream|openAsBlob)\b[^}]*\})\s+from\s+'(?:node:)?fs(?:\/promises)?'/;
  const found = sources
    .filter((path) => opening.test(readFileSync(path, 'utf8')))
    .map((path) => relative(root, path).replaceAll(sep, '/'))
    .filter((path) => !ownFiles.some((own) => path.startsWith(own)));
  expect(found, 'open files through engine/files/open-file.ts').toEqual([]);
});
