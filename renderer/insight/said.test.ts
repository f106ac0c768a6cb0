import { expect, it } from 'vitest';
import { comparedAnswerWords } from './said.ts';

const said = (words: string, probability: number | null) => ({ said: words, probability, truth: null, right: null });

it('tells what each of two networks makes of a sentence, and how sure it is', () => {
  expect(comparedAnswerWords(said('was', 0.5389), said('were', 0.9999), 'RNN 24', 'LSTM 24')).toBe(
    'RNN 24 says “was” (53.9 %), LSTM 24 “were” (100.0 %).',
  );
  expect(comparedAnswerWords(said('2.0', null), said('2.5', null), 'this run', 'the other')).toBe(
    'this run says “2.0”, the other “2.5”.',
  );
});
