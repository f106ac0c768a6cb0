import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { dataBinding, type ReaderSettings } from '../document/data-binding.ts';
import { canonicalJson, fingerprintData, fingerprintInTime } from './fingerprint.ts';

type Binding = z.input<typeof dataBinding>;
const reader = {
  format: 'delimited' as const,
  encoding: 'utf-8',
  delimiter: ';',
  header: true,
  inputColumns: ['text'],
  targetColumns: ['label'],
} satisfies Partial<ReaderSettings>;
const mails = (change: object = {}, path = '/data/mails.csv'): Binding => ({
  source: { kind: 'file', path, reader: { ...reader, ...change } },
  task: 'sequence-classification',
  tokenizer: { rule: 1 },
  targetTokenizer: { rule: 1 },
});
const template = { source: { kind: 'template', name: 'names' }, targetTokenizer: { rule: 1 } } as const;
const print = (binding: Binding, content = '0123abcd'): string => fingerprintData(content, dataBinding.parse(binding));

describe('the fingerprint', () => {
  // Of the same data, as the versions before rules, running texts and settings of reading computed them.
  it.each([
    ['a table', mails(), '6bec46622272e9c6e8651782cbcc0655d8e0bc00c75337a1ccb62fe8a60fd6ce'],
    [
      'a running text, which is one of lines now',
      { ...template, task: 'language-model', languageModel: { unit: 'running-lines', chunk: 32 }, tokenizer: { rule: 1 } },
      '6df593a755128c62a73efa3b46f32fa478e2f69fc9e20c2bd292c3835c4225ab',
    ],
    [
      'lines of characters',
      {
        ...template,
        task: 'language-model',
        languageModel: { unit: 'line' },
        tokenizer: { rule: 1, level: 'character', lowercase: false },
      },
      '1b9bc272278cc47cd84fec11793eae53eafcb5a42b33c358cee3decad3498635',
    ],
  ] as const)('of %s is that of older runs', (_what, binding, expected) => {
    expect(print(binding)).toBe(expected);
  });

  it('is the same wherever the file lies, and where a later setting says what was always so', () => {
    expect(print(mails({}, '/elsewhere.csv'))).toBe(print(mails()));
    for (const name of ['skipLines', 'comment', 'quotes', 'trim', 'decimal', 'thousands', 'missing', 'timeColumn'])
      expect(print(mails({ [name]: null })), name).toBe(print(mails()));
    expect(print(mails({ lists: 'tokens' }))).toBe(print(mails()));
  });

  it('is another one for everything else that changes what is made of the contents', () => {
    const others: Binding[] = [
      mails({ skipLines: 1 }),
      mails({ comment: '#' }),
      mails({ quotes: 'none' }),
      mails({ trim: true }),
      mails({ decimal: ',' }),
      mails({ thousands: '.' }),
      mails({ missing: ['x'] }),
      mails({ timeColumn: 'day' }),
      mails({ dateOrder: 'day-first' }),
      mails({ splitColumn: 'split' }),
      mails({ groupColumn: 'thread' }),
      mails({ delimiter: null }),
      mails({ inputColumns: ['label', 'text'] }),
      mails({ inputColumns: ['text', 'label'] }),
      { ...mails(), tokenizer: { rule: 2 } },
      { ...mails(), targetTokenizer: { rule: 2 } },
      { ...mails(), tokenizer: { rule: 1, maxLength: 100 } },
      { ...mails(), split: { seed: 2 } },
      { ...mails(), limit: 10 },
      { ...mails(), window: { length: 31 } },
      { ...mails(), task: 'sequence-to-sequence' },
      ...(['running', 'running-lines', 'line'] as const).map(
        (unit): Binding => ({ ...mails(), task: 'language-model', languageModel: { unit } }),
      ),
    ];
    const prints = [print(mails()), print(mails(), '0123abce'), ...others.map((binding) => print(binding))];
    expect(new Set(prints).size).toBe(prints.length);
    expect(fingerprintInTime(prints[0] ?? '')).not.toBe(prints[0]);
    expect(fingerprintInTime(prints[0] ?? '')).not.toBe(fingerprintInTime(prints[1] ?? ''));
  });
});

it('is equal JSON for equal values, whatever the order of their keys', () => {
  expect(canonicalJson({ b: [3, { d: null, c: 'x' }], a: { z: 1, y: undefined } })).toBe(
    '{"a":{"z":1},"b":[3,{"c":"x","d":null}]}',
  );
});
