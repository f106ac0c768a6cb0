import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DataBinding, dataBinding, type ReaderSettings } from '../../document/data-binding.ts';
import type { PreparedData } from '../dataset.ts';
import { rawExamples } from '../examples.ts';
import { prepareData } from '../prepare.ts';
import { previewFile } from '../preview.ts';
import { findSentences } from './sentences.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-sentences-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const write = (content: string): string => {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, content);
  return path;
};

const bind = (path: string, reader: Partial<ReaderSettings> = {}, change: object = {}): DataBinding =>
  dataBinding.parse({
    task: 'step-tagging',
    tokenizer: { lowercase: false },
    split: { validation: 0, test: 0 },
    ...change,
    source: {
      kind: 'file',
      path,
      reader: { format: 'delimited', header: true, inputColumns: ['Word'], targetColumns: ['Tag'], ...reader },
    },
  });

/** `line: token/TAG …` of each sentence. */
function sentences({ splits, encoding }: PreparedData, split: 'train' | 'validation' | 'test' = 'train'): string[] {
  const { count, offsets, tokens, tagTargets, lines } = splits[split];
  return Array.from({ length: count }, (_unused, i) => {
    const steps = Array.from({ length: (offsets[i + 1] ?? 0) - (offsets[i] ?? 0) }, (_step, t) => (offsets[i] ?? 0) + t);
    const words = steps.map((at) => `${encoding.vocabulary?.[tokens?.[at] ?? 0]}/${encoding.classes?.[tagTargets?.[at] ?? 0]}`);
    return `${lines[i]}: ${words.join(' ')}`;
  });
}

const table =
  'Sentence #,Word,POS,Tag\nSentence: 1,The,DT,O\n,cat,NN,B\nSentence: 2,It,PRP,O\n,"said, so",VB,O\n,London,NN,B\nSentence: 3,Go,VB,O\n,!,.,O\n';
const read = ['2: The/O cat/B', '4: It/O said, so/O London/B', '7: Go/O !/O'];

describe('a table of one token a row', () => {
  it('is understood by its column of sentences, which is shown', async () => {
    const path = write(table);
    const preview = await previewFile(path);
    expect(preview).toMatchObject({
      task: 'step-tagging',
      reader: { sentenceColumn: 'Sentence #', inputColumns: ['Word'], targetColumns: ['Tag'] },
      warnings: ['Rows are put together to sentences by “Sentence #”: one row is one token.'],
    });
    expect(preview.rows[0]).toEqual(['Sentence: 1', 'The cat', 'DT NN', 'O B']);
    const data = await prepareData(bind(path, { sentenceColumn: 'Sentence #' }));
    expect(sentences(data)).toEqual(read);
    expect(data.encoding.reading?.sentence).toBe('Sentence #');
    expect(data.report.notes).toContain('Rows are put together to sentences by “Sentence #”: one row is one token.');
    // A document from before that says nothing of it, too.
    expect(sentences(await prepareData(bind(path)))).toEqual(read);
    expect((await rawExamples(bind(path), 'train', 1, 1)).examples).toEqual([
      { line: 4, input: 'It said, so London', tokens: ['It', 'said, so', 'London'], target: 'O O B' },
    ]);
  });

  it('may say its sentence in every row', async () => {
    const filled = write('sentence_id,Word,Tag\n1,The,O\n1 ,cat,B\n 2,It,O\n 2,sat,O\n10,Go,O\n10,on,B\n10,!,O\n');
    expect((await previewFile(filled)).reader.sentenceColumn).toBe('sentence_id');
    expect(sentences(await prepareData(bind(filled)))).toEqual(['2: The/O cat/B', '4: It/O sat/O', '6: Go/O on/B !/O']);
  });

  it('is one example a row where that is chosen, and is refused for tags', async () => {
    const path = write(table);
    expect((await previewFile(path, { sentenceColumn: null })).rows[1]).toEqual(['', 'cat', 'NN', 'B']);
    await expect(prepareData(bind(path, { sentenceColumn: null }))).rejects.toMatchObject({
      failure: { code: 'one-token-rows', row: 2, hint: expect.stringContaining('under Reading') },
    });
  });

  it('was one example a row for other tasks before, and stays so until it is chosen', async () => {
    const binding = bind(write(table), {}, { task: 'sequence-classification' });
    expect((await prepareData(binding)).report.counts.train).toBe(7);
    const model = bind(
      write(table),
      { sentenceColumn: 'Sentence #', targetColumns: [] },
      { task: 'language-model', languageModel: { unit: 'line' } },
    );
    expect((await prepareData(model)).report.counts.train).toBe(3);
  });

  it('goes on over blocks of the file, and its last sentence needs no line end', async () => {
    const count = 40_000;
    const rows = Array.from(
      { length: count },
      (_unused, i) => `${i % 4 === 0 ? `Sentence: ${i / 4}` : ''},w${i % 7},${i % 3 ? 'O' : 'B'}`,
    );
    const data = await prepareData(bind(write(`Sentence #,Word,Tag\n${rows.join('\n')}`)));
    expect(data.report.counts.train).toBe(count / 4);
    const last = Array.from({ length: 4 }, (_unused, t) => count - 4 + t).map((i) => `w${i % 7}/${i % 3 ? 'O' : 'B'}`);
    expect(sentences(data).at(-1)).toBe(`${count - 2}: ${last.join(' ')}`);
  });
});

describe('a row that cannot be read', () => {
  it('costs its sentence, and no token of it stands in another', async () => {
    const path = write(
      'Sentence #,Word,Tag\nS1,a,O\n,b\n,c,O\nS2,d,O\n,e,B\nS3,f,O\nS4,too,many,cells\n,g,O\nS5,h,O\n,i,B\nS6,j,O\n,k,O\n',
    );
    const data = await prepareData(bind(path, { sentenceColumn: 'Sentence #' }));
    expect(sentences(data)).toEqual(['5: d/O e/B', '10: h/O i/B', '12: j/O k/O']);
    expect(data.report.badRows).toEqual([
      { line: 2, reason: 'sentence left out: line 3: expected 3 columns, found 2: ,b' },
      {
        line: 7,
        reason:
          'sentence left out: line 8: expected 3 columns, found 4 (a “,” inside of a cell must stand in quotes): S4,too,many,cells',
      },
    ]);
  });

  it('before the first sentence is told alone', async () => {
    const data = await prepareData(
      bind(write('Sentence #,Word,Tag\nx\nS1,a,O\n,b,B\nS2,c,O\n,d,O\n'), { sentenceColumn: 'Sentence #' }),
    );
    expect(sentences(data)).toEqual(['3: a/O b/B', '5: c/O d/O']);
    expect(data.report.badRows).toEqual([{ line: 2, reason: 'expected 3 columns, found 1: x' }]);
  });
});

describe('groups and splits of sentences', () => {
  const rows = (of: (sentence: number, token: number) => string): string =>
    `s,doc,Word,Tag\n${Array.from({ length: 24 }, (_unused, i) => {
      const sentence = Math.floor(i / 3);
      return `${i % 3 === 0 ? sentence : ''},${of(sentence, i % 3)},w${i},${i % 2 ? 'O' : 'B'}`;
    }).join('\n')}\n`;

  it('are those of all their rows', async () => {
    const docs = bind(
      write(rows((sentence) => `d${sentence % 4}`)),
      { sentenceColumn: 's', groupColumn: 'doc' },
      { split: { validation: 0.25, test: 0.25 } },
    );
    const data = await prepareData(docs);
    const of = (split: 'train' | 'validation' | 'test'): Set<number> =>
      new Set(Array.from(data.splits[split].lines, (line) => ((line - 2) / 3) % 4));
    expect([of('train').size, of('validation').size, of('test').size]).toEqual([2, 1, 1]);
    const named = await prepareData(
      bind(write(rows((sentence) => (sentence < 6 ? 'train' : 'test'))), { sentenceColumn: 's', splitColumn: 'doc' }),
    );
    expect(named.report.counts).toEqual({ train: 6, validation: 0, test: 2 });
  });

  it('that differ inside of a sentence leave it out', async () => {
    const path = write(rows((sentence, token) => (sentence === 2 && token === 2 ? 'other' : 'd')));
    const { report } = await prepareData(bind(path, { sentenceColumn: 's', groupColumn: 'doc' }));
    expect(report.counts.train).toBe(7);
    expect(report.badRows).toEqual([
      { line: 8, reason: 'sentence left out: column “doc” is “d” at first, and “other” in line 10' },
    ]);
  });
});

describe('the column that tells sentences apart', () => {
  /** Of each row its number, and two words. */
  const found = (column: string, numbers: readonly string[], second = (_row: number): string => 'NN'): string | null =>
    findSentences(
      [column, 'Word', 'Tag'],
      numbers.map((number, i) => ({ line: i + 2, cells: [number, ` w${i} `, second(i)] })),
    );
  const three = ['1', '', '2', '', '3', ''];

  it.each(['Sentence #', 'sentence_id', 'sent_id', 'Sents', 'my sent'])('may be called %s', (name) => {
    expect(found(name, three)).toBe(name);
  });

  it.each(['sentiment', 'resent', 'sentsx'])('is not called %s', (name) => {
    expect(found(name, three)).toBeNull();
  });

  it.each(['Sentence: ', 's', 'S-', 'sent. #', 'x_', ''])('numbers them with “%s” before', (before) => {
    expect(
      found(
        'sent',
        ['1', '', '20', '', '3', ''].map((number) => number && before + number),
      ),
    ).toBe('sent');
  });

  it.each(['one', '1a', '1.5', '#1', 'a1b2', '1 '.repeat(2)])('holds no “%s”', (cell) => {
    expect(found('sent', ['7', '', '8', '', cell, ''])).toBeNull();
  });

  it('has two rows a sentence on average, three sentences, and may say a number again in the rows of its sentence', () => {
    expect(found('sent', three.slice(0, 5))).toBeNull();
    expect(found('sent', ['1', '', '', '2', '', ''])).toBeNull();
    expect(found('sent', ['1', '2', '', '', '3', ''])).toBe('sent');
    expect(found('sent', ['1', '', '1', '2', '', '2', '3', '', '3'])).toBe('sent');
  });

  it('stands beside columns of single words in 98 of 100 rows', () => {
    const numbers = Array.from({ length: 50 }, (_unused, i) => (i % 5 === 0 ? `${i}` : ''));
    expect(found('sent', numbers, (row) => (row < 1 ? 'two words' : 'NN'))).toBe('sent');
    expect(found('sent', numbers, (row) => (row < 2 ? 'two words' : 'NN'))).toBeNull();
    expect(found('sent', numbers, (row) => (row < 2 ? '' : 'NN'))).toBeNull();
  });
});

describe('no sentences are guessed', () => {
  const guessed = async (content: string): Promise<unknown> => (await previewFile(write(content))).reader.sentenceColumn;

  it.each([
    ['where no column is named so', table.replace('Sentence #', 'id')],
    [
      'where the column holds texts',
      'sentence,aspect,polarity\nGood food,food,pos\nGood food,price,neg\nBad,food,neg\nBad,staff,neg\nOk,x,y\nOk,y,y\n',
    ],
    ['where its numbers come again', table.replace('Sentence: 3', 'Sentence: 1')],
    ['where its first cell is empty', table.replace('Sentence: 1', '')],
    ['of one token', 'Sentence #,Word,Tag\n1,a,O\n2,b,O\n3,c,B\n4,d,O\n'],
    ['of two', 'Sentence #,Word,Tag\n1,a,O\n,b,O\n2,c,B\n,d,O\n'],
    [
      'where cells hold several words',
      table.replaceAll(/,(O|B)$/gm, ',$1 or so').replaceAll(/,(The|cat|It|London|Go),/g, ',$1 and more,'),
    ],
    ['of a single word column', 'Sentence #,Word\n1,a\n,b\n2,c\n,d\n3,e\n,f\n'],
    ['where the name only sounds like it', table.replace('Sentence #', 'Presents')],
  ])('%s', async (_what, content) => {
    expect(await guessed(content)).toBeUndefined();
  });

  it('and a chosen column must be there', async () => {
    await expect(prepareData(bind(write(table), { sentenceColumn: 'Sent' }))).rejects.toMatchObject({
      failure: { code: 'column-missing', message: expect.stringContaining('“Sent”') },
    });
  });
});
