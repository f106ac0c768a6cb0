import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { specialTokenNames } from './dataset.ts';
import { readWordVectors } from './word-vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const file = (content: string): string => {
  const path = join(folder, `${files++}.txt`);
  writeFileSync(path, content);
  return path;
};
const vocabulary = [...specialTokenNames, 'cat', 'New', 'york', '7', 'absent'];
const [cat, upper, , seven] = [4, 5, 6, 7];

const glove = 'the 1 1 1\ncat 0.5 -1e-3 2\n7 1 2 3\nnew 9 9 9\n';

describe('formats', () => {
  it.each([
    ['GloVe', glove],
    ['word2vec and fastText, with a first line', `4 3\n${glove}`],
    ['fastText, with a space at each end', `4 3\n${glove.replaceAll('\n', ' \n')}`],
    ['tabs and Windows line ends', glove.replaceAll(' ', '\t').replaceAll('\n', '\r\n')],
  ])('%s', async (_name, content) => {
    const { rows, words, badLines } = await readWordVectors(file(content), vocabulary, 3);
    expect({ words, badLines }).toEqual({ words: 4, badLines: 0 });
    expect([...rows.keys()].sort()).toEqual([cat, upper, seven]);
    expect(rows.get(4)).toEqual(Float32Array.of(0.5, -1e-3, 2));
    // “New” is in the file in lower case only.
    expect(rows.get(5)).toEqual(Float32Array.of(9, 9, 9));
  });

  it('prefers the exact form, and the first of two', async () => {
    const { rows } = await readWordVectors(file('new 1 1\nNew 2 2\nNew 3 3\n'), vocabulary, 2);
    expect(rows.get(5)).toEqual(Float32Array.of(2, 2));
  });

  it('never gives a special token a vector', async () => {
    const { rows } = await readWordVectors(file('<pad> 1 1\n<unk> 2 2\ncat 3 3\n'), vocabulary, 2);
    expect([...rows.keys()]).toEqual([4]);
  });

  it('takes a word with spaces: the numbers are the last fields', async () => {
    const { rows } = await readWordVectors(file('cat 1 2\nnew york city 3 4\n'), [...specialTokenNames, 'new york city'], 2);
    expect(rows.get(4)).toEqual(Float32Array.of(3, 4));
  });
});

describe('a first line of numbers', () => {
  const digits = [...specialTokenNames, '2', '400', 'a', 'b', '1 000'];
  it.each<[string, string, number, Record<number, number[]>]>([
    ['is a word that is a number', '2 0.1 0.2\na 3 4\n', 2, { 4: [0.1, 0.2], 6: [3, 4] }],
    ['is the header', '400 3\na 1 2 3\nb 4 5 6\n', 3, { 6: [1, 2, 3], 7: [4, 5, 6] }],
    ['is a word with one number', '2 3\na 5\nb 6\n', 1, { 4: [3], 6: [5], 7: [6] }],
    ['is a header of width 1: the count is right', '2 1\na 5\nb 6\n', 1, { 6: [5], 7: [6] }],
    ['is a word of width 1: the count is not', '400 1\na 5\nb 6\n', 1, { 5: [1], 6: [5], 7: [6] }],
    ['is a word of two parts', '1 000 0.1 0.2\na 3 4\nb 5 6\n', 2, { 8: [0.1, 0.2], 6: [3, 4], 7: [5, 6] }],
  ])('%s', async (_what, content, width, expected) => {
    const { rows } = await readWordVectors(file(content), digits, width);
    const found = Object.fromEntries([...rows].map(([id, vector]) => [id, [...vector]]));
    const single = Object.entries(expected).map(([id, vector]) => [id, vector.map(Math.fround)]);
    expect(found).toEqual(Object.fromEntries(single));
  });
});

it('counts bad lines and names the first', async () => {
  const { rows, words, badLines, firstBadLine } = await readWordVectors(file('the 1 1\n\ncat 1 x\n7 2\n7 2 2\n'), vocabulary, 2);
  expect({ words, badLines, firstBadLine }).toEqual({ words: 2, badLines: 2, firstBadLine: 3 });
  expect([...rows.keys()]).toEqual([seven]);
});

describe('refusals', () => {
  it.each([
    ['by the first line', '2 3\ncat 1 2 3\n'],
    ['by the first word', 'cat 1 2 3\n'],
  ])('another width, known %s', async (_how, content) => {
    await expect(readWordVectors(file(content), vocabulary, 5)).rejects.toMatchObject({
      failure: {
        code: 'vectors-width',
        message: expect.stringMatching(/has 3 numbers per word, but the embedding is 5 wide/),
        hint: expect.stringContaining('Set the width of the Embedding to 3'),
      },
    });
  });

  it.each([
    ['', 'vectors-not-text'],
    ['\u0000\u0001binary', 'vectors-not-text'],
    ['some prose\nwithout numbers\n', 'vectors-not-text'],
  ])('a file without vectors: %j', async (content, code) => {
    await expect(readWordVectors(file(content), vocabulary, 3)).rejects.toMatchObject({ failure: { code } });
  });

  it('a file that is not there', async () => {
    await expect(readWordVectors(join(folder, 'none.txt'), vocabulary, 3)).rejects.toMatchObject({
      failure: { code: 'file-not-found' },
    });
  });
});
