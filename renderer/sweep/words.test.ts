import { expect, it } from 'vitest';
import { valueText, valueWord } from './words.ts';

it('writes a setting as the palette and the inspector name it', () => {
  expect([null, true, 0.000300001, -2, 'rnn-cell', 'lstm-cell', 'cosine-decay'].map((value) => valueText(value))).toEqual([
    'off',
    'yes',
    '0.0003',
    '−2',
    'Vanilla RNN cell',
    'LSTM cell',
    'cosine decay',
  ]);
  // In a file, as it is in the document.
  expect([-2, 'rnn-cell'].map((value) => valueWord(value))).toEqual([-2, 'rnn-cell']);
});
