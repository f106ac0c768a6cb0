import { resolve } from 'node:path';
import type { UnrollDocument } from '../document/schema.ts';
import { type SweepSettings, sweepSettings } from '../document/sweep-settings.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { sweepFindings } from '../lint/sweep-findings.ts';
import { UserError } from '../protocol/envelope.ts';
import type { SweepState, SweepTrial } from '../protocol/sweep.ts';
import { valueWords } from '../sweep/sweep.ts';
import { isOver } from '../sweep/sweep-state.ts';
import { type ClusterOptions, clusterOf, tellSent } from './cluster.ts';
import { count, tellFindings } from './findings.ts';
import { Interrupted, onInterruption } from './interruption.ts';
import { type LocalEngine, startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';
import { duration, figure, ProgressBar } from './progress-bar.ts';
import { openSource } from './train.ts';

export interface SweepOptions extends ClusterOptions {
  readonly trials?: number;
  readonly method?: SweepSettings['method'];
  readonly parallel?: number;
  readonly seeds?: number;
  readonly device?: TrainingSettings['device'];
  readonly epochs?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly fresh?: boolean;
}

/** Tries the settings that a document varies; the same command again goes on where it was cut off. */
export async function sweepCommand(output: Output, source: string, options: SweepOptions): Promise<void> {
  const document = asked(await openSource(output, source), options);
  const findings = sweepFindings(document);
  tellFindings(output, document, findings);
  if (findings.length > 0) {
    throw new UserError({
      code: 'sweep-has-problems',
      message: `The sweep of ${source} has ${count(findings.length, 'problem')}.`,
      hint: 'Correct what is listed above.',
    });
  }
  const on = clusterOf(options) ?? undefined;
  if (on !== undefined) await tellSent(output, document.data);
  const engine = startLocalEngine();
  const folder = options.out === undefined ? undefined : resolve(options.out);
  const before = await unfinished(engine, document, folder, options);
  const { trials, parallel } = options;
  const change = { ...(trials === undefined ? {} : { trials }), ...(parallel === undefined ? {} : { parallel }), on };
  const begin = (): Promise<SweepState> =>
    before === null ? engine.sweeps.start({ document, folder, on }) : engine.sweeps.resume(before.folder, change);
  await follow(engine, output, before, begin);
}

/** The document with what the command line says of its sweep. */
function asked(document: UnrollDocument, { trials, method, parallel, seeds, device, epochs }: SweepOptions): UnrollDocument {
  const training = { ...document.training, ...(device ? { device } : {}), ...(epochs ? { epochs } : {}) };
  const sweep = {
    ...(document.sweep ?? sweepSettings.parse({})),
    ...(trials === undefined ? {} : { trials }),
    ...(method === undefined ? {} : { method }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(seeds === undefined ? {} : { seeds }),
  };
  return { ...document, training, sweep };
}

/** The sweep that is gone on with; `null` where a new one begins. */
async function unfinished(
  engine: LocalEngine,
  document: UnrollDocument,
  folder: string | undefined,
  { resume = false, fresh = false, trials }: SweepOptions,
): Promise<SweepState | null> {
  if (folder !== undefined) {
    const found = await engine.sweeps.inFolder(folder);
    if (found !== null && !found.same(document)) {
      throw new UserError({
        code: 'other-sweep',
        message: `${folder} holds a sweep of another document, or of this one before it was changed.`,
        hint: 'Choose another folder.',
      });
    }
    if (found === null && resume) throw nothingToResume;
    return found?.state ?? null;
  }
  if (fresh) return null;
  const found = await engine.sweeps.ofDocument(document);
  const more = trials !== undefined && found !== null && trials > found.total;
  if (found !== null && (resume || more || found.status !== 'done')) return found;
  if (resume) throw nothingToResume;
  return null;
}

const nothingToResume = new UserError({
  code: 'nothing-to-resume',
  message: 'There is no sweep of this document, as it is now, to go on with.',
  hint: 'Start one without --resume.',
});

async function follow(
  engine: LocalEngine,
  output: Output,
  before: SweepState | null,
  begin: () => Promise<SweepState>,
): Promise<void> {
  const bar = new ProgressBar(!output.json);
  const told = new Set(before?.trials.filter(isOver).map(({ number }) => number));
  let message: string | null = null;
  let last: SweepState | null = before;
  const changed = (state: SweepState): void => {
    last = state;
    if (state.message !== null && state.message !== message) {
      bar.clear();
      output.tell({ event: 'note', message: state.message });
      output.say(`note: ${state.message}`);
    }
    message = state.message;
    for (const trial of state.trials.filter((one) => isOver(one) && !told.has(one.number))) {
      told.add(trial.number);
      bar.clear();
      tellTrial(output, state, trial);
    }
    draw();
  };
  const progress = new Map<string, number>();
  const draw = (): void => {
    if (last === null) return;
    const { trials, total, best, objective } = last;
    const over = trials.filter(isOver).length;
    const under = [...progress.values()].reduce((sum, part) => sum + part, 0) / Math.max(1, last.sweep.seeds);
    const winner = trials.find(({ number }) => number === best);
    const words = winner ? ` · best ${objective.metric} ${figure(winner.value ?? Number.NaN)} (trial ${winner.number})` : '';
    bar.draw(Math.min(1, (over + under) / total), `trial ${Math.min(total, over + 1)}/${total}${words}`);
  };
  const stops = [
    engine.on('sweep.changed', changed),
    engine.on('data.progress', ({ step, fraction }) => bar.draw(fraction, step)),
    engine.on('run.progress', ({ summary }) => {
      if (summary.status === 'running') progress.set(summary.id, summary.step / Math.max(1, summary.totalSteps));
      else progress.delete(summary.id);
      draw();
    }),
  ];
  let id: string | null = null;
  const interruption = onInterruption(() => {
    bar.clear();
    output.say('Stopping at checkpoints …');
    if (id === null) engine.sweeps.cancel();
    else void engine.sweeps.stop(id).catch(() => undefined);
  });
  try {
    const begun = await begin();
    id = begun.id;
    bar.clear();
    output.tell({
      event: 'sweep',
      sweep: begun.folder,
      resumed: before !== null,
      method: begun.sweep.method,
      trials: begun.total,
      on: begun.on,
      done: told.size,
      objective: begun.objective,
      settings: begun.settings.map(({ title }) => title),
    });
    if (before !== null) output.say(`Going on with ${begun.folder}: ${told.size} of ${begun.total} trials are done.`);
    else
      output.say(
        `${count(begun.total, 'trial')} · ${begun.sweep.method} · ${begun.objective.direction} ${begun.objective.metric}${begun.on === null ? '' : ` · on ${begun.on}`}`,
      );
    report(output, (await engine.sweeps.ended()) ?? (await engine.sweeps.get(begun.folder)), interruption.exitCode);
  } finally {
    bar.clear();
    interruption.stop();
    for (const stop of stops) stop();
  }
}

function tellTrial(output: Output, { settings, objective }: SweepState, trial: SweepTrial): void {
  const { number, status, value, spread, reason, runs } = trial;
  const values = Object.fromEntries(settings.map(({ title }, i) => [title, trial.values[i]]));
  output.tell({ event: 'trial', trial: number, status, values, value, spread, reason, runs });
  const result =
    status === 'failed'
      ? 'failed'
      : `${objective.metric} ${value === null ? '–' : figure(value)}${spread === null ? '' : ` ± ${figure(spread)}`}${status === 'pruned' ? ' (ended early)' : ''}`;
  const words = settings.map(({ title }, i) => `${title} ${valueWords(trial.values[i])}`);
  output.say(`trial ${String(number).padStart(3)}  ${result}  ${words.join('  ')}${reason === null ? '' : `\n  ${reason}`}`);
}

/** The last words. @throws UserError where nothing came out of it, or it was stopped */
function report(output: Output, state: SweepState, exitCode: number | null): void {
  const { folder, best, trials, objective, settings, importance, status, total } = state;
  if (status !== 'done') {
    const failure = {
      code: 'sweep-unfinished',
      message: state.message ?? `The sweep was stopped with ${trials.filter(isOver).length} of ${total} trials done.`,
      hint: `Go on with the same command. Everything is kept in ${folder}`,
    };
    throw exitCode === null ? new UserError(failure) : new Interrupted(failure, exitCode);
  }
  const winner = trials.find(({ number }) => number === best);
  if (winner === undefined) {
    const reason = trials.find((trial) => trial.reason !== null)?.reason;
    throw new UserError({
      code: 'no-trial-completed',
      message: `No trial came to its end with a figure${reason == null ? '' : `; the first says: ${reason}`}.`,
      hint: `Every trial with its reason stands in ${folder}.`,
    });
  }
  const values = Object.fromEntries(settings.map(({ title }, i) => [title, winner.values[i]]));
  const seconds = trials.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.seconds, 0);
  output.tell({
    event: 'done',
    sweep: folder,
    metric: objective.metric,
    best: { trial: winner.number, value: winner.value, spread: winner.spread, values, runs: winner.runs.map(({ run }) => run) },
    trials: total,
    failed: trials.filter((trial) => trial.status === 'failed').length,
    pruned: trials.filter((trial) => trial.status === 'pruned').length,
    importance: importance && {
      method: importance.method,
      ...Object.fromEntries(settings.map(({ title }, i) => [title, importance.shares[i] ?? null])),
    },
    seconds,
  });
  const spread = winner.spread === null ? '' : ` ± ${figure(winner.spread)}`;
  output.say(
    `Best: trial ${winner.number}, ${objective.metric} ${figure(winner.value ?? Number.NaN)}${spread}, trained in ${duration(seconds)} in all.`,
  );
  for (const [title, value] of Object.entries(values)) output.say(`  ${title}  ${valueWords(value)}`);
  if (importance !== null) {
    output.say(
      importance.method === 'fanova' ? 'Importance (fANOVA):' : 'Importance (share of variance that a setting explains alone):',
    );
    for (const [i, { title }] of settings.entries()) {
      const share = importance.shares[i] ?? null;
      output.say(`  ${title}  ${share === null ? 'too few trials tell' : `${Math.round(100 * share)} %`}`);
    }
  }
  output.say(`Run: ${winner.runs[0]?.run ?? ''}`);
  output.say(`Sweep: ${folder}`);
}
