import { stepCount, stepStart, targetTokens } from '../data/batches.ts';
import type { DataEncoding, EncodedSplit, TokenIds } from '../data/dataset.ts';
import { inUnits } from '../data/encode.ts';
import { specialIds } from '../data/special-tokens.ts';
import { tokenText } from '../data/token-text.ts';
import type { ExampleView } from '../protocol/runs.ts';
import type { RowPrediction } from './split-metrics.ts';

/** Steps of an example that are shown; the rest is cut. */
const shownSteps = 120;

/** One example with its target and what the model says, in words. */
export function exampleView(encoding: DataEncoding, split: EncodedSplit, example: number, said: RowPrediction): ExampleView {
  const start = stepStart(split, example);
  const count = stepCount(split, example);
  const shown = Math.min(count, shownSteps);
  const ids = split.tokens?.subarray(start, start + shown);
  const unknownId = specialIds(encoding.vocabulary ?? []).unknown;
  const word = (id: number, t: number): string => split.unknownTexts?.[start + t] ?? encoding.vocabulary?.[id] ?? `#${id}`;
  const tokens = ids ? Array.from(ids, word) : null;
  const className = (id: number): string => encoding.classes?.[id] ?? `#${id}`;
  const unknown = ids && Array.from(ids, (id) => id === unknownId);
  const input = fileText(encoding, split.lines[example], count) ?? inputText(encoding, split, start, count, tokens);
  const view = { input, tokens, ...(unknown ? { unknown } : {}) };
  if (split.numberTargets) {
    const width = split.numberTargets.length / split.count;
    const target = split.numberTargets.subarray(example * width, (example + 1) * width);
    const real = encoding.targetNormalization ? inUnits(encoding.targetNormalization, target) : Array.from(target);
    return { ...view, target: real.map(String), predicted: said.numbers.map(formatNumber), confidence: [] };
  }
  const most = split.targets ? shownSteps : shown;
  const target = Array.from(targetIds(split, example).subarray(0, most), className);
  const predicted = said.ids.slice(0, most).map(className);
  const confidence = said.confidence.slice(0, most);
  if (!split.targets || encoding.binding.targetTokenizer.level !== 'subword') return { ...view, target, predicted, confidence };
  // Pieces of words are read as the text that they make.
  const joined = (pieces: readonly string[]): string[] => [tokenText(pieces, 'subword')];
  const whole = confidence.reduce((product, probability) => product * probability, 1);
  return { ...view, target: joined(target), predicted: joined(predicted), confidence: [whole] };
}

/** Ids of an example's class, tags or target tokens. */
function targetIds(split: EncodedSplit, example: number): TokenIds {
  if (split.targets) return targetTokens(split, example);
  const start = stepStart(split, example);
  if (split.tagTargets) return split.tagTargets.subarray(start, start + stepCount(split, example));
  return split.classTargets?.subarray(example, example + 1) ?? new Int32Array();
}

/** Pictures and recordings are too many numbers to read: they are named by their line. */
function fileText({ binding, facts }: DataEncoding, line: number | undefined, count: number): string | null {
  const steps = `${count} ${count === 1 ? 'frame' : 'frames'}`;
  if (binding.media.kind === 'audio') return `recording of line ${line} (${steps})`;
  if (!facts.image) return null;
  const { width, height } = facts.image;
  return count === 1
    ? `picture of line ${line} (${width} × ${height})`
    : `pictures of line ${line} (${steps}, ${width} × ${height})`;
}

/** Numbers are shown by the end of their window: what comes next depends on it most. */
const shownNumbers = 5;

function inputText(encoding: DataEncoding, split: EncodedSplit, start: number, count: number, tokens: string[] | null): string {
  if (tokens) {
    const text = tokens.join(encoding.binding.tokenizer.level === 'word' ? ' ' : '');
    return tokens.length < count ? `${text} …` : text;
  }
  const normalization = encoding.inputNormalization;
  if (!split.series || !normalization) return '';
  const width = normalization.mean.length;
  const from = Math.max(start, start + count - shownNumbers);
  const values = inUnits(normalization, split.series.subarray(from * width, (start + count) * width));
  const rows = Array.from({ length: start + count - from }, (_, t) => values.slice(t * width, (t + 1) * width).join(' '));
  return `${from > start ? '… ' : ''}${rows.join(', ')}`;
}

const formatNumber = (value: number): string => String(Number(value.toPrecision(5)));
