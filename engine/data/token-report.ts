import type { DataReport } from '../protocol/data.ts';
import type { EncodedSplit } from './dataset.ts';
import { specialTokenNames, specialTokens } from './dataset.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Share of a split's tokens that the vocabulary does not hold. */
export function unknownShare(split: EncodedSplit): number {
  if (!split.tokens || split.tokens.length === 0) return 0;
  let unknown = 0;
  for (const token of split.tokens) if (token === specialTokens.unknown) unknown++;
  return unknown / split.tokens.length;
}

/** The most frequent tokens of the vocabulary, most frequent first. @param counts in the training split, by text */
export function frequentTokens(
  texts: readonly string[],
  counts: Uint32Array,
  vocabulary: Vocabulary,
): DataReport['frequentTokens'] {
  const shown = Math.min(40, vocabulary.tokens.length - specialTokenNames.length);
  const found: { token: string; count: number }[] = [];
  texts.forEach((token, text) => {
    const place = (vocabulary.idOfText[text] ?? 0) - specialTokenNames.length;
    if (place >= 0 && place < shown) found[place] = { token, count: counts[text] ?? 0 };
  });
  // Of sub-words, one that only ever stood inside of longer ones occurs nowhere.
  return found.filter(({ count }) => count > 0);
}
