import type { TokenizerSettings } from '../document/data-binding.ts';
import { eachExample } from './encode-splits.ts';
import type { TokenRows } from './gather.ts';
import { splitIds } from './split.ts';
import { cutRows, subwordTokens } from './subwords.ts';
import { learnMerges } from './tokenizer/learn-merges.ts';
import type { Merge } from './tokenizer/subword.ts';
import type { Turns } from './turns.ts';
import { fitVocabulary, knownVocabulary, noSuchToken, type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** The tokens of a model that is there already. */
export interface KnownTokens {
  /** Token texts by id, special tokens first. */
  readonly tokens: readonly string[];
  /** Of sub-words; none at other levels. */
  readonly merges: readonly Merge[];
}

/** What stands at each step, how often in the training split, and what the model reads it as. */
export interface FittedTokens {
  readonly rows: TokenRows;
  /** `[texts]` */
  readonly counts: Uint32Array;
  readonly vocabulary: Vocabulary;
  /** Only of sub-words. */
  readonly merges?: readonly Merge[];
}

export interface FitOptions {
  readonly settings: TokenizerSettings;
  /** Most sub-words of an example; words and characters are cut already. */
  readonly limit: number;
  /** Instead of what the training split would teach; `null` learns it. */
  readonly known: KnownTokens | null;
  readonly turns: Turns;
}

/**
 * The vocabulary of the training split alone, or a model's own; for sub-words, parts are cut into what was learned from that split, or
 * into the model's.
 *
 * @throws UserError `other-vocabulary` when the model's vocabulary holds none of the data's tokens
 */
export async function fitTokens(
  parts: TokenRows,
  assignment: Uint8Array,
  { settings, limit, known, turns }: FitOptions,
): Promise<FittedTokens> {
  const counts = await countTokens(parts, assignment, turns);
  const { texts } = parts.texts;
  if (settings.level !== 'subword') {
    const vocabulary = known ? knownVocabulary(texts, known.tokens) : fitVocabulary(texts, counts, settings);
    if (vocabulary.unknown < 0 && parts.texts.overflowed) throw noSuchToken(texts.at(-1) ?? '');
    return { rows: parts, counts, vocabulary };
  }
  const learned = known ?? (await learnMerges(texts, counts, settings, turns));
  const rows = await cutRows(parts, learned.merges, limit, turns);
  const pieces = rows.texts.texts;
  const pieceCounts = await countTokens(rows, assignment, turns);
  const vocabulary = known
    ? knownVocabulary(pieces, known.tokens)
    : vocabularyOf(subwordTokens(learned.tokens, pieces, pieceCounts), pieces);
  return { rows, counts: pieceCounts, vocabulary, merges: learned.merges };
}

/** How often each different token occurs in the training split `[texts]`. */
async function countTokens(rows: TokenRows, assignment: Uint8Array, turns: Turns): Promise<Uint32Array> {
  const counts = new Uint32Array(rows.texts.texts.length);
  await eachExample(rows, assignment, splitIds.train, turns, (_example, start, end) => {
    const ids = rows.tokens.range(start, end);
    for (let i = 0; i < end - start; i++) {
      const text = ids[i] ?? 0;
      if (text < counts.length) counts[text] = (counts[text] ?? 0) + 1;
    }
  });
  return counts;
}
