import { join } from 'node:path';
import type { SweepSettings } from '../document/sweep-settings.ts';
import { settingTitle } from '../graph/sweep/varied-field.ts';
import { type SweepImportance, type SweepState, type SweepTrial, trialRunId } from '../protocol/sweep.ts';
import { deviation, explainedVariance, mean, type Scored } from './importance.ts';
import type { EndEvent, JournalEvent } from './journal.ts';
import type { SweepRecord } from './sweep-folder.ts';

/** The sweep section of a record's document. */
export function settingsOf({ document }: SweepRecord): SweepSettings {
  if (document.sweep === undefined) throw new Error('a sweep was begun for a document that describes none');
  return document.sweep;
}

/** Where that run lies, for the run store: an id, or the path of a folder. */
export function runPlace(record: SweepRecord, folder: string, trial: number, seed: number): string {
  const id = trialRunId(record.id, trial, seed);
  return record.runs === null ? join(folder, 'runs', id) : id;
}

/** What goes on now, which no journal tells. */
export interface Going {
  /** Whether this process, or another, goes on with it. */
  readonly running: boolean;
  /** Ids of runs that train. */
  readonly active: ReadonlySet<string>;
  readonly message: string | null;
}

type Over = SweepTrial & { readonly status: 'complete' | 'pruned' | 'failed' };
/** Whether nothing of the trial trains any more. */
export const isOver = (trial: SweepTrial): trial is Over => ['complete', 'pruned', 'failed'].includes(trial.status);

/** Everything that is told of a sweep, out of what has happened. */
export function sweepState(record: SweepRecord, folder: string, events: readonly JournalEvent[], going: Going): SweepState {
  const { document, objective, id, created } = record;
  const sweep = settingsOf(record);
  const ends = new Map<number, EndEvent[]>();
  for (const event of events) {
    if (event.event !== 'end') continue;
    const before = ends.get(event.trial);
    if (before) before.push(event);
    else ends.set(event.trial, [event]);
  }
  const trials = events.flatMap((event) =>
    event.event === 'trial' ? [trialOf(record, folder, event, ends.get(event.trial) ?? [], going)] : [],
  );
  const scored = scoredTrials(trials);
  const { total } = record;
  const ended = trials.filter(isOver);
  const status = going.running ? 'running' : ended.length >= total ? 'done' : 'unfinished';
  const halt = events.findLast(({ event }) => event === 'halt' || event === 'end');
  return {
    id,
    name: document.name,
    folder,
    created,
    status,
    sweep,
    settings: sweep.vary.map((setting) => ({ title: settingTitle(document, setting), range: setting.range })),
    objective,
    total,
    on: record.on === undefined ? null : `ray:${record.on.address}`,
    trials,
    best: bestOf(trials, objective.direction),
    importance:
      judged(events) ??
      (scored.length === 0 ? null : { method: 'variance', shares: explainedVariance(scored, sweep.vary.length) }),
    message: going.message ?? (status === 'unfinished' && halt?.event === 'halt' ? halt.message : null),
  };
}

/** The importance that was found of all trials that have ended; `null` where one has ended since. */
export function judged(events: readonly JournalEvent[]): SweepImportance | null {
  const last = events.findLast(({ event }) => event === 'importance' || event === 'end');
  return last?.event === 'importance' ? last.importance : null;
}

/** The trials that can be compared: all of their seeds are done. */
export const scoredTrials = (trials: readonly SweepTrial[]): Scored[] =>
  trials.flatMap(({ status, values, value }) => (status === 'complete' && value !== null ? [{ values, value }] : []));

/** The first of equals. */
function bestOf(trials: readonly SweepTrial[], direction: 'minimize' | 'maximize'): number | null {
  let best: { readonly number: number; readonly value: number } | null = null;
  for (const { status, number, value } of trials) {
    if (status !== 'complete' || value === null) continue;
    const better = best === null || (direction === 'maximize' ? value > best.value : value < best.value);
    if (better) best = { number, value };
  }
  return best?.number ?? null;
}

function trialOf(
  record: SweepRecord,
  folder: string,
  { trial: number, values }: Extract<JournalEvent, { event: 'trial' }>,
  ends: readonly EndEvent[],
  { active }: Going,
): SweepTrial {
  const { seeds } = settingsOf(record);
  const runs = Array.from({ length: seeds }, (_, seed): SweepTrial['runs'][number] => {
    const end = ends.find((one) => one.seed === seed);
    const run = runPlace(record, folder, number, seed);
    const known = { run, seed: (record.document.training.seed + seed) % 2 ** 31 };
    if (end) return { ...known, status: end.status, value: end.value, reason: end.reason, seconds: end.seconds };
    const status = active.has(trialRunId(record.id, number, seed)) ? 'running' : 'waiting';
    return { ...known, status, value: null, reason: null, seconds: 0 };
  });
  const status = statusOf(runs);
  const done = runs.flatMap((run) => (run.status === 'done' && run.value !== null ? [run.value] : []));
  return {
    number,
    values,
    status,
    runs,
    value: status === 'complete' ? mean(done) : status === 'pruned' ? (runs[0]?.value ?? null) : null,
    spread: status === 'complete' ? deviation(done) : null,
    reason: runs.find((run) => run.status === 'failed')?.reason ?? null,
  };
}

function statusOf(runs: SweepTrial['runs']): SweepTrial['status'] {
  const has = (status: SweepTrial['runs'][number]['status']): boolean => runs.some((run) => run.status === status);
  if (has('running')) return 'running';
  if (has('failed')) return 'failed';
  if (has('pruned')) return 'pruned';
  return has('waiting') ? 'waiting' : 'complete';
}
