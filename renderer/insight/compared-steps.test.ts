import { expect, it } from 'vitest';
import { compareSteps, comparisonWords } from './compared-steps.ts';

const read = (text: string, ...unknown: readonly string[]) =>
  text.split(' ').map((token) => ({ token, unknown: unknown.includes(token), padded: false }));
const words = (own: ReturnType<typeof read>, others: ReturnType<typeof read>): string | null =>
  comparisonWords(compareSteps(own, others), 'LSTM', 'RNN');

it('says nothing where two runs read the same, also where neither has a word', () => {
  expect(words(read('the cat was full'), read('the cat was full'))).toBeNull();
  expect(words(read('the cat was full', 'cat'), read('the cat was full', 'cat'))).toBeNull();
});

it('tells which words one of them lacks', () => {
  const lacking = words(read('the cat was the cat', 'the'), read('the cat was the cat', 'cat'));
  expect(lacking).toBe(
    '“cat” is not in the vocabulary of RNN, which reads <unk> there. “the” is not in the vocabulary of LSTM, which reads <unk> there.',
  );
  expect(compareSteps(read('a b'), read('a b', 'b'))).toEqual({ kind: 'unknown', own: [], others: ['b'] });
});

it('tells that they read rows of different data, where there are no words to see it by', () => {
  const numbers = Array.from({ length: 3 }, () => ({ token: '', unknown: false, padded: false }));
  expect(compareSteps(numbers, numbers)).toEqual({ kind: 'same' });
  expect(comparisonWords(compareSteps(numbers, numbers, false), 'LSTM', 'RNN')).toContain('RNN was trained on other data');
  expect(compareSteps(numbers.slice(1), numbers, false)).toEqual({ kind: 'steps', own: 2, others: 3 });
  expect(compareSteps(read('the cat'), read('the cat'), false)).toEqual({ kind: 'same' });
});

it('tells that they read something else, or in another number of steps', () => {
  expect(words(read('the cat'), read('the dog'))).toContain('at step 2 “dog” instead of “cat”');
  expect(words(read('the cat'), read('the cat was'))).toContain('in 3 steps instead of 2');
});
