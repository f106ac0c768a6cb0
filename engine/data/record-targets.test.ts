import { describe, expect, it } from 'vitest';
import type { DataBinding, ReaderSettings } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import { openReader } from './readers/open-reader.ts';
import { exampleMaker } from './record-examples.ts';

interface Given extends Partial<ReaderSettings> {
  readonly text: string;
  readonly task: DataBinding['task'];
  readonly media?: (path: string) => Promise<number[][]>;
}

function maker({ text, task, media, inputColumns = ['x'], targetColumns = ['y'], ...reader }: Given) {
  const head = Buffer.from(text);
  const format = text.startsWith('{') ? ('jsonl' as const) : ('delimited' as const);
  const file = openReader(
    { path: 'x', bytes: head.length, head, pieces: [], complete: true },
    { format, header: true, ...reader },
  );
  const mapping = { inputColumns, targetColumns, groupColumn: null, ...reader };
  return { file, ...exampleMaker(task, mapping, file, media ?? null) };
}
const made = (given: Given): Promise<unknown[]> => {
  const { file, make } = maker(given);
  return Promise.all(file.head.map((row) => make(row)));
};
const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;

describe('the target of a row', () => {
  it('is a text or tokens for sequence to sequence, and nothing for a language model', async () => {
    const text = lines('y,x', 'un deux,one two', `"[""a"", ""b c""]",three`);
    expect(await made({ text, task: 'sequence-to-sequence' })).toMatchObject([
      { input: { text: 'one two' }, target: { kind: 'sequence', target: { kind: 'text', text: 'un deux' } } },
      { input: { text: 'three' }, target: { target: { kind: 'tokens', tokens: ['a', 'b c'] } } },
    ]);
    const alone = await made({ text, task: 'language-model', targetColumns: [] });
    expect(alone[0]).toMatchObject({ input: { text: 'one two' }, target: { kind: 'next-token' } });
  });

  it('is a number as the column writes it', async () => {
    const text = lines('x;y', 'one;1,5', 'two;-0,25', 'three;four');
    const reader = { delimiter: ';', decimal: ',' } as const;
    expect(await made({ text, task: 'sequence-regression', ...reader })).toMatchObject([
      { target: { kind: 'numbers', values: [1.5] } },
      { target: { values: [-0.25] } },
      { line: 4, reason: 'column “y”: expected a number, found “four”' },
    ]);
  });

  it('is of texts, where the task reads none as a series', async () => {
    const numbers = lines(...[[1], [2]].map((x) => JSON.stringify({ y: ['A'], x })));
    expect(await made({ text: numbers, task: 'step-tagging' })).toMatchObject([{ input: { tokens: ['1'] } }, {}]);
    expect(await made({ text: numbers, task: 'language-model' })).toMatchObject([{ input: { tokens: ['1'] } }, {}]);
    expect(await made({ text: numbers, task: 'sequence-to-sequence' })).toMatchObject([{ input: { steps: [[1]] } }, {}]);
  });

  it('is none of a row that cannot be read; the rest is read without it', async () => {
    const text = lines('{"y":"a","x":[1]}', '{"y":', '{"y":"b","x":[2,3]}');
    const rows = await made({ text, task: 'sequence-classification' });
    expect(rows).toMatchObject([{ input: { steps: [[1]] } }, { line: 2 }, { input: { steps: [[2], [3]] } }]);
    expect(Object.keys(rows[1] as object).sort()).toEqual(['line', 'reason']);
    expect(await made({ text: 'x,y\n', task: 'sequence-classification' })).toEqual([]);
  });
});

describe('the split that a row names', () => {
  const text = lines('x,y,fold', '1,2,train', '3,4,Dev', '5,6,other', 'x,7,test', 'x,8,other', '9,1,train');

  it('is that of its example; another word is a bad row', async () => {
    const rows = await made({ text, task: 'sequence-classification', splitColumn: 'fold' });
    expect(rows.slice(0, 3)).toMatchObject([
      { split: 'train' },
      { split: 'validation' },
      { line: 4, reason: 'column “fold”: expected train, validation or test, found “other”' },
    ]);
    expect((await made({ text, task: 'sequence-classification' }))[0]).not.toHaveProperty('split');
  });

  it('stays with a bad row of a series, where it names one', async () => {
    const given: Given = { text, task: 'forecasting', targetColumns: ['x'] };
    const rows = await made({ ...given, splitColumn: 'fold' });
    expect(rows[3]).toEqual({ line: 5, group: null, split: 'test', reason: expect.stringContaining('found “x”') });
    expect(rows[4]).toEqual({ line: 6, group: null, reason: expect.stringContaining('found “x”') });
    expect((await made(given))[3]).not.toHaveProperty('split');
  });
});

describe('a row that names a file', () => {
  const text = lines('y,x', 'a,1.wav', 'b,gone.wav', 'c,2.wav');
  const media = async (path: string): Promise<number[][]> => {
    if (path === 'gone.wav') throw new UserError({ code: 'no-file', message: 'gone.wav is not there' });
    return [[path.length, 1]];
  };

  it('has what it holds for an input, and is a bad row where it cannot be read', async () => {
    const rows = await made({ text, media, task: 'sequence-classification' });
    expect(rows).toEqual([
      {
        ...{ line: 2, group: null, target: { kind: 'class', label: 'a' } },
        input: { kind: 'series', steps: [[5, 1]], file: '1.wav' },
      },
      { line: 3, reason: 'gone.wav is not there' },
      expect.objectContaining({ line: 4 }),
    ]);
    const jsonl = lines('{"y":"a","x":"1.wav"}', '{"y":');
    expect(await made({ text: jsonl, media, task: 'sequence-classification' })).toMatchObject([{ line: 1 }, { line: 2 }]);
  });

  it('ends it all where it is a fault of the program', async () => {
    const broken = async (): Promise<number[][]> => {
      throw new TypeError('bug');
    };
    await expect(made({ text, media: broken, task: 'sequence-classification' })).rejects.toThrow('bug');
  });
});
