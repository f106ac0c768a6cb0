import { expect, it } from 'vitest';
import { textAfter, tokenText } from './token-text.ts';

it.each([
  ['word', [], ''],
  ['word', ['to', 'be', '.'], 'to be .'],
  ['word', ['to', 'be', '<eos>', 'or', '<eos>', '<eos>', 'not'], 'to be\nor\n\nnot'],
  ['word', ['if', 'x', ':', '\n', '  ', 'y', '=', '1', '\n', 'z'], 'if x :\n  y = 1\nz'],
  ['word', ['\t', 'x', 'y'], '\tx y'],
  ['word', ['New ', ' York'], 'New   York'],
  ['character', ['a', ' ', ' ', 'b', '\n', 'c'], 'a  b\nc'],
  ['character', [' ', 'a', '<eos>', ' ', 'b'], ' a\n b'],
  ['subword', ['the', ' c', 'at', ' '], 'the cat '],
  ['subword', [' the', '<eos>', ' ', 'a'], ' the\n a'],
] as const)('%s tokens %j are the text %j', (level, tokens, text) => {
  expect(tokenText(tokens, level)).toBe(text);
  expect(tokens.map((token, i) => textAfter(tokens[i - 1], token, level)).join('')).toBe(text);
});
