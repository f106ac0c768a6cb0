import type { TokenizerSettings } from '../document/data-binding.ts';
import type { DataReport } from '../protocol/data.ts';
import type { EncodedSplit, EncodedTargets } from './dataset.ts';
import { specialTokenNames, specialTokens } from './dataset.ts';
import { eachExample } from './encode-splits.ts';
import type { Gathered } from './gather.ts';
import { idArray } from './growing-list.ts';
import { histogram } from './histogram.ts';
import { splitIds, splitNames } from './split.ts';
import { frequentTokens } from './token-report.ts';
import type { Turns } from './turns.ts';
import { fitVocabulary, type Vocabulary } from './vocabulary.ts';

type Splits = Readonly<Record<(typeof splitNames)[number], EncodedSplit>>;

export interface TargetVocabulary extends Vocabulary {
  /** How often each text occurs in the training split's targets. */
  readonly counts: Uint32Array;
}

/** The target vocabulary, of the training split alone. */
export async function fitTargetVocabulary(
  gathered: Gathered,
  assignment: Uint8Array,
  settings: TokenizerSettings,
  turns: Turns,
): Promise<TargetVocabulary> {
  const { texts, tokens, offsets } = gathered.targets;
  const counts = new Uint32Array(texts.texts.length);
  await eachExample(gathered, assignment, splitIds.train, turns, (example) => {
    for (let at = offsets.at(example); at < offsets.at(example + 1); at++) {
      const text = tokens.at(at);
      if (text < counts.length) counts[text] = (counts[text] ?? 0) + 1;
    }
  });
  return { ...fitVocabulary(texts.texts, counts, settings), counts };
}

/** The splits with their target sequences, each ended by `<eos>`; one that was cut too, or the model could not learn to end. */
export async function withTargets(
  splits: Splits,
  gathered: Gathered,
  assignment: Uint8Array,
  vocabulary: Vocabulary,
  turns: Turns,
): Promise<Splits> {
  const encode = async (name: (typeof splitNames)[number]): Promise<EncodedSplit> => ({
    ...splits[name],
    targets: await encodeTargets(gathered, assignment, splitIds[name], splits[name].count, vocabulary, turns),
  });
  return { train: await encode('train'), validation: await encode('validation'), test: await encode('test') };
}

async function encodeTargets(
  gathered: Gathered,
  assignment: Uint8Array,
  split: number,
  count: number,
  vocabulary: Vocabulary,
  turns: Turns,
): Promise<EncodedTargets> {
  const said = gathered.targets;
  const offsets = new Uint32Array(count + 1);
  let i = 0;
  await eachExample(gathered, assignment, split, turns, (example) => {
    const length = said.offsets.at(example + 1) - said.offsets.at(example) + 1;
    offsets[i + 1] = (offsets[i] ?? 0) + length;
    i++;
  });
  const tokens = idArray(offsets[count] ?? 0, vocabulary.tokens.length - 1);
  let to = 0;
  await eachExample(gathered, assignment, split, turns, (example) => {
    for (let at = said.offsets.at(example); at < said.offsets.at(example + 1); at++) {
      tokens[to++] = vocabulary.idOfText[said.tokens.at(at)] ?? specialTokens.unknown;
    }
    tokens[to++] = specialTokens.end;
  });
  return { offsets, tokens };
}

/** What the data panel shows of the targets. */
export function reportTargets(
  gathered: Gathered,
  assignment: Uint8Array,
  splits: Splits,
  vocabulary: TargetVocabulary,
): NonNullable<DataReport['targets']> {
  const { targets } = gathered;
  const lengths = splitNames.flatMap((name) => targetLengths(splits[name]).map((length) => length - 1));
  const unknown = ({ targets: encoded }: EncodedSplit): number => {
    if (!encoded || encoded.tokens.length === 0) return 0;
    let found = 0;
    for (const token of encoded.tokens) if (token === specialTokens.unknown) found++;
    return found / (encoded.tokens.length - (encoded.offsets.length - 1));
  };
  return {
    lengths: histogram(Uint32Array.from(lengths)),
    truncated: targets.truncated.flat().filter((example) => assignment[example] !== splitIds.unused).length,
    outOfVocabulary: { validation: unknown(splits.validation), test: unknown(splits.test) },
    frequentTokens: frequentTokens(targets.texts.texts, vocabulary.counts, vocabulary),
  };
}

/** Tokens of the longest target, `<eos>` included. */
export const longestTarget = (split: EncodedSplit): number =>
  targetLengths(split).reduce((longest, length) => Math.max(longest, length), 0);

/** Tokens of each target, `<eos>` included. */
const targetLengths = ({ targets }: EncodedSplit): number[] =>
  targets ? Array.from(targets.offsets.subarray(1), (end, i) => end - (targets.offsets[i] ?? 0)) : [];

/** What the user should know about the targets. @param size of the target vocabulary */
export function targetWarnings({ truncated }: NonNullable<DataReport['targets']>, size: number): string[] {
  const found: string[] = [];
  if (truncated > 0) found.push(`${truncated} targets are longer than their maximum length and were cut.`);
  if (size === specialTokenNames.length) found.push('The target vocabulary is empty: lower its minimum count.');
  return found;
}
