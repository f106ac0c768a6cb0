import type { DataBinding } from '../document/data-binding.ts';
import type { BatchInput } from '../layers/batch-input.ts';
import type { DataReport } from '../protocol/data.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Reading } from './reading.ts';

/** Token ids in the narrowest array that holds the vocabulary: 200 MB of characters stay 200 MB. */
export type TokenIds = Uint8Array | Uint16Array | Int32Array;

/**
 * One split, encoded, as flat typed arrays (cheap to hand to a Web Worker). Example i's steps are
 * `offsets[i] … offsets[i + 1]`, S steps in all over N examples. Where examples overlap (windows of one long series) the
 * steps are stored once: example i then starts at `starts[i]`, and `offsets` still counts its length.
 * Read examples through `makeBatch`, `stepStart` and `stepCount` of `batches.ts`, which know both layouts.
 */
export interface EncodedSplit {
  readonly count: number;
  /** `[N + 1]` */
  readonly offsets: Uint32Array;
  /** First step of each example `[N]` where examples overlap; absent otherwise. */
  readonly starts?: Uint32Array;
  /** The examples are consecutive chunks of one running text: batches keep its order (`streams.ts`), and states may be carried on. */
  readonly running?: boolean;
  /** Token ids `[S]`, or `null` for numeric input. */
  readonly tokens: TokenIds | null;
  /** What stands at a step whose token is unknown, for the few examples that are shown with predictions. By step. */
  readonly unknownTexts?: Readonly<Record<number, string>>;
  /** Normalized numbers `[S, F]`, or `null` for tokens. */
  readonly series: Float32Array | null;
  /** Class per example `[N]`. */
  readonly classTargets: Int32Array | null;
  /** Tag per step `[S]`. */
  readonly tagTargets: Int32Array | null;
  /** Normalized numbers per example `[N, K]`. */
  readonly numberTargets: Float32Array | null;
  /** Target sequences, where the target is a sequence with a length of its own. */
  readonly targets?: EncodedTargets | null;
  /** Line in the source, from 1 `[N]`. */
  readonly lines: Uint32Array;
}

/** Target sequences of N examples, `<eos>` at the end of each: those of example i are `tokens[offsets[i] … offsets[i + 1]]`. */
export interface EncodedTargets {
  /** `[N + 1]` */
  readonly offsets: Uint32Array;
  /** Ids of the target vocabulary. */
  readonly tokens: TokenIds;
}

/** Ids of the special tokens; always the first entries of a vocabulary. */
export const specialTokens = { pad: 0, unknown: 1, begin: 2, end: 3 } as const;
/** What a model that generates never says; `<eos>` ends a sequence. */
export const neverSaid: readonly number[] = [specialTokens.pad, specialTokens.unknown, specialTokens.begin];
export const specialTokenNames = ['<pad>', '<unk>', '<bos>', '<eos>'] as const;

/** `normalized = (value - mean) / deviation`, fit on the training split only. */
export interface Normalization {
  readonly names: readonly string[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** All that training, prediction and export need to know about the data except the rows: small, saved with the run. */
export interface DataEncoding {
  readonly binding: DataBinding;
  readonly facts: DataFacts;
  readonly fingerprint: string;
  /** Token texts by id, special tokens first. */
  readonly vocabulary: readonly string[] | null;
  /** Of sub-words: neighbouring tokens that become one, first learned first; absent at other levels. */
  readonly merges?: readonly (readonly [string, string])[] | undefined;
  /** The same of targets that are sub-words. */
  readonly targetMerges?: readonly (readonly [string, string])[] | undefined;
  /** Class or tag names by id; the target vocabulary, where the target is made of tokens. */
  readonly classes: readonly string[] | null;
  /** Tokens of the longest target of the training split, `<eos>` included; absent where targets have no length of their own. */
  readonly longestTarget?: number | undefined;
  readonly inputNormalization: Normalization | null;
  readonly targetNormalization: Normalization | null;
  /** How its file was read; absent where there was none, and in runs from before this was kept. */
  readonly reading?: Reading | undefined;
}

/** What is told of the data but for what a trivial guess reaches (`metrics/headline.ts`). */
export type PreparedReport = Omit<DataReport, 'baseline'>;

export interface PreparedData {
  readonly encoding: DataEncoding;
  readonly splits: Readonly<Record<'train' | 'validation' | 'test', EncodedSplit>>;
  readonly report: PreparedReport;
}

/**
 * One padded batch, time-major. B rows, T = longest row's length. Padding is id 0 / value 0, and nothing may depend on it.
 */
export interface Batch extends BatchInput {
  /** `[B]` */
  readonly classTargets: Int32Array | null;
  /** `[T, B]`, or `[U, B]` where there is a `target`; padding is 0 (masked by lengths) */
  readonly tagTargets: Int32Array | null;
  /** `[B, K]` */
  readonly numberTargets: Float32Array | null;
  /** Row of each example in its split `[B]`. */
  readonly examples: Uint32Array;
}

/** Whether the classes are the tokens of a vocabulary, one to be said at each step. */
export const hasTokenTargets = ({ binding }: Pick<DataEncoding, 'binding'>): boolean =>
  binding.task === 'language-model' || binding.task === 'sequence-to-sequence';
