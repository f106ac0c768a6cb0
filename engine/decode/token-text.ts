import { specialTokenNames, specialTokens } from '../data/dataset.ts';
import type { TokenizerSettings } from '../document/data-binding.ts';

/** Tokens as one text: words with spaces between, characters and sub-words as they stand; `<eos>` inside a running text ends its line. */
export function tokenText(tokens: readonly string[], level: TokenizerSettings['level']): string {
  const lines = tokens.join(level === 'word' ? ' ' : '').split(specialTokenNames[specialTokens.end]);
  return lines.map((line) => (level === 'word' ? line.trim() : line)).join('\n');
}
