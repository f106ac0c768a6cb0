import type { TokenizerSettings } from '../document/data-binding.ts';
import { specialTokenNames, specialTokens } from './dataset.ts';

export interface Vocabulary {
  /** Token texts by id, special tokens first. */
  readonly tokens: readonly string[];
  /** Vocabulary id of each interned text; what is not kept is `<unk>`. */
  readonly idOfText: Int32Array;
}

/**
 * The vocabulary of the training split alone: tokens seen at least `minCount` times, the most frequent first, at most
 * `maxVocabulary` of them; ties in code point order, so the same counts always give the same ids. A text that spells a special
 * token, such as `<pad>`, is not admitted.
 *
 * @param texts different tokens of the data
 * @param counts how often each occurs in the training split `[texts]`
 */
export function fitVocabulary(texts: readonly string[], counts: Uint32Array, settings: TokenizerSettings): Vocabulary {
  const special: ReadonlySet<string> = new Set(specialTokenNames);
  const kept: number[] = [];
  texts.forEach((text, i) => {
    if ((counts[i] ?? 0) >= settings.minCount && !special.has(text)) kept.push(i);
  });
  kept.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || compareText(texts[a] ?? '', texts[b] ?? ''));
  kept.length = Math.min(kept.length, settings.maxVocabulary);
  const tokens: string[] = [...specialTokenNames];
  const idOfText = new Int32Array(texts.length).fill(specialTokens.unknown);
  for (const text of kept) {
    idOfText[text] = tokens.length;
    tokens.push(texts[text] ?? '');
  }
  return { tokens, idOfText };
}

/** Order that does not depend on the machine's language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
