import { compilePlan } from '../compile/compile-plan.ts';
import { drawParameters } from '../compile/initialize.ts';
import { chooseLoss } from '../compile/loss-kind.ts';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding, PreparedData } from '../data/dataset.ts';
import { alreadyPrepared, prepareData } from '../data/prepare.ts';
import { reencoded } from '../data/reencode.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { givingWay } from '../event-loop.ts';
import { beginLocked } from '../files/lock.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { listSettings } from '../graph/settings-list.ts';
import { loadTrainedRun } from '../predict/trained-run.ts';
import type { EventData, MethodResult } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { InspectedInput } from '../protocol/inspect.ts';
import type { MetricsPiece, MetricsPlace } from '../protocol/metric-columns.ts';
import type { RunSummary, RunWords } from '../protocol/runs.ts';
import { restoreRun } from '../runs/restore-run.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { nameRun } from '../runs/run-name.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { RunStore } from '../runs/run-store.ts';
import { savedState, whyNotResumable } from '../runs/saved-state.ts';
import type { Problem } from '../shapes/problem.ts';
import { machineMemory, memoryProblem, refuseWhatDoesNotFit } from '../training/machine-memory.ts';
import { chooseDevice, compileOnData, type Prepare } from '../training/run-setup.ts';
import type { SessionOptions, TrainingSession } from '../training/session.tf.ts';
import { type SessionFacts, sessionFacts } from '../training/session-facts.ts';
import { inTermsOf, startingCheckpoint, weightsFor } from '../training/start-from.ts';
import { startFromVectors } from '../training/start-from-vectors.ts';
import { ActiveRun } from './active-run.ts';
import type { Elsewhere, RunElsewhere } from './elsewhere.ts';
import type { RunEvents } from './folder-sink.ts';
import { newRecord, versions } from './new-record.ts';
import { type RunFilm, withFilm } from './run-film.ts';
import { busy, TrainingTurn } from './training-turn.ts';

export interface ManagerEvents extends RunEvents {
  emit<E extends Parameters<RunEvents['emit']>[0] | 'data.progress'>(event: E, data: EventData<E>): void;
}

export interface StartOptions {
  readonly document: UnrollDocument;
  readonly name?: string | undefined;
  /** Instead of the document's setting. */
  readonly device?: TrainingSettings['device'] | undefined;
  /** Instead of the document's settings; saved with the run. */
  readonly overrides?: Partial<TrainingSettings> | undefined;
  /** Absolute path; a new folder in the run store otherwise. */
  readonly folder?: string | undefined;
  /** Of the new run, where it was decided before; it is then the name of its folder, too, where no other is given. */
  readonly id?: string | undefined;
  readonly tags?: RunWords['tags'];
  /** A run whose weights this one starts from, whose vocabulary, classes and normalization it keeps. */
  readonly from?: string | undefined;
  /** What is being looked at: the run keeps a film of it. */
  readonly film?: InspectedInput | undefined;
  /** Looks at the document with its settings and what its data tells, before anything is written; throws to keep it from training. */
  readonly review?: ((document: UnrollDocument, data: PreparedData) => void) | undefined;
}

/** A run that could begin. */
export interface ReadyRun {
  /** With the settings that it trains with. */
  readonly document: UnrollDocument;
  readonly data: PreparedData;
  readonly plan: Plan;
  readonly facts: SessionFacts;
  /** Drawn by the seed. */
  readonly initial: Map<string, NamedTensor>;
  /** Other weights to begin with: of another run, or of word vectors. */
  readonly given: ReadonlyMap<string, NamedTensor> | null;
  readonly notes: readonly string[] | undefined;
}

/** A run's model while it trains, for predictions on the live weights. */
export interface LiveRun {
  readonly session: TrainingSession;
  readonly encoding: DataEncoding;
}

type WindowWeights = NonNullable<Awaited<ReturnType<ActiveRun['windowWeights']>>>;

/** Starts, pauses, resumes and stops runs, and tells of all that are kept. */
export class RunManager {
  readonly store: RunStore;
  readonly #prepare: Prepare;
  readonly #events: ManagerEvents;
  readonly #memory: typeof machineMemory;
  readonly #turn = new TrainingTurn();
  #changes: Promise<unknown> = Promise.resolve();
  #elsewhere: Elsewhere | null = null;
  /** Of runs that were looked at: why they cannot be resumed. */
  readonly #broken = new Map<string, string>();

  /**
   * @param prepare how data is read; tests give their own
   * @param memory what a device has; tests give their own
   */
  constructor(store: RunStore, events: ManagerEvents, prepare?: Prepare, memory = machineMemory) {
    this.store = store;
    this.#memory = memory;
    this.#events = events;
    this.#prepare =
      prepare ??
      ((binding, signal, terms) =>
        prepareData(binding, { signal, terms, onProgress: (progress) => events.emit('data.progress', progress) }));
  }

  /** Who trains runs on other machines. */
  set elsewhere(elsewhere: Elsewhere) {
    this.#elsewhere = elsewhere;
  }

  /** A run's data, read again, as its model knows them. @throws UserError `data-changed`, or what is wrong with the files */
  async dataOf(encoding: DataEncoding): Promise<PreparedData> {
    const prepared = await this.#prepare(encoding.binding, undefined, encoding);
    if (prepared.encoding.fingerprint !== encoding.fingerprint) throw dataChanged;
    return reencoded(prepared, encoding);
  }

  /**
   * Prepares the data, compiles the graph, takes the device and trains in the background. A start that is cancelled while it
   * does so leaves nothing behind.
   *
   * @throws UserError with what stands in the way: `busy`, `cancelled`, `graph-has-problems`, the data's, the device's, the disk's
   */
  async startRun(options: StartOptions): Promise<RunSummary> {
    const run = await this.#turn.take(async ({ signal }) => {
      const ready = await this.ready(options, signal, 'here');
      const { document, data, plan, facts, initial, given } = ready;
      const { training } = document;
      const device = await chooseDevice(training.device, null);
      refuseWhatDoesNotFit(plan, data, training, this.#memory(device.backend));
      signal.throwIfAborted();
      const { id, tags } = options;
      const created = newRecord({ ...ready, device, name: await this.nameFor(options, document), id, tags });
      const folder = this.store.folder(options.folder ?? created.summary.id);
      return beginLocked(folder, async (release) => {
        await folder.create(created, data.encoding);
        const record = await withFilm(folder, created, options.film, given ?? initial);
        if (given === null) return this.#begin(folder, record, { plan, data, settings: training, initial }, release);
        const checkpoint = startingCheckpoint(plan, training, facts, given);
        await folder.saveCheckpoint(checkpoint);
        const resume = { checkpoint, best: null };
        return this.#begin(folder, record, { plan, data, settings: training, resume }, release);
      });
    });
    return run.summary;
  }

  /**
   * What any training begins with, wherever it runs: the data is read, the graph compiled, the settings are looked at.
   *
   * @param where it trains: elsewhere only what lies here beside the training must fit, as beside a GPU
   * @throws UserError with what stands in the way
   */
  async ready(options: StartOptions, signal: AbortSignal, where: 'here' | 'elsewhere'): Promise<ReadyRun> {
    const training = {
      ...options.document.training,
      ...options.overrides,
      ...(options.device ? { device: options.device } : {}),
    };
    if (options.folder !== undefined) await this.store.folder(options.folder).requireRoom();
    const base = options.from === undefined ? null : await loadTrainedRun(this.folder(options.from));
    const wanted = { ...options.document, training };
    const document = base === null ? wanted : inTermsOf(wanted, base.encoding);
    const { data, plan } = await compileOnData(document, this.#prepare, signal, base);
    const taken = base === null ? null : weightsFor(plan, base);
    options.review?.(document, data);
    chooseLoss(plan, training.loss);
    // Before its weights are drawn.
    refuseWhatDoesNotFit(plan, data, training, this.#memory(where === 'here' ? training.device : 'webgpu'));
    const facts = sessionFacts(data, training);
    const initial = await drawn(plan, training.seed, signal);
    const vectors = base === null ? await startFromVectors(plan, data.encoding, initial, signal) : null;
    return { document, data, plan, facts, initial, given: taken ?? vectors?.weights ?? null, notes: vectors?.notes };
  }

  /** The name that was chosen, or one that tells the run from those of the same document. */
  async nameFor(options: Pick<StartOptions, 'name'>, document: UnrollDocument): Promise<string> {
    return options.name || nameRun(document, await this.store.documents({ of: document.name }));
  }

  /**
   * What would keep `startRun` from beginning for want of memory, told without reading the data: `null` where it fits, where the data is
   * not prepared, and where the graph has other problems.
   */
  async memoryProblem(document: UnrollDocument): Promise<Problem | null> {
    const data = document.data && (await alreadyPrepared(document.data));
    if (data === null) return null;
    const compiled = compilePlan(document, data.encoding.facts);
    return compiled.ok ? memoryProblem(compiled.plan, data, document.training, this.#memory(document.training.device)) : null;
  }

  /**
   * Goes on from the last whole checkpoint of a paused, stopped, interrupted or failed run. Cancelled, it leaves the run as it is.
   *
   * @throws UserError `already-done`, `data-changed`, and as `startRun`
   */
  async resumeRun(run: string): Promise<RunSummary> {
    const { summary: found } = await this.store.folder(run).read();
    if (found.on !== undefined && this.#elsewhere !== null) return this.#elsewhere.resume(run);
    const resumed = await this.#turn.take(async ({ signal, names }) => {
      const folder = this.store.folder(run);
      const { summary } = await folder.read();
      names.add(run).add(summary.id).add(folder.path);
      return beginLocked(folder, (release) => this.#resume(folder, signal, release));
    });
    return resumed.summary;
  }

  /** The folder is locked: what is read now, nobody else changes. */
  async #resume(folder: RunFolder, signal: AbortSignal, release: () => Promise<void>): Promise<ActiveRun> {
    const record = await folder.read();
    if (record.summary.status === 'done') throw alreadyDone;
    const encoding = await folder.encoding();
    const { data, plan } = await compileOnData(record.document, this.#prepare, signal, {
      encoding,
      check: (prepared) => {
        if (prepared.encoding.fingerprint !== record.fingerprint) throw dataChanged;
      },
    });
    const before = record.summary.backend;
    const device = await chooseDevice(record.document.training.device, before === 'pytorch' ? null : before);
    refuseWhatDoesNotFit(plan, data, record.document.training, this.#memory(device.backend));
    signal.throwIfAborted();
    const { checkpoint, best, notes } = await savedState(folder);
    const { step, seconds } = checkpoint?.state ?? { step: 0, seconds: 0 };
    const { backend, description } = device;
    const { failure: _before, ...kept } = record.summary;
    const summary = {
      ...kept,
      status: 'running' as const,
      message: null,
      step,
      seconds,
      backend,
      device: description,
      ...(notes.length === 0 ? {} : { notes: [...(kept.notes ?? []), ...notes] }),
    };
    const options = { plan, data, settings: record.document.training };
    return this.#begin(
      folder,
      { ...record, summary, versions },
      checkpoint
        ? { ...options, resume: { checkpoint, best } }
        : { ...options, initial: await drawn(plan, options.settings.seed, signal) },
      release,
    );
  }

  /** Ends a start or resume whose data is still being prepared: it fails with `cancelled`. Nothing when there is none. */
  async cancelStart(): Promise<void> {
    await this.#turn.cancelStart();
  }

  /** Resolves when the checkpoint is saved. A run that is about to be resumed stays as it is. */
  async pause(run: string): Promise<RunSummary> {
    const cancelled = await this.#turn.cancelStart(run);
    const active = this.#activeAs(run);
    if (active) return active.pause();
    if (cancelled) return (await this.store.folder(run).read()).summary;
    throw new UserError({ code: 'not-running', message: 'This run is not training.', hint: 'Resume it to go on.' });
  }

  /** Resolves when the checkpoint is saved. A run that is not training is left as it is, and told. */
  async stop(run: string): Promise<RunSummary> {
    await this.#turn.cancelStart(run);
    const active = this.#activeAs(run);
    if (active) return active.stop();
    const folder = this.store.folder(run);
    const { summary } = await folder.read();
    if (summary.status !== 'paused' && summary.status !== 'interrupted') return summary;
    return this.#change(folder, { status: 'stopped', message: null });
  }

  /** Saves what trains, so that it can be resumed, and leaves a run that is being made ready as it was. */
  async putAway(): Promise<void> {
    await this.#turn.cancelStart();
    await this.#turn.active?.pause();
    await this.#elsewhere?.detach();
  }

  /** Resolves when a run that trains has ended and all of it is saved; at once for one that does not train. */
  async ended(run: string): Promise<RunSummary> {
    return (
      this.#turn.activeAs(run)?.ended ?? this.#elsewhere?.activeAs(run)?.settled ?? (await this.store.folder(run).read()).summary
    );
  }

  async list(): Promise<RunSummary[]> {
    const runs = await this.store.list();
    return runs.map((summary) => this.#activeAs(summary.id)?.summary ?? this.#withDamage(summary));
  }

  async get(run: string): Promise<MethodResult<'runs.get'>> {
    const folder = this.folder(run);
    const { summary, document, facts } = await folder.read();
    const live = this.#activeAs(run)?.summary;
    if (!live && resumable.has(summary.status)) {
      const broken = await whyNotResumable(folder);
      if (broken === null) this.#broken.delete(summary.id);
      else this.#broken.set(summary.id, broken);
    }
    return { summary: live ?? this.#withDamage(summary), document, facts, evaluation: await folder.evaluation() };
  }

  /** A run that cannot go on says so before anybody tries. */
  #withDamage(summary: RunSummary): RunSummary {
    const broken = resumable.has(summary.status) ? this.#broken.get(summary.id) : undefined;
    return broken === undefined ? summary : { ...summary, notes: [...(summary.notes ?? []), broken] };
  }

  async metrics(run: string, after?: MetricsPlace): Promise<MetricsPiece> {
    const folder = this.folder(run);
    await folder.read();
    return folder.metricsPiece(after);
  }

  /** What a person writes on a run: its name, a note, tags. */
  async describe(run: string, words: RunWords): Promise<RunSummary> {
    const active = this.#activeAs(run);
    if (active) {
      await active.describe(words);
      return active.summary;
    }
    return this.#change(this.store.folder(run), words);
  }

  /** The settings that each of the runs was trained with. */
  async settings(ids: readonly string[]): Promise<MethodResult<'runs.settings'>> {
    const kept = await this.store.documents({ ids });
    return { settings: Object.fromEntries(kept.map(({ id, document }) => [id, listSettings(document)])) };
  }

  /** @throws UserError `run-busy` while it trains, and as `restoreRun` */
  async restore(run: string): ReturnType<typeof restoreRun> {
    const active = this.#activeAs(run);
    if (active) throw busy(active.summary.name);
    return restoreRun(this.store.folder(run));
  }

  /** A run that is about to be resumed is not. @returns what is not the run's own, and stays */
  async delete(run: string): Promise<string[]> {
    await this.#turn.cancelStart(run);
    const active = this.#activeAs(run);
    if (active) throw busy(active.summary.name);
    const { summary } = await this.store
      .folder(run)
      .read()
      .catch(() => ({ summary: null }));
    if (summary?.on !== undefined && summary.status === 'running') throw busy(summary.name);
    const there = summary?.on === undefined ? [] : await this.#elsewhere?.forget(this.store.folder(run));
    return [...(await this.store.delete(run)), ...(there ?? [])];
  }

  /** The run's live model while it trains in this process. */
  live(run: string): LiveRun | null {
    const active = this.#turn.activeAs(run);
    return active?.session ? { session: active.session, encoding: active.encoding } : null;
  }

  /** The weights of this moment of a run that trains in a window; `null` where it does not, or has none yet. */
  async windowWeights(run: string): Promise<(WindowWeights & Pick<LiveRun, 'encoding'>) | null> {
    const active = this.#turn.activeAs(run);
    const live = (await active?.windowWeights()) ?? null;
    return live && active ? { ...live, encoding: active.encoding } : null;
  }

  /** The film of the run while it trains here. */
  film(run: string): RunFilm | null {
    return this.#turn.activeAs(run)?.film ?? null;
  }

  /** Whether a run trains now: the device must not be changed. */
  get isTraining(): boolean {
    return this.#turn.taken;
  }

  /** Where a run lies, also one outside the store that trains now. */
  folder(run: string): RunFolder {
    return this.#activeAs(run)?.folder ?? this.store.folder(run);
  }

  /** The run that trains, here or elsewhere, if it is this one. */
  #activeAs(run: string): ActiveRun | RunElsewhere | null {
    return this.#turn.activeAs(run) ?? this.#elsewhere?.activeAs(run) ?? null;
  }

  /** What is kept of a run that does not train here. One change after another: each is of the whole file. */
  #change(folder: RunFolder, part: Partial<RunSummary>): Promise<RunSummary> {
    const change = async (): Promise<RunSummary> => {
      await folder.read();
      return folder.alone(async () => {
        const record = await folder.read();
        const summary = { ...record.summary, ...part };
        await folder.write({ ...record, summary });
        return summary;
      });
    };
    const changed = this.#changes.then(change);
    this.#changes = changed.catch(() => null);
    return changed;
  }

  #begin(
    folder: RunFolder,
    record: RunRecord,
    options: Omit<SessionOptions, 'sink'>,
    release: () => Promise<void>,
  ): Promise<ActiveRun> {
    return ActiveRun.begin(folder, record, options, this.#events, release, () => this.#turn.free());
  }
}

const resumable: ReadonlySet<RunSummary['status']> = new Set(['paused', 'stopped', 'interrupted', 'failed']);

export const alreadyDone = new UserError({
  code: 'already-done',
  message: 'This run has done all its epochs.',
  hint: 'Raise the number of epochs and start a new run.',
});

const dataChanged = new UserError({
  code: 'data-changed',
  message: 'The data is not what this run was trained on: the file has changed since.',
  hint: 'Put the old file back to resume, or start a new run on the new data.',
});

/** Starting weights, by the seed. @throws what the signal says */
const drawn = (plan: Plan, seed: number, signal: AbortSignal): Promise<Map<string, NamedTensor>> =>
  givingWay(drawParameters(plan, seed), () => signal.throwIfAborted());
