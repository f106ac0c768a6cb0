import type { TokenizerSettings } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import { specialTokenNames } from './dataset.ts';
import { specialIds } from './special-tokens.ts';

export interface Vocabulary {
  /** Token texts by id; special tokens first, where it was fitted here. */
  readonly tokens: readonly string[];
  /** Vocabulary id of each interned text; what is not kept is `unknown`. */
  readonly idOfText: Int32Array;
  /** Id of `<unk>`; -1 in a vocabulary without one, where no text has it. */
  readonly unknown: number;
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
  return vocabularyOf([...specialTokenNames, ...kept.map((text) => texts[text] ?? '')], texts);
}

/** Ids of texts in a vocabulary that is known; one that it lacks, or that spells a special token, is `<unk>`. */
export function vocabularyOf(tokens: readonly string[], texts: readonly string[]): Vocabulary {
  const ids = idsOf(tokens);
  const unknown = specialIds(tokens).unknown ?? -1;
  return { tokens, unknown, idOfText: Int32Array.from(texts, (text) => ids.get(text) ?? unknown) };
}

/** Text → id. A text that spells a special token is not that token; of a text that stands twice, the first id counts. */
export function idsOf(tokens: readonly string[]): ReadonlyMap<string, number> {
  const special = specialIds(tokens).all;
  const ids = new Map<string, number>();
  tokens.forEach((token, id) => {
    if (!special.has(id) && !ids.has(token)) ids.set(token, id);
  });
  return ids;
}

/** A token that a vocabulary has no id for, not even that of `<unk>`. */
export function noSuchToken(token: string): UserError {
  return new UserError({
    code: 'unknown-token',
    message: `“${token}” is not in the model’s vocabulary, which has no token for unknown ones.`,
    hint: 'Write it in tokens of the vocabulary: the model came with its own, without <unk>.',
  });
}

/**
 * The same with the vocabulary of a model that other data is to be read in.
 *
 * @throws UserError `other-vocabulary` when it holds none of the texts, `unknown-token` when it lacks one and has no `<unk>`
 */
export function knownVocabulary(texts: readonly string[], tokens: readonly string[]): Vocabulary {
  const vocabulary = vocabularyOf(tokens, texts);
  const lacking = vocabulary.idOfText.indexOf(-1);
  if (texts.length === 0 || vocabulary.idOfText.some((id) => id !== vocabulary.unknown)) {
    if (lacking >= 0) throw noSuchToken(texts[lacking] ?? '');
    return vocabulary;
  }
  throw new UserError({
    code: 'other-vocabulary',
    message: `None of the data’s ${texts.length.toLocaleString('en')} tokens is in the model’s vocabulary.`,
    hint: 'Choose data in the model’s own language, or train a new model.',
  });
}

/** Order that does not depend on the machine's language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
