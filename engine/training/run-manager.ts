import { activateBackend, activateForTraining } from '../backends/choose.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding, PreparedData } from '../data/dataset.ts';
import { prepareData } from '../data/prepare.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import type { BackendName, DeviceInfo } from '../protocol/app.ts';
import type { EventData, MethodResult } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { MetricEvent, RunSummary } from '../protocol/runs.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { RunStore } from '../runs/run-store.ts';
import type { WindowSession } from '../worker/window-session.ts';
import { windowWorkers } from '../worker/window-workers.ts';
import { yieldToEvents } from './event-loop.ts';
import { FolderSink, type RunEvents } from './folder-sink.ts';
import { chooseLoss } from './loss-kind.ts';
import { newRecord, versions } from './new-record.ts';
import { type SessionOptions, TrainingSession } from './session.tf.ts';
import { sessionFacts } from './session-facts.ts';

export interface ManagerEvents extends RunEvents {
  emit<E extends 'run.progress' | 'run.metrics' | 'run.evaluation' | 'data.progress'>(event: E, data: EventData<E>): void;
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
}

interface ActiveRun {
  readonly folder: RunFolder;
  readonly sink: FolderSink;
  readonly session: TrainingSession | WindowSession;
  readonly encoding: DataEncoding;
  readonly ended: Promise<RunSummary>;
}

/** A run's model while it trains, for predictions on the live weights. */
export interface LiveRun {
  readonly session: TrainingSession;
  readonly encoding: DataEncoding;
}

/** Starts, pauses, resumes and stops runs: one at a time, because they share one device. */
export class RunManager {
  readonly store: RunStore;
  readonly #events: ManagerEvents;
  /** Reads a run's data. */
  readonly prepare: (binding: DataEncoding['binding']) => Promise<PreparedData>;
  #active: ActiveRun | null = null;
  #starting = false;

  /** @param prepare how data is read; tests give their own */
  constructor(
    store: RunStore,
    events: ManagerEvents,
    prepare: (binding: DataEncoding['binding']) => Promise<PreparedData> = (binding) =>
      prepareData(binding, { onProgress: (progress) => events.emit('data.progress', progress) }),
  ) {
    this.store = store;
    this.#events = events;
    this.prepare = prepare;
  }

  /**
   * Prepares the data, compiles the graph, takes the device and trains in the background.
   *
   * @throws UserError with what stands in the way: `busy`, `graph-has-problems`, the data's, the device's, the disk's
   */
  startRun(options: StartOptions): Promise<RunSummary> {
    const training = {
      ...options.document.training,
      ...options.overrides,
      ...(options.device ? { device: options.device } : {}),
    };
    const document = { ...options.document, training };
    return this.#exclusively(async () => {
      const { data, plan } = await this.#compile(document);
      chooseLoss(plan, training.loss);
      const facts = sessionFacts(data, training);
      const device = await chooseDevice(training.device, null);
      const record = newRecord({ document, data, plan, facts, device, name: options.name });
      const folder = this.store.folder(options.folder ?? record.summary.id);
      await folder.create(record, data.encoding);
      return this.#begin(folder, record, { plan, data, settings: training });
    });
  }

  /**
   * Goes on from the last whole checkpoint of a paused, stopped, interrupted or failed run.
   *
   * @throws UserError `already-done`, `data-changed`, and as `startRun`
   */
  resumeRun(run: string): Promise<RunSummary> {
    return this.#exclusively(async () => {
      const folder = this.store.folder(run);
      const record = await folder.read();
      if (record.summary.status === 'done') throw alreadyDone;
      if (await folder.isLocked()) throw busy(record.summary.name);
      const { data, plan } = await this.#compile(record.document);
      if (data.encoding.fingerprint !== record.fingerprint) throw dataChanged;
      const device = await chooseDevice(record.document.training.device, record.summary.backend);
      const checkpoint = await folder.rewind();
      const best = checkpoint?.state.best ? ((await folder.best())?.weights ?? null) : null;
      const { step, seconds } = checkpoint?.state ?? { step: 0, seconds: 0 };
      const { backend, description } = device;
      const summary = {
        ...record.summary,
        status: 'running' as const,
        message: null,
        step,
        seconds,
        backend,
        device: description,
      };
      const options = { plan, data, settings: record.document.training };
      return this.#begin(
        folder,
        { ...record, summary, versions },
        checkpoint ? { ...options, resume: { checkpoint, best } } : options,
      );
    });
  }

  /** Resolves when the checkpoint is saved. */
  async pause(run: string): Promise<RunSummary> {
    const active = this.#activeRun(run);
    active.session.pause();
    return active.ended;
  }

  /** Resolves when the checkpoint is saved. A run that is not training is left as it is, and told. */
  async stop(run: string): Promise<RunSummary> {
    const active = this.#isActive(run);
    if (active) {
      active.session.stop();
      return active.ended;
    }
    const folder = this.store.folder(run);
    const record = await folder.read();
    const { status } = record.summary;
    if (status !== 'paused' && status !== 'interrupted') return record.summary;
    const summary: RunSummary = { ...record.summary, status: 'stopped', message: null };
    await folder.write({ ...record, summary });
    return summary;
  }

  async list(): Promise<RunSummary[]> {
    const runs = await this.store.list();
    const live = this.#active?.sink.summary;
    return runs.map((summary) => (live && summary.id === live.id ? live : summary));
  }

  async get(run: string): Promise<MethodResult<'runs.get'>> {
    const folder = this.folder(run);
    const { summary, document, facts } = await folder.read();
    const live = this.#isActive(run)?.sink.summary;
    return { summary: live ?? summary, document, facts, evaluation: await folder.evaluation() };
  }

  async metrics(run: string): Promise<MetricEvent[]> {
    const folder = this.folder(run);
    await folder.read();
    return folder.metrics();
  }

  async rename(run: string, name: string): Promise<RunSummary> {
    const active = this.#isActive(run);
    if (active) {
      await active.sink.rename(name);
      return active.sink.summary;
    }
    const folder = this.store.folder(run);
    const record = await folder.read();
    const summary = { ...record.summary, name };
    await folder.write({ ...record, summary });
    return summary;
  }

  async delete(run: string): Promise<void> {
    const active = this.#isActive(run);
    if (active) throw busy(active.sink.summary.name);
    await this.store.delete(run);
  }

  /** The run's live model while it trains in this process. */
  live(run: string): LiveRun | null {
    const active = this.#isActive(run);
    return active?.session instanceof TrainingSession ? { session: active.session, encoding: active.encoding } : null;
  }

  /** Whether a run trains now: the device must not be changed. */
  get isTraining(): boolean {
    return this.#active !== null || this.#starting;
  }

  /** Where a run lies, also one outside the store that trains now. */
  folder(run: string): RunFolder {
    return this.#isActive(run)?.folder ?? this.store.folder(run);
  }

  #isActive(run: string): ActiveRun | null {
    const active = this.#active;
    return active && (active.sink.summary.id === run || active.folder.path === run) ? active : null;
  }

  #activeRun(run: string): ActiveRun {
    const active = this.#isActive(run);
    if (active) return active;
    throw new UserError({ code: 'not-running', message: 'This run is not training.', hint: 'Resume it to go on.' });
  }

  async #exclusively(begin: () => Promise<RunSummary>): Promise<RunSummary> {
    if (this.#active) throw busy(this.#active.sink.summary.name);
    if (this.#starting) throw busy('another run');
    this.#starting = true;
    try {
      return await begin();
    } finally {
      this.#starting = false;
    }
  }

  async #compile(document: UnrollDocument): Promise<{ data: PreparedData; plan: Plan }> {
    if (document.data === null) {
      throw new UserError({ code: 'no-data', message: 'No data is attached.', hint: 'Choose a file in the Data panel.' });
    }
    const data = await this.prepare(document.data);
    const compiled = compilePlan(document, data.encoding.facts);
    if (compiled.ok) return { data, plan: compiled.plan };
    const problem = compiled.problems.find((p) => p.severity === 'error') ?? compiled.problems[0];
    throw new UserError({
      code: 'graph-has-problems',
      message: `The graph cannot be trained: ${problem?.message ?? 'it has problems'}.`,
      ...(problem ? { hint: problem.fix } : {}),
      ...(problem?.node ? { node: problem.node } : {}),
    });
  }

  async #begin(folder: RunFolder, record: RunRecord, options: Omit<SessionOptions, 'sink'>): Promise<RunSummary> {
    const release = await folder.lock();
    try {
      await folder.write(record);
      const sink = new FolderSink(folder, record, this.#events);
      const full = { ...options, sink };
      const onWindow = record.summary.backend === 'webgpu';
      const session = onWindow ? windowWorkers.createSession(full) : new TrainingSession(full);
      const freed = async (): Promise<void> => {
        this.#active = null;
        session.dispose();
        await release();
      };
      // Announced last: whoever hears of the end may start the next run at once.
      const ended = this.#train(session, sink)
        .finally(freed)
        .then(() => {
          sink.announce();
          return sink.summary;
        });
      ended.catch(console.error);
      this.#active = { folder, sink, session, encoding: options.data.encoding, ended };
      sink.tell(null);
      return sink.summary;
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Trains to the end, whatever it is: a failure becomes the run's status and message. */
  async #train(session: ActiveRun['session'], sink: FolderSink): Promise<void> {
    // The caller gets its answer before the first step blocks.
    await yieldToEvents();
    try {
      await sink.end(await session.run(), null);
    } catch (error) {
      if (!(error instanceof UserError)) console.error(error);
      await sink.end('failed', describe(error)).catch(() => {
        // The disk refuses to take even that: the windows are told, and a reader sees the run as interrupted.
      });
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof UserError) return [error.failure.message, error.failure.hint].filter(Boolean).join(' ');
  return `Training failed: ${error instanceof Error ? error.message : String(error)}. Resume goes on from the last checkpoint.`;
}

/** What the settings ask for; otherwise the device that the run was on, or the best. */
async function chooseDevice(wanted: TrainingSettings['device'], before: BackendName | null): Promise<DeviceInfo> {
  if (wanted !== 'auto') return activateBackend(wanted);
  if (before === null) return activateForTraining();
  return activateBackend(before).catch((error: unknown) => {
    if (error instanceof UserError) return activateForTraining();
    throw error;
  });
}

const busy = (name: string): UserError =>
  new UserError({
    code: 'busy',
    message: `“${name}” is training now.`,
    hint: 'Pause or stop it first: one run trains at a time.',
  });

const alreadyDone = new UserError({
  code: 'already-done',
  message: 'This run has done all its epochs.',
  hint: 'Raise the number of epochs and start a new run.',
});

export const dataChanged = new UserError({
  code: 'data-changed',
  message: 'The data is not what this run was trained on: the file has changed since.',
  hint: 'Put the old file back to resume, or start a new run on the new data.',
});
