import type { SettingValue } from '../document/sweep-settings.ts';
import { settingTitle } from '../graph/sweep/varied-field.ts';
import { withValues } from '../graph/sweep/with-values.ts';
import { failureText, UserError } from '../protocol/envelope.ts';
import type { MetricEvent, RunSummary } from '../protocol/runs.ts';
import { type SweepState, trialRunId } from '../protocol/sweep.ts';
import type { RunStore } from '../runs/run-store.ts';
import type { EndEvent, JournalEvent } from './journal.ts';
import type { Proposer } from './points.ts';
import type { SweepFolder, SweepRecord } from './sweep-folder.ts';
import { isOver, judged, runPlace, settingsOf, sweepState } from './sweep-state.ts';
import type { TrialRunner, TrialTask } from './trial-runner.ts';

export interface SweepParts {
  readonly folder: SweepFolder;
  readonly record: SweepRecord;
  /** What has happened before. */
  readonly events: readonly JournalEvent[];
  readonly store: RunStore;
  readonly runner: TrialRunner;
  readonly proposer: Proposer;
  changed(state: SweepState): void;
}

interface Job {
  readonly trial: number;
  /** From 0. */
  readonly seed: number;
  readonly values: readonly SettingValue[];
}

/** What ends a sweep rather than a trial: the next one would meet it too. */
const endsAll: ReadonlySet<string> = new Set([
  'disk-full',
  'no-permission',
  'disk-error',
  'too-many-files',
  'data-changed',
  'sweep-busy',
  // Of a cluster: it cannot be reached, or refuses all of them.
  'ray-address',
  'ray-unreachable',
  'ray-not-found',
  'ray-method-refused',
  'ray-token-missing',
  'ray-token-wrong',
  'ray-too-old',
  'ray-error',
  'ray-storage',
  'ray-gpus',
]);

/**
 * Draws trials and has them trained until the budget is spent. Every draw and every end is in the journal before anything follows from it,
 * so that a sweep that is killed goes on as if it never had been: what ended is not done again, what was cut goes on from its checkpoint.
 */
export class Sweep {
  readonly #parts: SweepParts;
  readonly #events: JournalEvent[];
  readonly #active = new Map<string, TrialTask>();
  readonly #stopping = new AbortController();
  /** One line after another. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Steps at which each trial's first seed was validated. */
  readonly #reported = new Map<number, readonly number[]>();
  #failure: unknown = null;
  #running = false;
  #exhausted = false;
  message: string | null = null;

  constructor(parts: SweepParts) {
    this.#parts = parts;
    this.#events = [...parts.events];
    for (const event of parts.events)
      if (event.event === 'report') this.#reported.set(event.trial, [...(this.#reported.get(event.trial) ?? []), event.step]);
  }

  get state(): SweepState {
    const { record, folder } = this.#parts;
    const active = new Set(this.#active.keys());
    return sweepState(record, folder.path, this.#events, { running: this.#running, active, message: this.message });
  }

  /** Saves what trains and begins nothing more. */
  stop(): void {
    this.#stopping.abort('paused');
  }

  /** @throws UserError what the next trial would meet too: a full disk, data that has changed */
  async run(): Promise<SweepState> {
    this.#running = true;
    const going = new Map<string, Promise<void>>();
    try {
      for (;;) {
        while (going.size < this.#parts.runner.width && !this.#ending) {
          const job = await this.#next();
          if (job === null) break;
          const task = this.#taskOf(job);
          if (typeof task === 'string') {
            await this.#end(job, { status: 'failed', value: null, reason: task, seconds: 0 });
            continue;
          }
          if (going.size > 0 && !this.#parts.runner.admits(task, [...this.#active.values()])) break;
          this.#active.set(task.id, task);
          this.#tell();
          const done = this.#train(job, task)
            .catch((error: unknown) => this.#fail(error))
            .finally(() => {
              this.#active.delete(task.id);
              going.delete(task.id);
            });
          going.set(task.id, done);
        }
        if (going.size === 0) break;
        await Promise.race(going.values());
        this.#tell();
      }
      if (this.#failure !== null) throw this.#failure;
      if (!this.#ending) await this.#judge();
    } catch (error) {
      await Promise.all(going.values());
      await this.#append({ event: 'halt', message: reasonOf(error) }).catch(() => undefined);
      throw error;
    } finally {
      this.#running = false;
      this.#tell();
    }
    return this.state;
  }

  /** What trains is saved; no trial can go on from here. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    this.stop();
  }

  get #ending(): boolean {
    return this.#stopping.signal.aborted || this.#failure !== null;
  }

  /** What is begun and not ended comes before what is new. */
  async #next(): Promise<Job | null> {
    const { record, proposer } = this.#parts;
    const { seeds, method } = settingsOf(record);
    const { trials } = this.state;
    for (const trial of trials) {
      if (trial.status === 'failed' || trial.status === 'pruned') continue;
      for (const [seed, run] of trial.runs.entries()) {
        // Whether a trial is worth its other seeds, its first one tells.
        if (method === 'optuna' && seed > 0 && trial.runs[0]?.status !== 'done') break;
        if (run.status === 'waiting' && !this.#active.has(trialRunId(record.id, trial.number, seed)))
          return { trial: trial.number, seed, values: trial.values };
      }
    }
    const number = trials.length + 1;
    if (number > record.total || this.#exhausted || seeds === 0) return null;
    const values = await proposer.propose(number);
    if (values === null) {
      this.#exhausted = true;
      return null;
    }
    await this.#append({ event: 'trial', trial: number, values: [...values] });
    return { trial: number, seed: 0, values };
  }

  /** @returns why the values make no document, where they do not */
  #taskOf({ trial, seed, values }: Job): TrialTask | string {
    const { record, folder } = this.#parts;
    const { document } = record;
    const { vary, seeds } = settingsOf(record);
    const filled = withValues(document, vary, values);
    if (!filled.ok) return filled.message;
    const own = (document.training.seed + seed) % 2 ** 31;
    const words = vary.map((setting, i) => `${settingTitle(document, setting).split(' · ').at(-1)} ${valueWords(values[i])}`);
    const name = [`Trial ${trial}`, ...words, ...(seeds > 1 ? [`seed ${own}`] : [])].join(' · ').slice(0, 200);
    return {
      document: { ...filled.document, training: { ...filled.document.training, seed: own } },
      id: trialRunId(record.id, trial, seed),
      run: runPlace(record, folder.path, trial, seed),
      name,
      tags: [`sweep ${record.id.slice(-4)}`, `trial ${trial}`, `seed ${own}`],
    };
  }

  async #train(job: Job, task: TrialTask): Promise<void> {
    const { runner } = this.#parts;
    const prune = new AbortController();
    const cut = this.#lastReport(job)?.prune === true;
    const reports: Promise<void>[] = [];
    const validated = (event: MetricEvent): void => {
      const reported = this.#report(job, event).then((behind) => {
        if (behind) prune.abort('stopped');
      });
      reports.push(reported.catch((error: unknown) => this.#fail(error)));
    };
    // Pruned before it was cut off: nothing is left to train.
    if (cut) return this.#endPruned(job, task);
    let summary: RunSummary;
    try {
      summary = await runner.train(task, { validated, signal: AbortSignal.any([this.#stopping.signal, prune.signal]) });
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      if (!(error instanceof UserError) || endsAll.has(error.failure.code)) throw error;
      return this.#end(job, { status: 'failed', value: null, reason: failureText(error.failure), seconds: 0 });
    }
    await Promise.all(reports);
    if (prune.signal.aborted && summary.status !== 'done') return this.#endPruned(job, task);
    return this.#ended(job, task, summary);
  }

  async #ended(job: Job, task: TrialTask, summary: RunSummary): Promise<void> {
    const { seconds } = summary;
    if (summary.status === 'failed')
      return this.#end(job, { status: 'failed', value: null, reason: summary.message ?? 'The training failed.', seconds });
    if (summary.status === 'done') {
      const judged = await this.#judged(task, summary);
      return typeof judged === 'number'
        ? this.#end(job, { status: 'done', value: judged, reason: null, seconds })
        : this.#end(job, { status: 'failed', value: null, reason: judged, seconds });
    }
    if (this.#stopping.signal.aborted) return;
    throw new UserError({
      code: 'trial-halted',
      message: `“${summary.name}” was ${summary.status} by hand, and the sweep with it.`,
      hint: 'Go on with the sweep: it takes this run up again.',
    });
  }

  /** What is judged, of the weights that the run keeps; or why there is no such figure. */
  async #judged({ run }: TrialTask, { headline, best }: RunSummary): Promise<number | string> {
    const { metric } = this.#parts.record.objective;
    const values = (await this.#parts.store.folder(run).evaluation())?.values ?? {};
    const value = metric === headline.metric ? best?.value : values[metric];
    if (value === undefined)
      return `There is no metric “${metric}” of it: there are ${Object.keys(values).join(', ') || 'none'}.`;
    return Number.isFinite(value) ? value : `Its ${metric} is ${value}: no number to compare.`;
  }

  async #endPruned(job: Job, { run }: TrialTask): Promise<void> {
    const { summary } = await this.#parts.store.folder(run).read();
    const value = this.#lastReport(job)?.value ?? null;
    await this.#end(job, { status: 'pruned', value, reason: null, seconds: summary.seconds });
  }

  /** Only a trial's first seed is compared with other trials as it trains. A validation that a resumed run repeats is told once. */
  async #report({ trial, seed }: Job, { step, values }: MetricEvent): Promise<boolean> {
    const { record, proposer } = this.#parts;
    const value = values[record.objective.metric];
    if (seed > 0 || settingsOf(record).pruning === 'none' || value === undefined || !Number.isFinite(value)) return false;
    const steps = this.#reported.get(trial) ?? [];
    if (steps.includes(step)) return false;
    this.#reported.set(trial, [...steps, step]);
    const validation = steps.length + 1;
    const prune = await proposer.report(trial, validation, value);
    await this.#append({ event: 'report', trial, step, validation, value, prune });
    return prune;
  }

  #lastReport({ trial, seed }: Job): Extract<JournalEvent, { event: 'report' }> | undefined {
    if (seed > 0) return undefined;
    return this.#events.findLast((event) => event.event === 'report' && event.trial === trial) as
      | Extract<JournalEvent, { event: 'report' }>
      | undefined;
  }

  async #end({ trial, seed }: Job, end: Pick<EndEvent, 'status' | 'value' | 'reason' | 'seconds'>): Promise<void> {
    await this.#append({ event: 'end', trial, seed, ...end });
    this.#active.delete(trialRunId(this.#parts.record.id, trial, seed));
    const now = this.state.trials.find(({ number }) => number === trial);
    if (now !== undefined && isOver(now)) await this.#parts.proposer.ended(trial, now.status, now.value);
    this.#tell();
  }

  /** How much each setting decides, of all trials. */
  async #judge(): Promise<void> {
    if (judged(this.#events) !== null) return;
    const shares = await this.#parts.proposer.importance();
    if (shares !== null) await this.#append({ event: 'importance', importance: { method: 'fanova', shares: [...shares] } });
  }

  #append(event: JournalEvent): Promise<void> {
    const written = this.#writing.then(async () => {
      await this.#parts.folder.append(event);
      this.#events.push(event);
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }

  #tell(): void {
    this.#parts.changed(this.state);
  }
}

/** As it stands in a run's name. */
export const valueWords = (value: SettingValue | undefined): string =>
  value === null || value === undefined ? 'off' : value === true ? 'yes' : value === false ? 'no' : String(value).slice(0, 40);

/** What ended something, for a person. */
export const reasonOf = (error: unknown): string => (error instanceof UserError ? failureText(error.failure) : String(error));
