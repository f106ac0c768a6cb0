import { expect, it } from 'vitest';
import { guessSettings } from './guess-settings.ts';

const look = (columns: readonly string[], rows: string[][]) => ({ columns: columns.map((name) => ({ name })), rows });
const mapping = (input: string, target: string) => ({ inputColumns: [input], targetColumns: [target] });

it('spells words out and keeps phonemes as they are written', () => {
  const found = guessSettings(
    'sequence-to-sequence',
    mapping('word', 'sound'),
    look(
      ['id', 'word', 'sound'],
      [
        ['1', 'Cat', 'K AE T'],
        ['2', 'Dogs', 'D AO G Z'],
      ],
    ),
  );
  expect(found.tokenizer).toMatchObject({ level: 'character', lowercase: true });
  expect(found.targetTokenizer).toMatchObject({ level: 'word', lowercase: false });
  expect(found.media).toEqual({ kind: 'none' });
});

it('reads sentences as words', () => {
  const found = guessSettings(
    'sequence-classification',
    mapping('text', 'label'),
    look(
      ['text', 'label'],
      [
        ['a long film', 'bad'],
        ['what a joy', 'good'],
      ],
    ),
  );
  expect(found.tokenizer.level).toBe('word');
});

it('takes tokens that a list gives as they are', () => {
  const rows = [['["a","b"]', 'x']];
  expect(guessSettings('sequence-classification', mapping('text', 'label'), look(['text', 'label'], rows)).tokenizer.level).toBe(
    'word',
  );
});

it('finds recordings and pictures', () => {
  const rows = [
    ['a.wav', 'yes'],
    ['b.wav', 'no'],
  ];
  const found = guessSettings('sequence-classification', mapping('file', 'label'), look(['file', 'label'], rows));
  expect(found.media).toMatchObject({ kind: 'audio', sampleRate: 16_000 });
  expect(guessSettings('language-model', mapping('file', 'label'), look(['file', 'label'], rows)).media.kind).toBe('none');
});

it('keeps the letters’ case of a text that is to be written', () => {
  const found = guessSettings(
    'language-model',
    { inputColumns: ['text'], targetColumns: [] },
    look(['text', 'label'], [['Call me Ishmael.', '']]),
  );
  expect(found.tokenizer).toMatchObject({ level: 'word', lowercase: false });
});
