import { expect, it } from 'vitest';
import { visibleToken } from './visible-token.ts';

it.each([
  [' ', '␣'],
  [' cat', '␣cat'],
  ['cat', 'cat'],
  ['\n', '⏎'],
])('%j is shown as %s', (token, shown) => {
  expect(visibleToken(token)).toBe(shown);
});
