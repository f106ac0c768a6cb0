import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dataBinding, type TokenizerSettings } from '../document/data-binding.ts';
import { targetTokens } from './batches.ts';
import { type PreparedData, specialTokens } from './dataset.ts';
import { prepareData } from './prepare.ts';
import { reencoded } from './reencode.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-terms-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function bind(rows: readonly string[], settings: object): ReturnType<typeof dataBinding.parse> {
  const path = join(folder, `${files++}.tsv`);
  writeFileSync(path, `source\ttarget\n${rows.join('\n')}\n`);
  const reader = { format: 'delimited', inputColumns: ['source'], targetColumns: ['target'] };
  return dataBinding.parse({ ...settings, source: { kind: 'file', path, reader } });
}

const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const spoken = (n: number): string => [...String(n)].map((digit) => numbers[Number(digit)]).join(' ');
const old = Array.from({ length: 80 }, (_unused, i) => `${spoken(i * 7)}\t${spoken(i * 7 + 1)}`);
/** Other frequencies, a word that is new, and a letter that is. */
const fresh = Array.from(
  { length: 40 },
  (_unused, i) => `nine ${spoken(i)}\tnothing ${spoken(i * 31)} ${i % 2 === 0 ? 'q' : ''}`,
);

const inputText = ({ encoding, splits }: PreparedData, separator: string): string =>
  Array.from(splits.train.tokens ?? [], (id) => encoding.vocabulary?.[id]).join(separator);
const targetText = ({ encoding, splits }: PreparedData, i: number): string =>
  Array.from(targetTokens(splits.train, i), (id) => encoding.classes?.[id]).join('');

describe.each(['word', 'character', 'subword'] as const)('other data in a model’s tokens, %s', (level) => {
  const tokenizer: Partial<TokenizerSettings> = { level, maxVocabulary: 40 };
  const between = level === 'word' ? ' ' : '';

  it('reads and says what the model does', async () => {
    const settings = { task: 'sequence-to-sequence', tokenizer, targetTokenizer: tokenizer };
    const { encoding: model } = await prepareData(bind(old, settings));
    const binding = bind(fresh, settings);
    const own = await prepareData(binding);
    const data = await prepareData(binding, { terms: model });
    expect(own.encoding.vocabulary).not.toEqual(model.vocabulary);
    for (const key of ['vocabulary', 'merges', 'classes', 'targetMerges'] as const) {
      expect(data.encoding[key], key).toEqual(model[key]);
    }
    expect(data.encoding.fingerprint).toBe(own.encoding.fingerprint);
    expect(data.encoding.facts).toEqual(model.facts);
    // Nothing in the input is new: it is the same text, in other tokens.
    expect(inputText(data, between)).toBe(inputText(own, between));
    expect([...(data.splits.train.tokens ?? [])]).not.toContain(specialTokens.unknown);
    // Of the target, a word is new where words are known whole, and a letter is everywhere.
    const rows = Array.from({ length: data.splits.train.count }, (_unused, i) => targetText(data, i));
    expect(rows.some((row) => row.includes('q'))).toBe(false);
    expect(rows.some((row) => row.includes('<unk>'))).toBe(true);
    expect(rows.some((row) => row.startsWith('nothing'))).toBe(level !== 'word');
    expect(reencoded(data, model).splits).toEqual(data.splits);
  });

  it('is a language model’s next tokens', async () => {
    const settings = { task: 'language-model', languageModel: { unit: 'line' }, tokenizer };
    const { encoding: model } = await prepareData(bind(old, settings));
    const data = await prepareData(bind(fresh, settings), { terms: model });
    expect(data.encoding.classes).toEqual(model.vocabulary);
    expect(inputText(data, between)).toContain(['nine', 'three'].join(' '));
    expect(reencoded(data, model).splits).toEqual(data.splits);
  });

  it('is classified', async () => {
    const settings = { task: 'sequence-classification', tokenizer };
    const { encoding: model } = await prepareData(
      bind(
        old.map((row) => row.replace(/\t.*/, '\ta')),
        settings,
      ),
    );
    const data = await prepareData(
      bind(
        fresh.map((row) => row.replace(/\t.*/, '\ta')),
        settings,
      ),
      { terms: model },
    );
    expect(data.encoding.vocabulary).toEqual(model.vocabulary);
    expect(data.encoding.merges).toEqual(model.merges);
  });

  it('is refused where nothing of it is known', async () => {
    const settings = { task: 'sequence-classification', tokenizer };
    const { encoding: model } = await prepareData(bind(old, settings));
    const other = bind(['щука\ta', 'лещ\tb', 'щука\ta'], { ...settings, split: { validation: 0, test: 0 } });
    await expect(prepareData(other, { terms: model })).rejects.toMatchObject({ failure: { code: 'other-vocabulary' } });
  });
});

it('keeps what was read in one model’s tokens apart from another’s', async () => {
  const settings = { task: 'sequence-classification', tokenizer: { level: 'subword', maxVocabulary: 30 } };
  const binding = bind(fresh, settings);
  const models = await Promise.all([old, old.slice(0, 20), fresh].map((rows) => prepareData(bind(rows, settings))));
  for (const { encoding } of [...models, ...models.toReversed()]) {
    expect((await prepareData(binding, { terms: encoding })).encoding.merges).toEqual(encoding.merges);
  }
});

it('reads data once where its own tokens are asked for', async () => {
  const binding = bind(fresh, { task: 'sequence-classification', tokenizer: { level: 'subword', maxVocabulary: 30 } });
  const own = await prepareData(binding);
  expect(await prepareData(binding, { terms: own.encoding })).toBe(own);
});
