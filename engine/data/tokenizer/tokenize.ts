import type { TokenizerSettings } from '../../document/data-binding.ts';
import type { RawInput } from '../raw-example.ts';
import { splitCharacters } from './character.ts';
import { tokenizerRule } from './rule.ts';
import { type MergeRanks, splitSubwords } from './subword.ts';
import { matches } from './word.ts';

/** NFC, and lower case if asked. Same on one token as on a whole text, except where a final sigma ends a word. */
function normalize(text: string, settings: TokenizerSettings): string {
  const normalized = text.normalize(tokenizerRule.normalization);
  return settings.lowercase ? normalized.toLowerCase() : normalized;
}

/**
 * Tokens of a text by the rule in `rule.ts`, at most `limit`.
 *
 * @param running whether it is of a running text: line ends and indentation are then words, too
 * @param ranks of the learned merges; without them, the tokens of level `subword` are the parts to learn from
 */
export function tokenizeText(
  text: string,
  settings: TokenizerSettings,
  limit = Number.POSITIVE_INFINITY,
  ranks: MergeRanks | null = null,
  running = false,
): string[] {
  const normalized = normalize(text, settings);
  switch (settings.level) {
    case 'word':
      return matches(normalized, running ? 'running' : 'word', settings.rule, limit);
    case 'character':
      return splitCharacters(normalized, limit);
    case 'subword':
      return ranks === null
        ? matches(normalized, 'part', settings.rule, limit)
        : splitSubwords(normalized, ranks, limit, settings.rule);
  }
}

/**
 * Tokens of an example: text is split by the rule, given tokens are kept one for one. Parts that sub-words are made of have the space
 * before them, and so have given tokens but the first: joined again, they are the text with spaces between.
 */
export function tokenizeInput(
  input: RawInput,
  settings: TokenizerSettings,
  limit = Number.POSITIVE_INFINITY,
  running = false,
): string[] {
  switch (input.kind) {
    case 'text':
      return tokenizeText(input.text, settings, limit, null, running);
    case 'tokens': {
      const space = settings.level === 'subword' ? ' ' : '';
      const given = input.tokens.slice(0, Math.min(limit, input.tokens.length));
      return given.map((token, i) => (i === 0 ? '' : space) + normalize(token, settings));
    }
    case 'series':
      throw new Error('a numeric series has no tokens');
  }
}
