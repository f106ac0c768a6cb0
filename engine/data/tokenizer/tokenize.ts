import type { TokenizerSettings } from '../../document/data-binding.ts';
import type { RawInput } from '../raw-example.ts';
import { splitCharacters } from './character.ts';
import { tokenizerRule } from './rule.ts';
import { splitWords } from './word.ts';

/** NFC, and lower case if asked. Same on one token as on a whole text, except where a final sigma ends a word. */
function normalize(text: string, settings: TokenizerSettings): string {
  const normalized = text.normalize(tokenizerRule.normalization);
  return settings.lowercase ? normalized.toLowerCase() : normalized;
}

/** Tokens of a text by the rule in `rule.ts`, at most `limit`. */
export function tokenizeText(text: string, settings: TokenizerSettings, limit = Number.POSITIVE_INFINITY): string[] {
  const normalized = normalize(text, settings);
  return settings.level === 'word' ? splitWords(normalized, limit) : splitCharacters(normalized, limit);
}

/** Tokens of an example: text is split by the rule, given tokens are kept one for one. */
export function tokenizeInput(input: RawInput, settings: TokenizerSettings, limit = Number.POSITIVE_INFINITY): string[] {
  switch (input.kind) {
    case 'text':
      return tokenizeText(input.text, settings, limit);
    case 'tokens':
      return input.tokens.slice(0, Math.min(limit, input.tokens.length)).map((token) => normalize(token, settings));
    case 'series':
      throw new Error('a numeric series has no tokens');
  }
}
