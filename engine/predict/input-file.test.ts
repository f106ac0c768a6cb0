import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, expect, it } from 'vitest';
import { writeWav } from '../data/media/fixtures/write-wav.ts';
import { dataBinding } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import { readInputFile } from './input-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-input-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const encoding = (media: object) => ({
  binding: dataBinding.parse({ source: { kind: 'template', name: 'x' }, task: 'sequence-classification', media }),
});
const picture = encoding({ kind: 'image', height: 1, width: 1, channels: 1 });

const failureOf = async (work: () => Promise<unknown>): Promise<UserError['failure']> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error.failure;
    throw error;
  }
  throw new Error('nothing was refused');
};

it('reads a picture as training does', async () => {
  const path = join(folder, 'grey.png');
  writeFileSync(path, encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) }));
  expect(await readInputFile(picture, path)).toEqual([[expect.closeTo(0.5, 6)]]);
});

it('names the file that is no picture, and the one that is not there', async () => {
  const path = join(folder, 'words.png');
  writeFileSync(path, 'not a picture');
  expect(await failureOf(() => readInputFile(picture, path))).toMatchObject({
    code: 'not-a-picture',
    message: expect.stringContaining('words.png: '),
  });
  expect(await failureOf(() => readInputFile(picture, join(folder, 'none.png')))).toMatchObject({
    code: 'media-unreadable',
    hint: 'Choose another file.',
  });
});

it('says of a silent recording that it is silent', async () => {
  const path = join(folder, 'silent.wav');
  writeFileSync(path, writeWav(new Array<number>(1600).fill(0), { sampleRate: 16_000 }));
  expect(await failureOf(() => readInputFile(encoding({ kind: 'audio' }), path))).toMatchObject({
    code: 'silent',
    message: 'silent.wav: the recording is silent from beginning to end.',
  });
});

it('refuses a file for a model that reads text', async () => {
  expect((await failureOf(() => readInputFile(encoding({ kind: 'none' }), 'x.png'))).code).toBe('wrong-input');
});
