import type { TokenizerSettings } from '../../document/data-binding.ts';
import { javascriptPatterns, type RulePatterns } from './rule.ts';

/**
 * Matches of one expression of the rule in a normalized text, at most `limit` of them: words and punctuation marks (`word`), line ends
 * and indentation too (`running`), or parts that joined again are the text (`part`).
 */
export function matches(text: string, kind: keyof RulePatterns, rule: TokenizerSettings['rule'], limit: number): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(new RegExp(javascriptPatterns[rule][kind], 'gu'))) {
    if (found.length >= limit) break;
    found.push(match[0]);
  }
  return found;
}
