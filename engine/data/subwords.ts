import type { DataBinding } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import { specialTokenNames, specialTokens } from './dataset.ts';
import type { TokenRows } from './gather.ts';
import { IdList, uint32List } from './growing-list.ts';
import { Interner } from './interner.ts';
import { cutPart, type Merge, rankMerges } from './tokenizer/subword.ts';
import type { Turns } from './turns.ts';
import { compareText } from './vocabulary.ts';

/** @throws UserError `subwords-do-not-fit` where sub-words have no meaning */
export function checkSubwords({ task, tokenizer }: DataBinding): void {
  if (task !== 'step-tagging' || tokenizer.level !== 'subword') return;
  throw new UserError({
    code: 'subwords-do-not-fit',
    message: 'Each word has its tag here, and sub-words are pieces of words: their tags are not in the data.',
    hint: 'Split the text into words in the Data panel.',
  });
}

/** Every example's parts as sub-words, cut to the maximum length again. @param limit sub-words of an example */
export async function cutRows(rows: TokenRows, merges: readonly Merge[], limit: number, turns: Turns): Promise<TokenRows> {
  const ranks = rankMerges(merges);
  const texts = new Interner();
  const tokens = new IdList();
  const offsets = uint32List();
  const truncated = uint32List();
  const before = new Set(rows.truncated.flat());
  const pieces: number[][] = [];
  for (const part of rows.texts.texts) {
    pieces.push(cutPart(part, ranks).map((piece) => texts.id(piece)));
    if (turns.over) await turns.pass();
  }
  // What came when the table of parts was full stays unknown.
  const lost = rows.texts.overflowed ? texts.id(specialTokenNames[specialTokens.unknown]) : 0;
  offsets.push(0);
  for (let example = 0; example + 1 < rows.offsets.length; example++) {
    const end = rows.offsets.at(example + 1);
    const start = tokens.length;
    let cut = before.has(example);
    for (let step = rows.offsets.at(example); step < end; step++) {
      for (const piece of pieces[rows.tokens.at(step)] ?? [lost]) {
        if (tokens.length - start < limit) tokens.push(piece);
        else cut = true;
      }
    }
    if (cut) truncated.push(example);
    offsets.push(tokens.length);
    if (turns.over) await turns.pass();
  }
  return { texts, tokens, offsets, truncated };
}

/** The vocabulary: all that was learned, the most frequent first; nothing is dropped, so that only unseen characters are unknown. */
export function subwordTokens(learned: readonly string[], texts: readonly string[], counts: Uint32Array): readonly string[] {
  const countOf = new Map(texts.map((text, i) => [text, counts[i] ?? 0]));
  return [
    ...specialTokenNames,
    ...[...learned].sort((a, b) => (countOf.get(b) ?? 0) - (countOf.get(a) ?? 0) || compareText(a, b)),
  ];
}
