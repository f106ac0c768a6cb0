import type { DataReport } from '../protocol/data.ts';
import type { EncodedSplit } from './dataset.ts';
import { specialIds } from './special-tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Share of a split's tokens that the vocabulary does not hold. */
export function unknownShare(split: EncodedSplit, { unknown: id }: Vocabulary): number {
  if (!split.tokens || split.tokens.length === 0) return 0;
  let unknown = 0;
  for (const token of split.tokens) if (token === id) unknown++;
  return unknown / split.tokens.length;
}

const shownTokens = 40;

/** The most frequent tokens of the vocabulary, most frequent first. @param counts in the training split, by text */
export function frequentTokens(
  texts: readonly string[],
  counts: Uint32Array,
  vocabulary: Vocabulary,
): DataReport['frequentTokens'] {
  const special = specialIds(vocabulary.tokens).all;
  const found: { token: string; count: number; id: number }[] = [];
  texts.forEach((token, text) => {
    const id = vocabulary.idOfText[text] ?? vocabulary.unknown;
    const count = counts[text] ?? 0;
    // Of sub-words, one that only ever stood inside of longer ones occurs nowhere.
    if (id !== vocabulary.unknown && !special.has(id) && count > 0) found.push({ token, count, id });
  });
  found.sort((a, b) => b.count - a.count || a.id - b.id);
  return found.slice(0, shownTokens).map(({ token, count }) => ({ token, count }));
}
