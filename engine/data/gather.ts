import { type DataBinding, isRunningText } from '../document/data-binding.ts';
import type { DataEncoding } from './dataset.ts';
import type { Float32List, Float64List, Int32List, Uint32List } from './growing-list.ts';
import { float32List, float64List, IdList, int32List, uint32List } from './growing-list.ts';
import { hashText, SequenceHash } from './hash.ts';
import { Interner } from './interner.ts';
import type { BadRow, RawExample, RawTarget } from './raw-example.ts';
import { isBadRow } from './raw-example.ts';
import { RowLog } from './row-log.ts';
import type { ExampleSource, SourceBlock } from './source.ts';
import { splitIds } from './split.ts';
import { InputTokens } from './tokenizer/tokenize.ts';
import { Turns } from './turns.ts';

export interface PrepareProgress {
  readonly step: string;
  readonly fraction: number | null;
  readonly rows: number;
}

export interface PrepareOptions {
  /** A model that is there already, whose tokens the data is read as; without it, they are learned from the training split. */
  readonly terms?: DataEncoding | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PrepareProgress) => void) | undefined;
}

/** Tokens of N examples, S steps in all, before their vocabulary is known. */
export interface TokenRows {
  /** Different tokens, and which of them stands at each step `[S]`; `texts.full` where the table was full. */
  readonly texts: Interner;
  readonly tokens: IdList;
  /** Steps before each example `[N + 1]`. */
  readonly offsets: Uint32List;
  /** Examples that were cut to the maximum length, ascending. */
  readonly truncated: Uint32List;
}

/** All examples of a source as numbers, N examples and S steps, before they are split; its token rows are empty for numbers. */
export interface Gathered extends TokenRows {
  readonly lines: Uint32List;
  /** `[S, F]`; empty for tokens. */
  readonly series: Float32List;
  /** F, or `null` for tokens. */
  features: number | null;
  /** Different classes or tags. */
  readonly labels: Interner;
  /** Per example, or per step for tagging. */
  readonly labelIds: Int32List;
  /** `[N, K]` */
  readonly numbers: Float64List;
  /** Target sequences; empty for other targets. */
  readonly targets: TokenRows;
  /** Hash of each example's input `[N]`. */
  readonly hashes: Float64List;
  /** Hash of each example's group `[N]`, or a number of its own. */
  readonly groups: Float64List;
  grouped: boolean;
  /** Split that the data itself says, of `splitIds` `[N]`; training where it says none. */
  readonly given: Int32List;
  empty: number;
  readonly log: RowLog;
}

/** Distinct tokens that are told apart: a bound on memory for files of noise. Later ones count as unknown, and it is reported. */
export const mostDistinctTokens = 2_000_000;

/**
 * Reads the whole source once. Rows become numbers as they pass, so memory holds 4 bytes a token, never the text.
 */
export async function gather(source: ExampleSource, binding: DataBinding, options: PrepareOptions): Promise<Gathered> {
  const gathered: Gathered = {
    offsets: uint32List(),
    lines: uint32List(),
    texts: new Interner(mostDistinctTokens),
    tokens: new IdList(),
    series: float32List(),
    features: null,
    labels: new Interner(),
    labelIds: int32List(),
    numbers: float64List(),
    targets: { texts: new Interner(mostDistinctTokens), tokens: new IdList(), offsets: uint32List(), truncated: uint32List() },
    hashes: float64List(),
    groups: float64List(),
    grouped: false,
    given: int32List(),
    truncated: uint32List(),
    empty: 0,
    log: new RowLog(),
  };
  gathered.offsets.push(0);
  gathered.targets.offsets.push(0);
  const running = isRunningText(binding);
  const chunks = binding.task === 'language-model' && binding.languageModel.unit !== 'line';
  const limit = chunks ? Number.POSITIVE_INFINITY : binding.tokenizer.maxLength;
  const how: HowToAdd = {
    limit,
    sayable: binding.targetTokenizer.maxLength,
    input: new InputTokens(binding.tokenizer, gathered.texts, running),
    said: new InputTokens(binding.targetTokenizer, gathered.targets.texts),
  };
  const joined = running && !source.whole;
  await eachRow(
    source,
    options,
    (row) => {
      if (isBadRow(row)) gathered.log.add(row);
      else addExample(gathered, joined ? withLineEnd(row) : row, how);
    },
    !joined,
  );
  return gathered;
}

/**
 * Calls `take` with every row, gives way to other work every few milliseconds, and tells how far it is.
 *
 * @param ascii whether inputs may be `AsciiText`
 */
export async function eachRow(
  source: ExampleSource,
  options: PrepareOptions,
  take: (row: RawExample | BadRow) => void,
  ascii = false,
): Promise<void> {
  let rows = 0;
  let told = 0;
  const turns = new Turns(options.signal);
  const tell = (block: SourceBlock): void => {
    told = performance.now();
    options.onProgress?.({ step: 'Reading rows', fraction: block.fraction, rows });
  };
  for await (const block of source.blocks(ascii)) {
    for (const row of block.rows) {
      take(row);
      rows++;
      if (turns.over) await turns.pass();
    }
    options.signal?.throwIfAborted();
    if (performance.now() - told > 100) tell(block);
  }
  options.onProgress?.({ step: 'Reading rows', fraction: 1, rows });
}

/** A row of a running text that is not a line of its file ends like one. */
function withLineEnd(row: RawExample): RawExample {
  const { input } = row;
  if (input.kind === 'text') return { ...row, input: { kind: 'text', text: `${input.text}\n` } };
  return input.kind === 'tokens' ? { ...row, input: { kind: 'tokens', tokens: [...input.tokens, '\n'] } } : row;
}

interface HowToAdd {
  /** Most tokens, or steps, of an input. */
  readonly limit: number;
  /** Most tokens of a target sequence. */
  readonly sayable: number;
  readonly input: InputTokens;
  readonly said: InputTokens;
}

function addExample(gathered: Gathered, row: RawExample, { limit, sayable, input, said }: HowToAdd): void {
  const hash = new SequenceHash();
  let labels: readonly string[] | null = row.target.kind === 'tags' ? row.target.labels : null;
  // Of input and target, one token more than is kept, so that a cut is noticed.
  const toSay = row.target.kind === 'sequence' ? said.read(row.target.target, sayable + 1) : null;
  if (toSay === 0) {
    leaveOut(gathered, row, 'no target text');
    return;
  }
  if (row.input.kind === 'series') {
    const steps = row.input.steps;
    const width = steps[0]?.length ?? 0;
    if (width === 0) {
      leaveOut(gathered, row, 'no numbers');
      return;
    }
    gathered.features ??= width;
    if (width !== gathered.features) {
      logBad(gathered, row, `expected ${gathered.features} numbers per step, found ${width}`);
      return;
    }
    if (steps.length > limit) gathered.truncated.push(gathered.lines.length);
    for (const step of steps.slice(0, limit)) {
      for (const value of step) {
        gathered.series.push(value);
        hash.add(bitsOf(value));
      }
    }
    gathered.offsets.push(gathered.series.length / width);
  } else {
    const found = input.read(row.input, limit + 1);
    if (found === 0) {
      leaveOut(gathered, row, 'no text');
      return;
    }
    // Of a longer text not all tokens are there to be counted.
    if (labels !== null && found <= limit && labels.length !== found) {
      logBad(gathered, row, `expected one tag per token, found ${found} tokens and ${labels.length} tags`);
      return;
    }
    if (found > limit) {
      gathered.truncated.push(gathered.lines.length);
      labels = labels?.slice(0, limit) ?? null;
    }
    const kept = Math.min(found, limit);
    const ids = input.ids(kept);
    gathered.tokens.pushAll(ids, kept);
    hash.addAll(ids, kept);
    gathered.offsets.push(gathered.tokens.length);
  }
  addTarget(gathered, row.target, labels);
  if (toSay !== null) addTargetTokens(gathered, said, toSay, sayable);
  gathered.hashes.push(hash.value);
  gathered.groups.push(row.group === null ? -gathered.lines.length - 1 : hashText(row.group));
  gathered.grouped ||= row.group !== null;
  gathered.given.push(splitIds[row.split ?? 'train']);
  gathered.lines.push(row.line);
}

const one = new Float32Array(1);
const oneBits = new Int32Array(one.buffer);

/** Of the float32 that is kept of a number: the same for equal ones, in any unit. */
function bitsOf(value: number): number {
  one[0] = value + 0;
  return oneBits[0] ?? 0;
}

/** `null` where the data names no split. */
export function givenSplits({ given }: Gathered): ArrayLike<number> | null {
  const splits = given.flat();
  return splits.some((split) => split !== splitIds.train) ? splits : null;
}

function logBad(gathered: Gathered, { line, file, before }: RawExample, reason: string): void {
  gathered.log.add({ line, reason, ...(file === undefined ? {} : { file }), ...(before === undefined ? {} : { before }) });
}

function addTargetTokens({ targets, lines }: Gathered, said: InputTokens, found: number, limit: number): void {
  if (found > limit) targets.truncated.push(lines.length);
  const kept = Math.min(found, limit);
  targets.tokens.pushAll(said.ids(kept), kept);
  targets.offsets.push(targets.tokens.length);
}

function leaveOut(gathered: Gathered, row: RawExample, reason: string): void {
  gathered.empty++;
  logBad(gathered, row, reason);
}

function addTarget(gathered: Gathered, target: RawTarget, labels: readonly string[] | null): void {
  switch (target.kind) {
    case 'class':
      gathered.labelIds.push(gathered.labels.id(target.label));
      break;
    case 'tags':
      for (const label of labels ?? []) gathered.labelIds.push(gathered.labels.id(label));
      break;
    case 'numbers':
      for (const value of target.values) gathered.numbers.push(value);
      break;
  }
}
