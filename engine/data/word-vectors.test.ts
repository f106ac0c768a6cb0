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
    const { rows, words, badLines } = await readWordVectors(file(content), digits, width);
    expect({ words, badLines }).toEqual({ words: Object.keys(expected).length, badLines: 0 });
    const found = Object.fromEntries([...rows].map(([id, vector]) => [id, [...vector]]));
    const single = Object.entries(expected).map(([id, vector]) => [id, vector.map(Math.fround)]);
    expect(found).toEqual(Object.fromEntries(single));
  });
});

describe('what is a first line', () => {
  const found = async (content: string, width: number) => {
    const { rows, words, badLines } = await readWordVectors(file(content), [...specialTokenNames, 'cat', '7', '8'], width);
    return { words, badLines, ids: [...rows.keys()].sort() };
  };

  it('is none with other signs than digits: such a line is bad', async () => {
    for (const line of ['x4 2', '4x 2', '4 x2', '4 2x', '4.5 2'])
      expect(await found(`${line}\ncat 1 2\n7 3 4\n`, 2), line).toEqual({ words: 2, badLines: 1, ids: [4, 5] });
    expect(await found('12 2\ncat 1 2\n', 2)).toEqual({ words: 1, badLines: 0, ids: [4] });
    const ten = 'cat 1 2 3 4 5 6 7 8 9 10\n';
    expect(await found(`1 10\n${ten}`, 10)).toEqual({ words: 1, badLines: 0, ids: [4] });
  });

  it('alone is a word with one number where that is the width, and otherwise says the width', async () => {
    expect(await found('7 3\n', 1)).toEqual({ words: 1, badLines: 0, ids: [5] });
    await expect(found('7 3\n', 3)).rejects.toThrow('holds no word vectors');
    await expect(found('400 3\n', 5)).rejects.toThrow('has 3 numbers per word');
  });

  it('does not count among the lines that tell the width', async () => {
    expect(await found('1 3\ncat 1 2 3\n', 3)).toEqual({ words: 1, badLines: 0, ids: [4] });
    await expect(found('1 3\ncat 1 2 3\n', 1)).rejects.toThrow('has 3 numbers per word');
  });

  it('of width 1 is a word only where the count is not that of the lines below', async () => {
    // Neither 400 nor 2 is in the vocabulary.
    expect(await found('400 1\ncat 5\n7 6\n', 1)).toEqual({ words: 3, badLines: 0, ids: [4, 5] });
    expect(await found('2 1\ncat 5\n7 6\n', 1)).toEqual({ words: 2, badLines: 0, ids: [4, 5] });
  });
});

describe('lines', () => {
  it('of numbers alone are words that are numbers', async () => {
    const { rows } = await readWordVectors(file('7 1 2 3\n8 4 5 6\n'), vocabulary, 3);
    expect([...rows.keys()]).toEqual([seven]);
    await expect(readWordVectors(file('7 1 2 3\n8 4 5 6\n'), vocabulary, 4)).rejects.toThrow('has 3 numbers per word');
  });

  it('of two widths are of the smaller: a word of several parts may end in a number', async () => {
    for (const content of ['cat 1 2\nblink 182 3 4\n', 'blink 182 3 4\ncat 1 2\n']) {
      const { rows, words } = await readWordVectors(file(content), [...specialTokenNames, 'blink 182', 'cat'], 2);
      expect(words).toBe(2);
      expect([rows.get(4), rows.get(5)]).toEqual([Float32Array.of(3, 4), Float32Array.of(1, 2)]);
    }
    // More lines are of the larger.
    await expect(readWordVectors(file('a 1 2\nb 1 2 3\nc 1 2 3\n'), vocabulary, 2)).rejects.toThrow('has 3 numbers');
  });

  it('with two spaces between numbers are bad, and empty ones are none', async () => {
    const { words, badLines, firstBadLine } = await readWordVectors(file('the 1 2\n \ncat  1\n\t\n7 2 2\n'), vocabulary, 2);
    expect({ words, badLines, firstBadLine }).toEqual({ words: 2, badLines: 1, firstBadLine: 3 });
  });

  it('before the first word are looked at in full', async () => {
    const { words, badLines, firstBadLine } = await readWordVectors(file('some x y\ncat 1 2\n 3 4\n'), vocabulary, 2);
    expect({ words, badLines, firstBadLine }).toEqual({ words: 1, badLines: 2, firstBadLine: 1 });
  });

  it('give a word in other letters the first of its lower-case form', async () => {
    const { rows } = await readWordVectors(file('new 1 1\nnew 2 2\nNEW 3 3\n'), vocabulary, 2);
    expect([...rows]).toEqual([[upper, Float32Array.of(1, 1)]]);
  });
});

it('stops when it is told to', async () => {
  await expect(readWordVectors(file(glove), vocabulary, 3, AbortSignal.abort(new Error('enough')))).rejects.toThrow();
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
    ['by words that end in a space', 'cat 1 2 3 \ndog 1 2 3 \n'],
  ])('another width, known %s', async (_how, content) => {
    await expect(readWordVectors(file(content), vocabulary, 5)).rejects.toMatchObject({
      failure: {
        code: 'vectors-width',
        message: expect.stringMatching(/^\d+\.txt has 3 numbers per word, but the embedding is 5 wide/),
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
