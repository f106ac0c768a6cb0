import type { DataReport } from '../protocol/data.ts';
import type { EncodedSplit, EncodedTargets } from './dataset.ts';
import { specialTokenNames, specialTokens } from './dataset.ts';
import { eachExample } from './encode-splits.ts';
import type { FittedTokens } from './fit-tokens.ts';
import type { TokenRows } from './gather.ts';
import { histogram } from './histogram.ts';
import { sharedIds, sharedUint32 } from './shared-memory.ts';
import { splitIds, splitNames } from './split.ts';
import { frequentTokens } from './token-report.ts';
import type { Turns } from './turns.ts';

type Splits = Readonly<Record<(typeof splitNames)[number], EncodedSplit>>;

/** The splits with their target sequences, each ended by `<eos>`; one that was cut too, or the model could not learn to end. */
export async function withTargets(splits: Splits, targets: FittedTokens, assignment: Uint8Array, turns: Turns): Promise<Splits> {
  const encode = async (name: (typeof splitNames)[number]): Promise<EncodedSplit> => ({
    ...splits[name],
    targets: await encodeTargets(targets, assignment, splitIds[name], splits[name].count, turns),
  });
  return { train: await encode('train'), validation: await encode('validation'), test: await encode('test') };
}

async function encodeTargets(
  { rows, vocabulary }: FittedTokens,
  assignment: Uint8Array,
  split: number,
  count: number,
  turns: Turns,
): Promise<EncodedTargets> {
  const offsets = sharedUint32(count + 1);
  let i = 0;
  await eachExample(rows, assignment, split, turns, (_example, start, end) => {
    offsets[i + 1] = (offsets[i] ?? 0) + end - start + 1;
    i++;
  });
  const tokens = sharedIds(offsets[count] ?? 0, vocabulary.tokens.length - 1);
  let to = 0;
  await eachExample(rows, assignment, split, turns, (_example, start, end) => {
    const texts = rows.tokens.range(start, end);
    for (let i = 0; i < end - start; i++) tokens[to++] = vocabulary.idOfText[texts[i] ?? 0] ?? specialTokens.unknown;
    tokens[to++] = specialTokens.end;
  });
  return { offsets, tokens };
}

/** What the data panel shows of the targets. */
export function reportTargets(
  { rows, counts, vocabulary }: FittedTokens,
  assignment: Uint8Array,
  splits: Splits,
): NonNullable<DataReport['targets']> {
  const lengths = splitNames.flatMap((name) => targetLengths(splits[name]).map((length) => length - 1));
  const unknown = ({ targets: encoded }: EncodedSplit): number => {
    if (!encoded || encoded.tokens.length === 0) return 0;
    let found = 0;
    for (const token of encoded.tokens) if (token === specialTokens.unknown) found++;
    return found / (encoded.tokens.length - (encoded.offsets.length - 1));
  };
  return {
    lengths: histogram(Uint32Array.from(lengths)),
    truncated: countTruncated(rows, assignment),
    outOfVocabulary: { validation: unknown(splits.validation), test: unknown(splits.test) },
    frequentTokens: frequentTokens(rows.texts.texts, counts, vocabulary),
  };
}

/** Examples in use that were cut to the maximum length. */
export const countTruncated = ({ truncated }: Pick<TokenRows, 'truncated'>, assignment: Uint8Array): number =>
  truncated.flat().filter((example) => assignment[example] !== splitIds.unused).length;

/** Tokens of the longest target, `<eos>` included. */
export const longestTarget = (split: EncodedSplit): number =>
  targetLengths(split).reduce((longest, length) => Math.max(longest, length), 0);

/** Tokens of each target, `<eos>` included. */
const targetLengths = ({ targets }: EncodedSplit): number[] =>
  targets ? Array.from(targets.offsets.subarray(1), (end, i) => end - (targets.offsets[i] ?? 0)) : [];

/** What the user should know about the targets. @param size of the target vocabulary */
export const targetWarnings = (size: number): string[] =>
  size === specialTokenNames.length ? ['The target vocabulary is empty: lower its minimum count.'] : [];
