import { expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { textFiles } from './text-files.ts';

const made = (name: string) =>
  dataBinding.parse({ source: { kind: 'template', name }, task: 'language-model', tokenizer: { level: 'word' } });

it('gives the files that a template makes of a text, and none where it makes none', () => {
  const [wav, midi] = textFiles(made('music'), 'C4 4 D4 4');
  expect(wav).toMatchObject({ name: 'tune.wav', type: 'audio/wav' });
  expect(Buffer.from(midi?.base64 ?? '', 'base64').toString('latin1', 0, 4)).toBe('MThd');
  expect(textFiles(made('language-model'), 'C4 4 D4 4')).toEqual([]);
});
