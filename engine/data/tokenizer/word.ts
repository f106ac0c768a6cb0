import type { TokenizerSettings } from '../../document/data-binding.ts';
import { javascriptPatterns, type RulePatterns } from './rule.ts';

/**
 * One expression of the rule, for normalized texts: words and punctuation marks (`word`), line ends and indentation too (`running`), or
 * parts that joined again are the text (`part`).
 */
export const expression = (kind: keyof RulePatterns, rule: TokenizerSettings['rule']): RegExp =>
  new RegExp(javascriptPatterns[rule][kind], 'gu');

/** Words and punctuation marks of a normalized text. */
export const wordsOf = (text: string, rule: TokenizerSettings['rule']): string[] => text.match(expression('word', rule)) ?? [];
