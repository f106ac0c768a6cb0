import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import { previewFile } from './preview.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-preview-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const reviews = `text,label\n${Array.from({ length: 30 }, (_unused, i) => `"I ${i % 2 ? 'liked' : 'hated'} film, number ${i}",${i % 2 ? 'pos' : 'neg'}`).join('\n')}\n`;

describe('what is detected', () => {
  it('delimited text with a label', async () => {
    const preview = await previewFile(file('reviews.csv', reviews));
    expect(preview).toMatchObject({
      task: 'sequence-classification',
      reader: {
        format: 'delimited',
        encoding: 'utf-8',
        delimiter: ',',
        header: true,
        inputColumns: ['text'],
        targetColumns: ['label'],
      },
      badRowCount: 0,
      warnings: [],
    });
    expect(preview.columns).toMatchObject([
      { name: 'text', kind: 'text', distinct: 30 },
      { name: 'label', kind: 'category', distinct: 2, sample: ['neg', 'pos'] },
    ]);
    expect(preview.rows[0]).toEqual(['I hated film, number 0', 'neg']);
  });

  it('JSON lines with tokens and tags', async () => {
    const lines = [
      { tokens: ['Kate', 'teaches', 'well'], tags: ['1', '0', '0'] },
      { tokens: ['We', 'met', 'Jonathon', 'Hare'], tags: ['0', '0', '1', '1'] },
    ];
    const preview = await previewFile(file('tags.jsonl', lines.map((line) => JSON.stringify(line)).join('\n')));
    expect(preview).toMatchObject({
      task: 'step-tagging',
      reader: { format: 'jsonl', inputColumns: ['tokens'], targetColumns: ['tags'] },
    });
  });

  it('CoNLL columns, whatever the file is called', async () => {
    const preview = await previewFile(
      file('train.txt', '-DOCSTART- -X- O\n\nKate NNP B-PER\nteaches VBZ O\n\nWe PRP O\nlisten VBP O\n'),
    );
    expect(preview).toMatchObject({
      task: 'step-tagging',
      reader: { format: 'conll', inputColumns: ['#0'], targetColumns: ['#2'] },
    });
    expect(preview.rows).toEqual([
      ['Kate teaches', 'NNP VBZ', 'B-PER O'],
      ['We listen', 'PRP VBP', 'O O'],
    ]);
  });

  it('a numeric series with dates', async () => {
    const rows = Array.from({ length: 40 }, (_unused, i) => `2020-01-${String((i % 28) + 1).padStart(2, '0')};${i},5;${i * 2}`);
    const preview = await previewFile(file('series.csv', `day;low;high\n${rows.join('\n')}`));
    expect(preview).toMatchObject({
      task: 'forecasting',
      reader: { delimiter: ';', header: true, inputColumns: ['low', 'high'], targetColumns: ['high'] },
      columns: [{ kind: 'date' }, { kind: 'number' }, { kind: 'number' }],
    });
  });

  it('text to a measured number', async () => {
    const rows = Array.from({ length: 40 }, (_unused, i) => `some words about thing ${i}\t${(i * 0.37).toFixed(2)}`);
    expect(await previewFile(file('stars.tsv', `review\tscore\n${rows.join('\n')}`))).toMatchObject({
      task: 'sequence-regression',
      reader: { delimiter: '\t', inputColumns: ['review'], targetColumns: ['score'] },
    });
  });

  it('plain text with and without labels', async () => {
    const labelled = Array.from({ length: 20 }, (_unused, i) => `__label__${i % 2 ? 'spam' : 'ham'} message number ${i}`).join(
      '\n',
    );
    expect(await previewFile(file('fast.txt', labelled))).toMatchObject({
      task: 'sequence-classification',
      reader: { format: 'text', inputColumns: ['text'], targetColumns: ['label'] },
      warnings: [],
    });
    const plain = await previewFile(file('novel.txt', 'Call me Ishmael.\nSome years ago - never mind how long.\n'));
    expect(plain).toMatchObject({
      task: 'language-model',
      reader: { format: 'text', inputColumns: ['text'], targetColumns: [] },
      warnings: [expect.stringContaining('without labels')],
    });
  });

  it('words to be spelled, and files to be described', async () => {
    const words = Array.from({ length: 40 }, (_unused, i) => (i % 2 ? 'cat\tK AE T' : 'dog\tD AO G')).join('\n');
    expect(await previewFile(file('words.tsv', `word\tphonemes\n${words}`))).toMatchObject({
      task: 'sequence-to-sequence',
      reader: { inputColumns: ['word'], targetColumns: ['phonemes'] },
    });
    const pictures = Array.from({ length: 20 }, (_unused, i) => `${i},a red box beside a blue circle ${i},shot/${i}.png`).join(
      '\n',
    );
    expect(await previewFile(file('pictures.csv', `id,caption,shot\n${pictures}`))).toMatchObject({
      task: 'sequence-to-sequence',
      reader: { inputColumns: ['shot'], targetColumns: ['caption'] },
    });
  });

  it.each([
    ['utf-16le', true, 'utf-16le'],
    ['utf-16be', true, 'utf-16be'],
    ['utf-16le', false, 'utf-16le'],
    ['utf-8', true, 'utf-8'],
    ['windows-1252', false, 'windows-1252'],
    ['shift_jis', false, 'cp932'],
    ['windows-1251', false, 'windows-1251'],
  ])('%s, byte order mark %s', async (encoding, addBOM, expected) => {
    const words = {
      shift_jis: 'これは日本語の文章です。映画はとても面白かった',
      'windows-1251': 'Это предложение на русском языке и фильм очень хороший',
    }[encoding];
    const text = `text,label\n${Array.from({ length: 20 }, (_unused, i) => `${words ?? 'Crème brûlée “à la” façade'} ${i},${i % 2}`).join('\n')}\n`;
    const preview = await previewFile(file(`encoded-${encoding}-${addBOM}.csv`, iconv.encode(text, encoding, { addBOM })));
    expect(preview.reader.encoding).toBe(expected);
    expect(preview.columns[0]?.name).toBe('text');
    expect(preview.rows[0]?.[0]).toBe(`${words ?? 'Crème brûlée “à la” façade'} 0`);
  });
});

it('finds an accent far behind the head', async () => {
  const text = `text,label\n${'plain words only,1\n'.repeat(60_000)}${'déjà vu,0\n'.repeat(60_000)}`;
  expect((await previewFile(file('late.csv', iconv.encode(text, 'windows-1252')))).reader.encoding).toBe('windows-1252');
  expect((await previewFile(file('late-utf8.csv', text))).reader.encoding).toBe('utf-8');
});

it('counts bad rows with their lines', async () => {
  const preview = await previewFile(file('ragged.csv', 'text,label\ngood,1\nonly one\n"never closed,1\nfine,0\n'));
  expect(preview.badRowCount).toBe(2);
  expect(preview.badRows.map((row) => row.line)).toEqual([3, 4]);
  expect(preview.rows).toEqual([
    ['good', '1'],
    ['fine', '0'],
  ]);
});

it('says so when there is only a header, or one column', async () => {
  expect((await previewFile(file('header.csv', 'text,label\n'))).warnings).toEqual([expect.stringContaining('no rows')]);
  expect((await previewFile(file('one.csv', 'word\none\ntwo\n'))).warnings).toEqual([expect.stringContaining('one column')]);
});

it('lets the user overrule what was detected', async () => {
  const preview = await previewFile(file('semicolons.csv', 'a;b,c\nd;e,f\n'), {
    delimiter: ';',
    header: false,
    inputColumns: ['#1'],
  });
  expect(preview.reader).toMatchObject({ delimiter: ';', header: false, inputColumns: ['#1'] });
  expect(preview.rows[0]).toEqual(['a', 'b,c']);
});

it.each([
  ['file-not-found', () => join(folder, 'absent.csv')],
  ['not-a-file', () => folder],
  ['file-empty', () => file('empty.csv', '')],
  ['file-binary', () => file('image.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3, 0]))],
])('%s', async (code, path) => {
  await expect(previewFile(path())).rejects.toMatchObject({ failure: { code, hint: expect.any(String) } });
});

it('refuses an encoding that does not exist', async () => {
  await expect(previewFile(file('some.csv', reviews), { encoding: 'klingon' })).rejects.toMatchObject({
    failure: { code: 'encoding-unknown' },
  });
});
