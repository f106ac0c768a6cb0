import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { prepareData } from '../data/prepare.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { errorCode } from '../files/error-code.ts';
import { beginLocked } from '../files/lock.ts';
import { parentPort } from '../links/parent-port.ts';
import type { RunManager } from '../manage/run-manager.ts';
import type { EventData, EventName } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RayTarget } from '../protocol/ray.ts';
import type { SweepState } from '../protocol/sweep.ts';
import { newRunId } from '../runs/run-store.ts';
import type { Prepare } from '../training/run-setup.ts';
import { ManagedRunner } from './managed-runner.ts';
import { findOptuna, prepareOptuna } from './optuna/environment.ts';
import { fanova, type OptunaOptions, optunaProposer } from './optuna/optuna-proposer.ts';
import { countTrials, knownPoints, type Proposer } from './points.ts';
import { type Preflight, preflight, trainingBytes } from './preflight.ts';
import { ProcessRunner } from './process-runner.ts';
import { startByShell } from './start-trial-process.ts';
import { reasonOf, Sweep } from './sweep.ts';
import { SweepFolder, type SweepRecord } from './sweep-folder.ts';
import { settingsOf, sweepState } from './sweep-state.ts';
import { beginWhenFree, type TrialRunner, Validations } from './trial-runner.ts';

export interface SweepEvents {
  emit<E extends EventName>(event: E, data: EventData<E>): void;
}

export interface StartSweep {
  readonly document: UnrollDocument;
  /** Absolute path of the sweep's folder, in which its runs are kept too; one among the sweeps otherwise, and the runs with the others. */
  readonly folder?: string | undefined;
  /** The cluster that its trials train on; absent: this machine. */
  readonly on?: RayTarget | undefined;
}

interface Going {
  readonly sweep: Sweep;
  readonly ended: Promise<SweepState>;
}

const idPattern = /^[A-Za-z0-9_-]{1,80}$/;

/** Starts, resumes and stops sweeps, one at a time, and tells of all that are kept. */
export class SweepManager {
  readonly #root: string;
  readonly #runs: RunManager;
  readonly #events: SweepEvents;
  readonly #prepare: Prepare;
  readonly #local: ManagedRunner;
  readonly #validations = new Validations();
  /** Who trains trials on a cluster. */
  onCluster: ((sweep: string, target: RayTarget, width: number, validations: Validations) => TrialRunner) | null = null;
  #going: Going | null = null;
  /** Of the one that is being made ready. */
  #starting: AbortController | null = null;

  /** @param root the folder of sweeps that have no other */
  constructor(root: string, runs: RunManager, events: SweepEvents, prepare?: Prepare) {
    this.#root = root;
    this.#runs = runs;
    this.#events = events;
    this.#local = new ManagedRunner(runs, this.#validations, {
      width: 1,
      begin: (task, signal) => beginWhenFree(runs, task, signal),
    });
    this.#prepare =
      prepare ??
      ((binding, signal, terms) =>
        prepareData(binding, { signal, terms, onProgress: (progress) => events.emit('data.progress', progress) }));
  }

  /** What the manager of runs tells. */
  heard<E extends EventName>(event: E, data: EventData<E>): void {
    this.#validations.heard(event, data);
  }

  /** @throws UserError `sweep-running`, `in-the-way`, and as `preflight` */
  start({ document, folder: path, on }: StartSweep): Promise<SweepState> {
    return this.#turn(async (signal) => {
      const checked = await preflight(document, this.#prepare, signal);
      const created = new Date();
      const id = newRunId(document.name, created);
      const record: SweepRecord = {
        format: 'unroll-sweep',
        version: 1,
        id,
        created: created.getTime(),
        document,
        total: countTrials(document),
        objective: checked.objective,
        on,
        runs: path === undefined ? this.#runs.store.root : null,
      };
      const folder = new SweepFolder(path ?? join(this.#root, id));
      return beginLocked(folder, (release) => this.#begin(folder, record, checked, release, signal, () => folder.create(record)));
    });
  }

  /**
   * Goes on with what is left of a sweep; one that is done has nothing left.
   *
   * @param change another budget, so many side by side, another cluster; absent: as it was
   * @throws UserError `sweep-not-found`, `sweep-busy`, and as `preflight`
   */
  resume(
    sweep: string,
    { on, ...change }: { readonly trials?: number; readonly parallel?: number; readonly on?: RayTarget | undefined } = {},
  ): Promise<SweepState> {
    return this.#turn(async (signal) => {
      const folder = this.#folder(sweep);
      const saved = await this.#record(folder);
      return beginLocked(folder, async (release) => {
        const document = { ...saved.document, sweep: { ...settingsOf(saved), ...change } };
        const record = { ...saved, document, total: countTrials(document), on: on ?? saved.on };
        const checked = await preflight(document, this.#prepare, signal);
        return this.#begin(folder, record, checked, release, signal, async () => {
          await folder.write(record);
          await folder.mend();
        });
      });
    });
  }

  /** Ends a start whose data, or Optuna, is still being prepared: it fails with `cancelled`. Nothing where there is none. */
  cancel(): void {
    this.#starting?.abort();
  }

  /** Resolves when what trains is saved; one that does not run stays as it is. */
  async stop(sweep: string): Promise<SweepState> {
    const going = this.#going;
    if (going === null || !isSame(going.sweep.state, sweep)) return this.get(sweep);
    going.sweep.stop();
    return going.ended;
  }

  /** Resolves with the sweep at its end. @throws UserError what ended it */
  async ended(): Promise<SweepState | null> {
    return this.#going?.ended ?? null;
  }

  /** Saves what trains, so that it can go on. */
  async putAway(): Promise<void> {
    this.cancel();
    this.#going?.sweep.stop();
    await this.#going?.ended.catch(() => undefined);
  }

  /** Whether one goes on, or is being made ready. */
  get isRunning(): boolean {
    return this.#going !== null || this.#starting !== null;
  }

  async get(sweep: string): Promise<SweepState> {
    const live = this.#going?.sweep.state;
    if (live !== undefined && isSame(live, sweep)) return live;
    const folder = this.#folder(sweep);
    return this.#read(folder, await this.#record(folder));
  }

  /** Newest first; what cannot be read as a sweep is left out. */
  async list(): Promise<SweepState[]> {
    const names = await readdir(this.#root).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    });
    const found = await Promise.all(names.filter((name) => idPattern.test(name)).map((name) => this.get(name).catch(() => null)));
    return found.filter((state) => state !== null).sort((a, b) => b.created - a.created);
  }

  /** The newest sweep of this very document, its budget and how many train side by side aside; `null` where there is none. */
  async ofDocument(document: UnrollDocument): Promise<SweepState | null> {
    for (const state of await this.list()) {
      const record = await new SweepFolder(state.folder).read();
      if (record !== null && sameSweep(record.document, document)) return state;
    }
    return null;
  }

  /** The sweep that a folder holds; `null` where it holds none. */
  async inFolder(
    path: string,
  ): Promise<{ readonly state: SweepState; readonly same: (document: UnrollDocument) => boolean } | null> {
    const folder = new SweepFolder(path);
    const record = await folder.read();
    return record && { state: await this.#read(folder, record), same: (document) => sameSweep(record.document, document) };
  }

  async #read(folder: SweepFolder, record: SweepRecord): Promise<SweepState> {
    const running = await folder.isLocked();
    return sweepState(record, folder.path, await folder.events(), { running, active: new Set(), message: null });
  }

  async #record(folder: SweepFolder): Promise<SweepRecord> {
    const record = await folder.read();
    if (record !== null) return record;
    throw new UserError({
      code: 'sweep-not-found',
      message: `There is no sweep in ${folder.path}.`,
      hint: 'Name a sweep by its id or by the full path of its folder.',
    });
  }

  #folder(sweep: string): SweepFolder {
    if (isAbsolute(sweep)) return new SweepFolder(sweep);
    if (idPattern.test(sweep)) return new SweepFolder(join(this.#root, sweep));
    throw new UserError({
      code: 'sweep-not-found',
      message: `There is no sweep “${sweep.slice(0, 100)}”.`,
      hint: 'Name a sweep by its id or by the full path of its folder.',
    });
  }

  async #turn(begin: (signal: AbortSignal) => Promise<SweepState>): Promise<SweepState> {
    if (this.#going !== null || this.#starting !== null) throw oneAtATime(this.#going?.sweep.state.name);
    const starting = new AbortController();
    this.#starting = starting;
    try {
      return await begin(starting.signal);
    } catch (error) {
      throw starting.signal.aborted ? cancelled(error) : error;
    } finally {
      this.#starting = null;
    }
  }

  /** The folder is locked. */
  async #begin(
    folder: SweepFolder,
    record: SweepRecord,
    checked: Preflight,
    release: () => Promise<void>,
    signal: AbortSignal,
    write: () => Promise<void>,
  ): Promise<SweepState> {
    // What may fail comes before anything is written.
    const proposer = await this.#proposer(record, folder, signal);
    signal.throwIfAborted();
    await write();
    const events = await folder.events();
    const { runner, message } = this.#runner(record, checked);
    const changed = (state: SweepState): void => this.#events.emit('sweep.changed', state);
    const sweep = new Sweep({ folder, record, events, store: this.#runs.store, runner, proposer, changed });
    sweep.message = message;
    const tidied = sweep.run().then(async (state) => {
      if (state.status !== 'done') return state;
      await runner.over?.().catch((error: unknown) => {
        sweep.message = `What was kept for the trials could not be removed: ${reasonOf(error)}`;
        changed(sweep.state);
      });
      return sweep.state;
    });
    const ended = tidied.finally(async () => {
      await proposer.close();
      await release();
      // Whoever finds nothing going on finds it on the disk, as it is.
      this.#going = null;
      changed(await this.get(folder.path).catch(() => sweep.state));
    });
    ended.catch(() => undefined);
    this.#going = { sweep, ended };
    return sweep.state;
  }

  async #proposer(record: SweepRecord, folder: SweepFolder, signal: AbortSignal): Promise<Proposer> {
    const { document, objective } = record;
    const known = async (): Promise<Pick<OptunaOptions, 'trials' | 'events'>> => {
      const events = await folder.events();
      const { trials } = sweepState(record, folder.path, events, { running: true, active: new Set(), message: null });
      return { trials, events };
    };
    const own = knownPoints(document);
    const isOptuna = settingsOf(record).method === 'optuna';
    const step = (name: string): void => this.#events.emit('data.progress', { step: name, fraction: null, rows: 0 });
    const python = isOptuna ? await prepareOptuna(step, signal) : await findOptuna();
    if (python === null) return own;
    if (isOptuna) return optunaProposer({ python, document, objective, ...(await known()) });
    return { ...own, importance: async () => fanova({ python, document, objective, ...(await known()) }) };
  }

  /** On its cluster; side by side in processes of their own, where there are such; otherwise here. */
  #runner(record: SweepRecord, { data }: Preflight): { readonly runner: TrialRunner; readonly message: string | null } {
    const { parallel } = settingsOf(record);
    if (record.on !== undefined) {
      if (this.onCluster === null) throw new Error('no cluster can be reached from here');
      return { runner: this.onCluster(record.id, record.on, parallel, this.#validations), message: null };
    }
    if (parallel === 1) return { runner: this.#local, message: null };
    if (record.document.training.device === 'webgpu')
      return { runner: this.#local, message: 'One after another: a window has one WebGPU, which they would share.' };
    const runner = new ProcessRunner({
      parallel,
      ...(parentPort === null ? {} : { start: startByShell(parentPort) }),
      root: this.#runs.store.root,
      need: (document) => trainingBytes(document, data),
      emit: (event, told) => this.#events.emit(event, told),
    });
    const fewer = runner.width < parallel ? `${runner.width} side by side: this machine has no more cores.` : null;
    return { runner, message: fewer };
  }
}

const isSame = (state: SweepState, sweep: string): boolean => state.id === sweep || state.folder === sweep;

/** Whether one is the other's sweep, whatever their budgets. */
function sameSweep(one: UnrollDocument, other: UnrollDocument): boolean {
  const key = ({ sweep, ...document }: UnrollDocument): string =>
    JSON.stringify([document, sweep && { ...sweep, trials: 0, parallel: 0 }]);
  return key(one) === key(other);
}

const cancelled = (cause: unknown): UserError =>
  new UserError(
    { code: 'cancelled', message: 'The sweep was cancelled before its first trial.', hint: 'Nothing was trained.' },
    { cause },
  );

const oneAtATime = (name: string | undefined): UserError =>
  new UserError({
    code: 'sweep-running',
    message: name === undefined ? 'Another sweep is being made ready.' : `The sweep of “${name}” goes on now.`,
    hint: 'Stop it first: one sweep goes on at a time.',
  });
