import type { DataBinding } from '../document/data-binding.ts';
import type { DataReport } from '../protocol/data.ts';
import { UserError } from '../protocol/envelope.ts';
import { errorBaseline } from './baseline.ts';
import type { EncodedSplit, Normalization, PreparedData } from './dataset.ts';
import { decodeNumbers } from './encode.ts';
import type { PrepareOptions } from './gather.ts';
import { eachRow } from './gather.ts';
import type { Float64List, Uint32List } from './growing-list.ts';
import { float64List, uint32List } from './growing-list.ts';
import { histogram } from './histogram.ts';
import { type NaiveForecast, naiveForecast } from './naive-forecast.ts';
import { NormalizationFit } from './normalization.ts';
import type { ColumnNames } from './raw-example.ts';
import { isBadRow } from './raw-example.ts';
import { RowLog } from './row-log.ts';
import { sharedFloat32 } from './shared-memory.ts';
import type { ExampleSource } from './source.ts';
import type { Window } from './windows.ts';
import { chronologicalSplits, cutWindows } from './windows.ts';

/** A long series as read: N rows of F inputs and K targets. A bad row keeps its place in time, and is marked. */
export interface GatheredSeries {
  readonly inputs: Float64List;
  readonly targets: Float64List;
  readonly lines: Uint32List;
  /** Rows that are bad, ascending. */
  readonly gaps: number[];
  readonly log: RowLog;
}

export async function gatherSeries(source: ExampleSource, options: PrepareOptions): Promise<GatheredSeries> {
  const { inputs, targets } = source.names;
  const gathered: GatheredSeries = {
    inputs: float64List(),
    targets: float64List(),
    lines: uint32List(),
    gaps: [],
    log: new RowLog(),
  };
  await eachRow(source, options, (row) => {
    const good = !isBadRow(row) && row.input.kind === 'series' && row.target.kind === 'numbers' ? row : null;
    if (isBadRow(row)) gathered.log.add(row);
    if (good === null) gathered.gaps.push(gathered.lines.length);
    const values = good?.input.kind === 'series' ? (good.input.steps[0] ?? []) : [];
    const wanted = good?.target.kind === 'numbers' ? good.target.values : [];
    for (let f = 0; f < inputs.length; f++) gathered.inputs.push(values[f] ?? 0);
    for (let k = 0; k < targets.length; k++) gathered.targets.push(wanted[k] ?? 0);
    gathered.lines.push(row.line);
  });
  return gathered;
}

/** Cuts the series into training, then validation, then test time; fits on training time; makes windows that never cross a border. */
export function prepareWindows(
  gathered: GatheredSeries,
  binding: DataBinding,
  names: ColumnNames,
  fingerprint: string,
  sourceWarnings: readonly string[],
): PreparedData {
  const rows = gathered.lines.length;
  const naive = naiveForecast(binding.window);
  const ranges = chronologicalSplits(rows, binding.split);
  const gaps = new Set(gathered.gaps);
  const fit = (columns: readonly string[], list: Float64List): Normalization => {
    const fitted = new NormalizationFit(columns);
    for (let row = ranges.train.start; row < ranges.train.end; row++) {
      if (!gaps.has(row)) fitted.add((column) => list.at(row * columns.length + column));
    }
    return fitted.result();
  };
  const input = fit(names.inputs, gathered.inputs);
  const target = fit(names.targets, gathered.targets);
  const cut = cutWindows(ranges, gathered.gaps, binding);
  if (cut.windows.train.length === 0) throw tooShort(rows, binding, gathered);
  const encode = (range: { start: number; end: number }, windows: readonly Window[]): EncodedSplit =>
    encodeWindows(gathered, range, windows, binding.window.length, input, target);
  const splits = {
    train: encode(ranges.train, cut.windows.train),
    validation: encode(ranges.validation, cut.windows.validation),
    test: encode(ranges.test, cut.windows.test),
  };
  const judged = cut.windows.validation.length > 0 ? 'validation' : 'train';
  const facts = { vocabulary: null, classes: null, features: names.inputs.length, targets: names.targets.length };
  const all = splits.train.count + splits.validation.count + splits.test.count;
  const warnings = [...sourceWarnings];
  if (splits.validation.count === 0)
    warnings.push('There are no validation windows: the baseline is measured on the training split.');
  if (cut.crossing > 0)
    warnings.push(`${cut.crossing} windows reach from one split into the next and are left out, so that nothing leaks.`);
  if (cut.broken > 0) warnings.push(`${cut.broken} windows contain a bad row and are left out.`);
  const report: DataReport = {
    key: fingerprint,
    fingerprint,
    task: binding.task,
    facts,
    counts: { train: splits.train.count, validation: splits.validation.count, test: splits.test.count },
    classes: [],
    lengths: histogram(new Uint32Array(all).fill(binding.window.length)),
    truncated: 0,
    empty: 0,
    outOfVocabulary: null,
    frequentTokens: [],
    leakage: { count: 0, examples: [] },
    imbalance: null,
    badRowCount: gathered.log.count,
    badRows: gathered.log.rows.slice(0, 50),
    baseline: naiveBaseline(gathered, cut.windows[judged], splits[judged], target, naive),
    warnings,
  };
  const encoding = {
    binding,
    facts,
    fingerprint,
    vocabulary: null,
    classes: null,
    inputNormalization: input,
    targetNormalization: target,
  };
  return { encoding, splits, report };
}

/** The steps of the whole range once, normalized, and where each window starts in them. */
function encodeWindows(
  gathered: GatheredSeries,
  range: { readonly start: number; readonly end: number },
  windows: readonly Window[],
  length: number,
  input: Normalization,
  target: Normalization,
): EncodedSplit {
  const normalized = (list: Float64List, row: number, column: number, by: Normalization): number =>
    (list.at(row * by.mean.length + column) - (by.mean[column] ?? 0)) / (by.deviation[column] ?? 1);
  const width = input.mean.length;
  const targets = target.mean.length;
  const series = sharedFloat32((range.end - range.start) * width);
  for (let row = range.start; row < range.end; row++) {
    for (let f = 0; f < width; f++) series[(row - range.start) * width + f] = normalized(gathered.inputs, row, f, input);
  }
  const numberTargets = sharedFloat32(windows.length * targets);
  windows.forEach((window, i) => {
    for (let k = 0; k < targets; k++) numberTargets[i * targets + k] = normalized(gathered.targets, window.target, k, target);
  });
  return {
    count: windows.length,
    offsets: Uint32Array.from({ length: windows.length + 1 }, (_unused, i) => i * length),
    starts: Uint32Array.from(windows, (window) => window.start - range.start),
    tokens: null,
    series,
    classTargets: null,
    tagTargets: null,
    numberTargets,
    lines: Uint32Array.from(windows, (window) => gathered.lines.at(window.target)),
  };
}

/** Tomorrow will be like today, or like the same day of the season before: the target column's value at that step of the window. */
function naiveBaseline(
  gathered: GatheredSeries,
  windows: readonly Window[],
  split: EncodedSplit,
  target: Normalization,
  { name, step }: NaiveForecast,
): DataReport['baseline'] {
  const targets = target.mean.length;
  const said = (i: number): number =>
    gathered.targets.at(((windows[Math.floor(i / targets)]?.start ?? 0) + step) * targets + (i % targets));
  return errorBaseline(name, said, decodeNumbers(target, split.numberTargets ?? []));
}

function tooShort(rows: number, binding: DataBinding, gathered: GatheredSeries): UserError {
  const needed = binding.window.length + binding.window.horizon;
  const [first] = gathered.log.rows;
  return new UserError({
    code: 'series-too-short',
    message:
      `a window of ${binding.window.length} steps and a horizon of ${binding.window.horizon} need ${needed} good rows in a row in the training split, found none in ${rows} rows` +
      (first ? `; ${gathered.log.count} bad rows, the first at line ${first.line}: ${first.reason}` : ''),
    hint: 'Shorten the window, or choose a longer series.',
    ...(first ? { row: first.line } : {}),
  });
}
