import { type DataBinding, isRunningText } from '../document/data-binding.ts';
import { fileOfSplit } from '../document/data-files.ts';
import type { SplitName } from '../document/split-names.ts';
import type { InputView } from '../protocol/data.ts';
import { UserError } from '../protocol/envelope.ts';
import { stepCount, stepStart } from './batches.ts';
import type { EncodedSplit, PreparedData, TokenIds } from './dataset.ts';
import { inUnits } from './encode.ts';
import { glance, viewOfSteps } from './input-view.ts';
import { prepareData } from './prepare.ts';
import type { RawExample, RawInput } from './raw-example.ts';
import { isBadRow } from './raw-example.ts';
import { openSource } from './source.ts';
import { tokenText } from './token-text.ts';

export interface ShownExample {
  readonly line: number;
  readonly input: string;
  readonly target: string;
  readonly view?: InputView;
  readonly tokens?: string[];
  readonly targetTokens?: string[];
}

const longestShown = 2000;

/** Numbers of the inputs that are kept of one page, so that what was just shown can be asked about without reading the data again. */
const mostKept = 4_000_000;
/** Inputs of the last page shown of each prepared data set, by split and line. */
const lastShown = new WeakMap<PreparedData, ReadonlyMap<string, RawInput>>();

const key = (split: SplitName, line: number): string => `${split} ${line}`;

/**
 * Examples of one split as their source wrote them, for a look at the data. The file is read up to the last line asked for; nothing
 * of its text is kept in memory otherwise.
 */
export async function rawExamples(
  binding: DataBinding,
  split: SplitName,
  offset: number,
  count: number,
): Promise<{ total: number; examples: ShownExample[] }> {
  const data = await prepareData(binding);
  const encoded = data.splits[split];
  if (binding.task === 'forecasting') {
    const end = Math.min(encoded.count, offset + count);
    const indices = Array.from({ length: Math.max(0, end - offset) }, (_unused, i) => offset + i);
    return { total: encoded.count, examples: indices.map((i) => showWindow(data, encoded, i)) };
  }
  if (encoded.running === true) {
    const end = Math.min(encoded.count, offset + count);
    const indices = Array.from({ length: Math.max(0, end - offset) }, (_unused, i) => offset + i);
    return { total: encoded.count, examples: indices.map((i) => showChunk(data, encoded, i)) };
  }
  const wanted = encoded.lines.subarray(offset, offset + count);
  const found = await examplesAt(binding, split, wanted);
  const numbers = [...found.values()].reduce((sum, { input }) => sum + numbersIn(input), 0);
  if (numbers <= mostKept) lastShown.set(data, new Map([...found].map(([line, { input }]) => [key(split, line), input])));
  const examples = Array.from(wanted).flatMap((line, i) => {
    const example = found.get(line);
    return example === undefined ? [] : { ...show(example, data), ...tokensOf(data, encoded, offset + i) };
  });
  return { total: encoded.count, examples };
}

/** Tokens that are shown of an example. */
const mostTokens = 60;

/** The beginning of an example as the model reads it. */
function tokensOf({ encoding }: PreparedData, split: EncodedSplit, i: number): Pick<ShownExample, 'tokens' | 'targetTokens'> {
  const words = (ids: TokenIds, start: number, end: number, of: readonly string[] | null): string[] =>
    Array.from(ids.subarray(start, Math.min(end, start + mostTokens)), (id) => of?.[id] ?? '');
  const start = stepStart(split, i);
  const said = split.targets;
  return {
    ...(split.tokens ? { tokens: words(split.tokens, start, start + stepCount(split, i), encoding.vocabulary) } : {}),
    ...(said ? { targetTokens: words(said.tokens, said.offsets[i] ?? 0, said.offsets[i + 1] ?? 0, encoding.classes) } : {}),
  };
}

/**
 * One example's input as its source has it.
 *
 * @throws UserError `no-example` when the split has none there
 */
export async function exampleInput(binding: DataBinding, split: SplitName, index: number): Promise<RawInput> {
  const data = await prepareData(binding);
  const line = data.splits[split].lines[index];
  const kept = line === undefined ? undefined : lastShown.get(data)?.get(key(split, line));
  if (kept !== undefined) return kept;
  const example = line === undefined ? undefined : (await examplesAt(binding, split, Uint32Array.of(line))).get(line);
  if (example !== undefined) {
    if (numbersIn(example.input) <= mostKept) lastShown.set(data, new Map([[key(split, example.line), example.input]]));
    return example.input;
  }
  throw new UserError({
    code: 'no-example',
    message: `There is no example ${index + 1} in the ${split} split.`,
    hint: 'Choose another row.',
  });
}

const numbersIn = (input: RawInput): number => (input.kind === 'series' ? input.steps.length * (input.steps[0]?.length ?? 0) : 0);

/** Reads the source up to the last of the lines. */
async function examplesAt(binding: DataBinding, split: SplitName, lines: Uint32Array): Promise<ReadonlyMap<number, RawExample>> {
  const found = new Map<number, RawExample>();
  const missing = new Set(lines);
  if (missing.size === 0) return found;
  const source = await openSource(binding, undefined, fileOfSplit(binding.source, split));
  for await (const block of source.blocks()) {
    for (const row of block.rows) {
      if (isBadRow(row) || !missing.delete(row.line)) continue;
      found.set(row.line, row);
      if (missing.size === 0) return found;
    }
  }
  return found;
}

function show(example: RawExample, { report }: PreparedData): ShownExample {
  const shown = { line: example.line, input: shorten(inputText(example)), target: shorten(targetText(example)) };
  const view = example.input.kind === 'series' ? viewOfSteps(example.input.steps, report.facts.image, glance) : null;
  return view === null ? shown : { ...shown, view };
}

function inputText({ input }: RawExample): string {
  switch (input.kind) {
    case 'text':
      return input.text;
    case 'tokens':
      return input.tokens.join(' ');
    case 'series':
      return input.file ?? input.steps.map((step) => step.join(' ')).join(', ');
  }
}

function targetText({ target }: RawExample): string {
  switch (target.kind) {
    case 'class':
      return target.label;
    case 'tags':
      return target.labels.join(' ');
    case 'numbers':
      return target.values.join(' ');
    case 'sequence':
      return target.target.kind === 'text' ? target.target.text : target.target.tokens.join(' ');
    case 'next-token':
      return '';
  }
}

/** A chunk of a running text as the model reads it, and the tokens that it is to say. */
function showChunk(data: PreparedData, split: EncodedSplit, i: number): ShownExample {
  const { encoding } = data;
  const start = stepStart(split, i);
  const end = start + stepCount(split, i);
  const words = (ids: ArrayLike<number>): string[] => Array.from(ids, (id) => encoding.vocabulary?.[id] ?? '');
  const { level } = encoding.binding.tokenizer;
  const running = isRunningText(encoding.binding);
  const text = (ids: ArrayLike<number>): string =>
    shorten(running ? tokenText(words(ids), level) : words(ids).join(level === 'word' ? ' ' : ''));
  return {
    ...tokensOf(data, split, i),
    line: split.lines[i] ?? 0,
    input: text(split.tokens?.subarray(start, end) ?? []),
    target: text(split.tagTargets?.subarray(start, end) ?? []),
  };
}

/** A window's rows, in the data's units, oldest first. */
function showWindow(data: PreparedData, split: EncodedSplit, i: number): ShownExample {
  const { inputNormalization, targetNormalization } = data.encoding;
  if (!inputNormalization || !targetNormalization || !split.series || !split.numberTargets)
    throw new Error('expected a numeric series');
  const width = inputNormalization.mean.length;
  const targets = targetNormalization.mean.length;
  const start = stepStart(split, i) * width;
  const values = inUnits(inputNormalization, split.series.subarray(start, start + stepCount(split, i) * width));
  const steps: number[][] = [];
  for (let at = 0; at < values.length; at += width) steps.push([...values.slice(at, at + width)]);
  const view = viewOfSteps(steps, undefined, glance);
  const target = inUnits(targetNormalization, split.numberTargets.subarray(i * targets, (i + 1) * targets));
  return {
    line: split.lines[i] ?? 0,
    input: shorten(steps.map((step) => step.join(' ')).join(', ')),
    target: target.join(' '),
    ...(view === null ? {} : { view }),
  };
}

const shorten = (text: string): string => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
