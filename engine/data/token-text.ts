import type { TokenizerSettings } from '../document/data-binding.ts';
import { specialTokenNames, specialTokens } from './dataset.ts';

/**
 * Tokens as one text: words with spaces between, characters and sub-words as they stand; line ends and indentation that are words of
 * a running text have no space round them. `<eos>` ends a line.
 */
export function tokenText(tokens: readonly string[], level: TokenizerSettings['level']): string {
  if (level === 'word' && tokens.some(isSpace)) {
    return tokens.map((token, i) => (i === 0 || isSpace(token) || isSpace(tokens[i - 1] ?? '') ? token : ` ${token}`)).join('');
  }
  const lines = tokens.join(level === 'word' ? ' ' : '').split(specialTokenNames[specialTokens.end]);
  return lines.map((line) => (level === 'word' ? line.trim() : line)).join('\n');
}

/** What a token adds to the text of those before it, of which the last decides. */
export const textAfter = (before: string | undefined, token: string, level: TokenizerSettings['level']): string =>
  before === undefined ? tokenText([token], level) : tokenText([before, token], level).slice(tokenText([before], level).length);

const isSpace = (token: string): boolean => /^[ \t\n]+$/.test(token);
