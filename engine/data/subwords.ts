import type { DataBinding } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import { specialTokenNames, specialTokens } from './dataset.ts';
import { countTokens } from './encode-splits.ts';
import type { Gathered } from './gather.ts';
import { IdList, uint32List } from './growing-list.ts';
import { Interner } from './interner.ts';
import { learnMerges } from './tokenizer/learn-merges.ts';
import { cutPart, type Merge, rankMerges } from './tokenizer/subword.ts';
import type { Turns } from './turns.ts';
import { compareText, fitVocabulary, type Vocabulary } from './vocabulary.ts';

/** What stands at each step, how often in the training split, and what the model reads it as. */
export interface FittedTokens {
  readonly gathered: Gathered;
  /** `[texts]` */
  readonly counts: Uint32Array;
  readonly vocabulary: Vocabulary;
  /** Only of sub-words. */
  readonly merges?: readonly Merge[];
}

/** The vocabulary of the training split alone; for sub-words, parts are cut into what was learned from that split. */
export async function fitTokens(
  gathered: Gathered,
  assignment: Uint8Array,
  { tokenizer, task, languageModel }: DataBinding,
  turns: Turns,
): Promise<FittedTokens> {
  const counts = await countTokens(gathered, assignment, turns);
  if (tokenizer.level !== 'subword') {
    return { gathered, counts, vocabulary: fitVocabulary(gathered.texts.texts, counts, tokenizer) };
  }
  const { tokens, merges } = await learnMerges(gathered.texts.texts, counts, tokenizer, turns);
  const running = task === 'language-model' && languageModel.unit === 'running';
  const cut = await cutParts(gathered, merges, running ? Number.POSITIVE_INFINITY : tokenizer.maxLength, turns);
  const pieceCounts = await countTokens(cut, assignment, turns);
  return { gathered: cut, counts: pieceCounts, vocabulary: subwordVocabulary(tokens, cut.texts.texts, pieceCounts), merges };
}

/** @throws UserError `subwords-do-not-fit` where sub-words have no meaning */
export function checkSubwords({ task, tokenizer, targetTokenizer }: DataBinding): void {
  if (task === 'step-tagging' && tokenizer.level === 'subword') {
    throw new UserError({
      code: 'subwords-do-not-fit',
      message: 'Each word has its tag here, and sub-words are pieces of words: their tags are not in the data.',
      hint: 'Split the text into words in the Data panel.',
    });
  }
  if (task === 'sequence-to-sequence' && targetTokenizer.level === 'subword') {
    throw new UserError({
      code: 'subwords-do-not-fit',
      message: 'Sub-words are learned for the input only; the target is made of words or characters.',
      hint: 'Split the target into words or characters in the Data panel.',
    });
  }
}

/** Every example's parts as sub-words, cut to the maximum length again. */
async function cutParts(gathered: Gathered, merges: readonly Merge[], limit: number, turns: Turns): Promise<Gathered> {
  const ranks = rankMerges(merges);
  const texts = new Interner();
  const tokens = new IdList();
  const offsets = uint32List();
  const truncated = uint32List();
  const before = new Set(gathered.truncated.flat());
  const pieces: number[][] = [];
  for (const part of gathered.texts.texts) {
    pieces.push(cutPart(part, ranks).map((piece) => texts.id(piece)));
    if (turns.over) await turns.pass();
  }
  // What came when the table of parts was full stays unknown.
  const lost = texts.id(specialTokenNames[specialTokens.unknown]);
  offsets.push(0);
  for (let example = 0; example < gathered.lines.length; example++) {
    const end = gathered.offsets.at(example + 1);
    const start = tokens.length;
    let cut = before.has(example);
    for (let step = gathered.offsets.at(example); step < end; step++) {
      for (const piece of pieces[gathered.tokens.at(step)] ?? [lost]) {
        if (tokens.length - start < limit) tokens.push(piece);
        else cut = true;
      }
    }
    if (cut) truncated.push(example);
    offsets.push(tokens.length);
    if (turns.over) await turns.pass();
  }
  return { ...gathered, texts, tokens, offsets, truncated };
}

/** All that was learned, the most frequent first; nothing is dropped, so that only unseen characters are unknown. */
function subwordVocabulary(learned: readonly string[], texts: readonly string[], counts: Uint32Array): Vocabulary {
  const countOf = new Map(texts.map((text, i) => [text, counts[i] ?? 0]));
  const tokens = [
    ...specialTokenNames,
    ...[...learned].sort((a, b) => (countOf.get(b) ?? 0) - (countOf.get(a) ?? 0) || compareText(a, b)),
  ];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const special: ReadonlySet<string> = new Set(specialTokenNames);
  const idOfText = Int32Array.from(texts, (text) =>
    special.has(text) ? specialTokens.unknown : (ids.get(text) ?? specialTokens.unknown),
  );
  return { tokens, idOfText };
}
