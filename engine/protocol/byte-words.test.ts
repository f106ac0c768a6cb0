import { expect, it } from 'vitest';
import { byteWords } from './byte-words.ts';

it.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1234, '1.23 kB'],
  [999_499, '999 kB'],
  // Rounded, it is of the next unit.
  [999_500, '1 MB'],
  [412_345_678, '412 MB'],
  [28_912_345_678, '28.9 GB'],
  [3e12, '3 TB'],
  [1.5e16, '15,000 TB'],
])('%d bytes are %s', (bytes, words) => {
  expect(byteWords(bytes)).toBe(words);
});
