import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { previewFile } from './preview.ts';
import { openSource } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-parallel-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string): string => {
  writeFileSync(join(folder, name), 'one line of words\nand a second one\n');
  return join(folder, name);
};
const [english, german, europarl, , alone] = ['train.en', 'train.de', 'europarl.de-en.en', 'europarl.de-en.de', 'verse.en'].map(
  put,
);
const open = (path: string, part: string) =>
  openSource(
    dataBinding.parse({
      source: { kind: 'file', path, parts: { train: [part] }, reader: { format: 'text', inputColumns: ['text'] } },
      task: 'language-model',
    }),
  );

it('tells of the other side of a parallel corpus, and how to make pairs of both', async () => {
  const told = async (path = ''): Promise<string[]> =>
    (await previewFile(path)).warnings.filter((warning) => warning.includes('another language'));
  expect(await told(english)).toEqual([expect.stringContaining("paste -d '\\t' train.en train.de > train.tsv")]);
  expect(await told(europarl)).toEqual([expect.stringContaining('europarl.de-en.de')]);
  expect(await told(alone)).toEqual([]);
  expect(await told(put('train.csv'))).toEqual([]);
});

it('refuses to read both sides one after the other', async () => {
  await expect(open(english ?? '', german ?? '')).rejects.toMatchObject({
    failure: { code: 'parallel-files', hint: expect.stringContaining('paste') },
  });
  expect((await open(english ?? '', alone ?? '')).warnings()).toEqual([expect.stringContaining('“train.de” beside it')]);
});
