import type { Setting } from '../../engine/graph/settings-list.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { formatCount, formatMetric, metricTitle } from '../training/metric-format.ts';
import { meanAndDeviation } from '../training/spread.ts';
import { formatDuration, formatMoment } from '../training/time-left.ts';
import { toCsv } from '../ui/csv.ts';

/** Settings of runs, by the run's id. */
export type RunSettings = Readonly<Record<string, readonly Setting[]>>;

/** Something that the table of runs can show, sort and group by. */
export interface RunColumn {
  readonly id: string;
  readonly title: string;
  readonly group: 'Run' | 'Metrics' | 'Graph' | 'Training' | 'Data';
  /** What it is sorted by and what a CSV file holds; `null` where the run has no such thing. */
  value(run: RunSummary): number | string | null;
  /** As people read it. */
  text(run: RunSummary): string;
}

const words = (id: string, title: string, value: (run: RunSummary) => string): RunColumn => ({
  id,
  title,
  group: 'Run',
  value: (run) => value(run) || null,
  text: value,
});
const number = (id: string, title: string, value: (run: RunSummary) => number, text: (value: number) => string): RunColumn => ({
  id,
  title,
  group: 'Run',
  value,
  text: (run) => text(value(run)),
});

const fixed: readonly RunColumn[] = [
  words('status', 'Status', (run) => run.status),
  {
    id: 'best',
    title: 'Best',
    group: 'Run',
    value: (run) => run.best?.value ?? null,
    text: (run) => formatMetric(run.headline.metric, run.best?.value),
  },
  {
    id: 'baseline',
    title: 'Baseline',
    group: 'Run',
    value: (run) => (run.headline.baselineName === '' ? null : run.headline.baseline),
    text: (run) => (run.headline.baselineName === '' ? '–' : formatMetric(run.headline.metric, run.headline.baseline)),
  },
  words('device', 'Device', (run) => run.device),
  number('seconds', 'Time', (run) => run.seconds, formatDuration),
  number('created', 'Started', (run) => run.created, formatMoment),
  number(
    'epoch',
    'Epochs',
    (run) => run.epoch,
    (value) => String(Number(value.toFixed(2))),
  ),
  number('parameters', 'Parameters', (run) => run.parameters, formatCount),
  words('document', 'Document', (run) => run.documentName),
  words('tags', 'Tags', (run) => (run.tags ?? []).join(', ')),
  words('note', 'Note', (run) => run.note ?? ''),
];

/** Shown until a person chooses others. */
export const usualColumns: readonly string[] = ['status', 'best', 'baseline', 'device', 'seconds', 'created'];

/** What of the runs decides which columns there are; as text, as it is compared at each event of a run that trains. */
export interface ColumnSource {
  /** Ids of the runs. */
  readonly runs: string;
  readonly validation: string;
  readonly test: string;
}

export function columnSource(runs: readonly RunSummary[]): ColumnSource {
  const names = (split: 'validation' | 'test'): string => {
    const found = new Set<string>();
    for (const run of runs) for (const name in run[split]) found.add(name);
    return [...found].sort().join('\n');
  };
  return { runs: runs.map(({ id }) => id).join('\n'), validation: names('validation'), test: names('test') };
}

/** Everything that at least one of the runs has, fixed columns first. */
export const columnsOf = ({ runs, validation, test }: ColumnSource, settings: RunSettings): RunColumn[] => [
  ...fixed,
  ...metricColumns(parts(validation), 'validation'),
  ...metricColumns(parts(test), 'test'),
  ...settingColumns(parts(runs), settings),
];
const parts = (text: string): readonly string[] => text.split('\n').filter(Boolean);

function metricColumns(names: readonly string[], split: 'validation' | 'test'): RunColumn[] {
  return names.map((name) => {
    const value = (run: RunSummary): number | null => run[split]?.[name] ?? null;
    return {
      id: `${split}:${name}`,
      title: `${metricTitle(name)} (${split})`,
      group: 'Metrics',
      value,
      text: (run) => formatMetric(name, value(run)),
    };
  });
}

function settingColumns(runs: readonly string[], settings: RunSettings): RunColumn[] {
  const values = new Map<string, Map<string, string>>();
  const found = new Map<string, Setting>();
  for (const id of runs) {
    for (const setting of settings[id] ?? []) {
      const key = settingId(setting);
      if (!found.has(key)) found.set(key, setting);
      values.set(key, (values.get(key) ?? new Map()).set(id, setting.value));
    }
  }
  return [...found].map(([id, { group, setting }]) => ({
    id,
    title: setting,
    group,
    value(run) {
      const value = values.get(id)?.get(run.id);
      return value === undefined ? null : numberIn(value);
    },
    text: (run) => values.get(id)?.get(run.id) ?? '–',
  }));
}

export const settingId = ({ group, setting }: Setting): string => `setting:${group} ${setting}`;

/** A number where the whole text is one: 0.002 sorts before 0.01. */
function numberIn(text: string): number | string {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : text;
}

export interface RunOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** Sorted by a column; runs without a value, or with none that is a number, stand last either way. Equal ones keep their order. */
export function sortRuns(runs: readonly RunSummary[], columns: readonly RunColumn[], order: RunOrder | null): RunSummary[] {
  const column = columns.find(({ id }) => id === order?.column);
  if (!order || !column) return [...runs];
  const known = (value: number | string | null): boolean => value !== null && !Number.isNaN(value);
  const sign = order.descending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    if (!known(left) || !known(right)) return Number(known(right)) - Number(known(left));
    if (typeof left === 'number' && typeof right === 'number') return sign * (left < right ? -1 : Number(left > right));
    return sign * String(left).localeCompare(String(right), 'en', { numeric: true });
  });
}

export interface RunGroup {
  /** The value that its runs share. */
  readonly label: string;
  readonly runs: readonly RunSummary[];
}

/** Runs with one value of a column together, in the order of each group's first run. */
export function groupRuns(runs: readonly RunSummary[], column: RunColumn): RunGroup[] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const label = column.text(run);
    groups.set(label, [...(groups.get(label) ?? []), run]);
  }
  return [...groups].map(([label, members]) => ({ label, runs: members }));
}

/** Mean and standard deviation (with n − 1) of the best figures, where all runs are judged by one metric; `null` for fewer than two. */
export function spreadOf(
  runs: readonly RunSummary[],
): { readonly metric: string; readonly mean: number; readonly deviation: number } | null {
  const metric = runs[0]?.headline.metric;
  const values = runs.flatMap((run) => (run.best === null || !Number.isFinite(run.best.value) ? [] : run.best.value));
  if (metric === undefined || values.length < 2 || runs.some((run) => run.headline.metric !== metric)) return null;
  return { metric, ...meanAndDeviation(values) };
}

/** The table as a CSV file (RFC 4180): every figure with all its digits. What a spreadsheet would take for a formula is made text. */
export function runsToCsv(runs: readonly RunSummary[], columns: readonly RunColumn[]): string {
  const moment = (column: RunColumn, value: number | string | null): number | string | null =>
    column.id === 'created' && typeof value === 'number' ? new Date(value).toISOString() : value;
  const rows = [
    ['run', ...columns.map(({ title }) => title)],
    ...runs.map((run) => [run.name, ...columns.map((column) => moment(column, column.value(run)))]),
  ];
  return toCsv(rows);
}
