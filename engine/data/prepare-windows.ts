import type { DataBinding } from '../document/data-binding.ts';
import type { SplitName } from '../document/split-names.ts';
import { UserError } from '../protocol/envelope.ts';
import type { EncodedSplit, Normalization, PreparedData, PreparedReport } from './dataset.ts';
import { fingerprintInTime } from './fingerprint.ts';
import type { PrepareOptions } from './gather.ts';
import { eachRow } from './gather.ts';
import type { Float64List, Uint32List } from './growing-list.ts';
import { float64List, uint32List } from './growing-list.ts';
import { histogram } from './histogram.ts';
import { naiveForecast } from './naive-forecast.ts';
import { NormalizationFit } from './normalization.ts';
import { plainReport } from './plain-report.ts';
import type { PrepareContext } from './prepare-examples.ts';
import { isBadRow } from './raw-example.ts';
import { RowLog } from './row-log.ts';
import { sharedFloat32 } from './shared-memory.ts';
import type { ExampleSource } from './source.ts';
import { sharesToCut, splitIds } from './split.ts';
import { timeOrder } from './time-order.ts';
import { findWindowLeakage } from './window-leakage.ts';
import type { RowRange, Stretch, Window } from './windows.ts';
import { cutWindows, stretchesOf } from './windows.ts';

/** A long series as read: N rows of F inputs and K targets. A bad row keeps its place in time, and is marked. */
export interface GatheredSeries {
  readonly inputs: Float64List;
  readonly targets: Float64List;
  readonly lines: Uint32List;
  /** Rows that are bad, ascending. */
  readonly gaps: number[];
  /** Which file each row is of `[N]`, by what it is for: one of `splitIds`. */
  readonly files: number[];
  /** Which series of its file each row is of `[N]`; `null` where there is one. */
  readonly groups: (string | null)[];
  /** Split that the data itself says, of `splitIds` `[N]`; training where it says none, -1 of a bad row that lacks it. */
  readonly given: number[];
  /** Milliseconds `[N]`; NaN where the row has no date. */
  readonly times: number[];
  readonly log: RowLog;
}

export async function gatherSeries(source: ExampleSource, options: PrepareOptions): Promise<GatheredSeries> {
  const { inputs, targets } = source.names;
  const gathered: GatheredSeries = {
    inputs: float64List(),
    targets: float64List(),
    lines: uint32List(),
    gaps: [],
    files: [],
    groups: [],
    given: [],
    times: [],
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
    const split = splitIds[row.split ?? 'train'];
    gathered.files.push(row.file === undefined ? splitIds.train : split);
    gathered.groups.push(row.group ?? null);
    gathered.given.push(isBadRow(row) && row.split === undefined ? unknownSplit : split);
    gathered.times.push(row.time ?? Number.NaN);
  });
  return gathered;
}

/** Such a row breaks no stretch: it counts to the row before, or at the start of a series to the one after. */
const unknownSplit = -1;

/** The splits with those that bad rows lack. */
function complete(given: readonly number[], series: readonly RowRange[]): Int8Array {
  const found = Int8Array.from(given);
  for (const { start, end } of series) {
    let before = given.slice(start, end).find((split) => split !== unknownSplit) ?? splitIds.train;
    for (let row = start; row < end; row++) {
      if (found[row] === unknownSplit) found[row] = before;
      else before = found[row] ?? before;
    }
  }
  return found;
}

/** The rows in another order. */
function reordered(series: GatheredSeries, order: Uint32Array): GatheredSeries {
  const bad = new Set(series.gaps);
  const width = series.inputs.length / series.lines.length;
  const targets = series.targets.length / series.lines.length;
  const moved = {
    inputs: float64List(),
    targets: float64List(),
    lines: uint32List(),
    gaps: [] as number[],
    given: [] as number[],
  };
  order.forEach((row, place) => {
    if (bad.has(row)) moved.gaps.push(place);
    for (let f = 0; f < width; f++) moved.inputs.push(series.inputs.at(row * width + f));
    for (let k = 0; k < targets; k++) moved.targets.push(series.targets.at(row * targets + k));
    moved.lines.push(series.lines.at(row));
    moved.given.push(series.given[row] ?? splitIds.train);
  });
  return { ...series, ...moved };
}

/**
 * Cuts each series into training, then validation, then test time, or as the data says; fits on training time; makes windows that
 * never cross a border.
 */
export async function prepareWindows(
  read: GatheredSeries,
  binding: DataBinding,
  { names, timeColumn }: Pick<ExampleSource, 'names' | 'timeColumn'>,
  { fingerprint: asRead, sourceWarnings, turns }: PrepareContext,
): Promise<PreparedData> {
  const inTime = timeOrder(read, timeColumn);
  const gathered = inTime.order === null ? read : reordered(read, inTime.order);
  const inFileOrder = inTime.order === null && inTime.groups.length === 1;
  const fingerprint = inFileOrder ? asRead : fingerprintInTime(asRead);
  const rows = gathered.lines.length;
  naiveForecast(binding.window); // refuses a window that is shorter than its season needs
  const given = complete(gathered.given, inTime.groups);
  const shares = sharesToCut(given, binding.split);
  const named = given.some((split) => split !== splitIds.train);
  const span = binding.window.length + binding.window.horizon;
  const series = inTime.groups.map((group) => stretchesOf(group, given, shares));
  const gaps = new Set(gathered.gaps);
  const fit = (columns: readonly string[], list: Float64List): Normalization => {
    const fitted = new NormalizationFit(columns);
    for (const { start, end } of ofSplit(series, 'train')) {
      for (let row = start; row < end; row++) {
        if (!gaps.has(row)) fitted.add((column) => list.at(row * columns.length + column));
      }
    }
    return fitted.result();
  };
  const input = fit(names.inputs, gathered.inputs);
  const target = fit(names.targets, gathered.targets);
  const cut = cutWindows(series, gathered.gaps, binding);
  if (cut.windows.train.length === 0) throw tooShort(rows, binding, gathered);
  const encode = (split: SplitName): EncodedSplit =>
    encodeWindows(gathered, ofSplit(series, split), cut.windows[split], binding.window.length, input, target);
  const splits = { train: encode('train'), validation: encode('validation'), test: encode('test') };
  const facts = { vocabulary: null, classes: null, features: names.inputs.length, targets: names.targets.length };
  const all = splits.train.count + splits.validation.count + splits.test.count;
  const warnings = [...sourceWarnings, ...inTime.warnings];
  warnings.push(...tooShortToLearn(series, inTime.groups, gathered.given, span));
  for (const split of ['validation', 'test'] as const) {
    if (given.includes(splitIds[split]) && splits[split].count === 0)
      warnings.push(`No window fits into the rows for ${split}: none of their stretches has ${span} good rows in a row.`);
  }
  if (splits.validation.count === 0)
    warnings.push('There are no validation windows: the baseline is measured on the training split.');
  const notes: string[] = [];
  if (cut.crossing > 0)
    notes.push(
      `${cut.crossing} ${cut.crossing === 1 ? 'window reaches from one split into the next and is' : 'windows reach from one split into the next and are'} left out, so that nothing leaks.`,
    );
  if (cut.broken > 0)
    warnings.push(
      `${cut.broken} ${cut.broken === 1 ? 'window contains a bad row and is' : 'windows contain a bad row and are'} left out.`,
    );
  const report: PreparedReport = {
    ...plainReport({ binding, facts, fingerprint }, splits, gathered.log),
    lengths: histogram(new Uint32Array(all).fill(binding.window.length)),
    ...(named ? { leakage: await findWindowLeakage(gathered, cut.windows, turns) } : {}),
    warnings,
    ...(notes.length > 0 ? { notes } : {}),
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

const ofSplit = (series: readonly (readonly Stretch[])[], split: SplitName): Stretch[] =>
  series.flatMap((stretches) => stretches.filter((stretch) => stretch.split === split));

/** Of the series that have rows for training, those in which no window fits into them. */
function tooShortToLearn(
  series: readonly (readonly Stretch[])[],
  ranges: readonly RowRange[],
  given: readonly number[],
  span: number,
): string[] {
  const forTraining = series.filter((_stretches, i) => given.slice(ranges[i]?.start, ranges[i]?.end).includes(splitIds.train));
  const short = forTraining.filter((stretches) =>
    stretches.every(({ split, start, end }) => split !== 'train' || end - start < span),
  ).length;
  if (short === 0) return [];
  return [`${short} of ${forTraining.length} groups are too short for a window in training: nothing is learned from them.`];
}

/** The steps of the ranges once, normalized, and where each window starts in them. */
function encodeWindows(
  gathered: GatheredSeries,
  ranges: readonly RowRange[],
  windows: readonly Window[],
  length: number,
  input: Normalization,
  target: Normalization,
): EncodedSplit {
  const normalized = (list: Float64List, row: number, column: number, by: Normalization): number =>
    (list.at(row * by.mean.length + column) - (by.mean[column] ?? 0)) / (by.deviation[column] ?? 1);
  const width = input.mean.length;
  const targets = target.mean.length;
  const series = sharedFloat32(ranges.reduce((sum, range) => sum + range.end - range.start, 0) * width);
  const starts = new Uint32Array(windows.length);
  let at = 0;
  let next = 0;
  for (const range of ranges) {
    for (; next < windows.length && (windows[next]?.start ?? 0) < range.end; next++)
      starts[next] = at + (windows[next]?.start ?? 0) - range.start;
    for (let row = range.start; row < range.end; row++, at++) {
      for (let f = 0; f < width; f++) series[at * width + f] = normalized(gathered.inputs, row, f, input);
    }
  }
  const numberTargets = sharedFloat32(windows.length * targets);
  windows.forEach((window, i) => {
    for (let k = 0; k < targets; k++) numberTargets[i * targets + k] = normalized(gathered.targets, window.target, k, target);
  });
  return {
    count: windows.length,
    offsets: Uint32Array.from({ length: windows.length + 1 }, (_unused, i) => i * length),
    starts,
    tokens: null,
    series,
    classTargets: null,
    tagTargets: null,
    numberTargets,
    lines: Uint32Array.from(windows, (window) => gathered.lines.at(window.target)),
  };
}

function hintFor({ source }: DataBinding): string {
  const column = source.kind === 'file' ? (source.reader.splitColumn ?? null) : null;
  const shorter = 'Shorten the window, or choose a longer series.';
  if (column === null) return shorter;
  return `A window lies between two changes of “${column}”: where it changes often, choose “Not used” for it in the Data panel. ${shorter}`;
}

function tooShort(rows: number, binding: DataBinding, gathered: GatheredSeries): UserError {
  const needed = binding.window.length + binding.window.horizon;
  const [first] = gathered.log.rows;
  return new UserError({
    code: 'series-too-short',
    message:
      `a window of ${binding.window.length} steps and a horizon of ${binding.window.horizon} need ${needed} good rows in a row in the training split, found none in ${rows} rows` +
      (first ? `; ${gathered.log.count} bad rows, the first at line ${first.line}: ${first.reason}` : ''),
    hint: hintFor(binding),
    ...(first ? { row: first.line } : {}),
  });
}
