import type { Plan } from '../compile/plan.ts';
import { batchesAhead } from '../data/ahead/batches-ahead.ts';
import type { DataEncoding } from '../data/dataset.ts';
import { yieldToEvents } from '../event-loop.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RunSummary, RunWords } from '../protocol/runs.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { type SessionOptions, TrainingSession } from '../training/session.tf.ts';
import type { LiveWeights, WindowSession } from '../worker/window-session.ts';
import { windowWorkers } from '../worker/window-workers.ts';
import { describeFailure } from './failed-run.ts';
import { FolderSink, type RunEvents } from './folder-sink.ts';
import type { RunFilm } from './run-film.ts';

type Session = TrainingSession | WindowSession;

/** The life of one run, from the lock on its folder to its last word. */
export class ActiveRun {
  readonly folder: RunFolder;
  readonly encoding: DataEncoding;
  /** Settles when everything is saved and freed; never rejects for what goes wrong in training. */
  readonly ended: Promise<RunSummary>;
  readonly #sink: FolderSink;
  readonly #session: Session;
  readonly #plan: Plan;

  private constructor(
    folder: RunFolder,
    options: SessionOptions & { readonly sink: FolderSink },
    session: Session,
    freed: () => Promise<void>,
  ) {
    this.folder = folder;
    this.encoding = options.data.encoding;
    this.#sink = options.sink;
    this.#session = session;
    this.#plan = options.plan;
    // Announced last: whoever hears of the end may start the next run at once.
    this.ended = this.#train()
      .finally(freed)
      .then(() => {
        this.#sink.announce();
        return this.summary;
      });
    this.ended.catch(console.error);
    this.#sink.tell(null);
  }

  /**
   * Writes the folder, which this process has locked, and trains in the background: on the active backend, or in a window for WebGPU.
   *
   * @param freed called when the run has ended and its memory is free, before anyone hears of it
   * @param release of the folder's lock, called at the run's end
   * @throws UserError the disk's, and as `TrainingSession`
   */
  static async begin(
    folder: RunFolder,
    record: RunRecord,
    options: Omit<SessionOptions, 'sink'>,
    events: RunEvents,
    release: () => Promise<void>,
    freed: () => void,
  ): Promise<ActiveRun> {
    await folder.write(record);
    const full = { ...options, sink: new FolderSink(folder, record, events) };
    const session =
      record.summary.backend === 'webgpu'
        ? windowWorkers.createSession(full)
        : new TrainingSession({ ...full, batches: batchesAhead });
    options.initial?.clear();
    return new ActiveRun(folder, full, session, async () => {
      freed();
      session.dispose();
      await release();
    });
  }

  get summary(): RunSummary {
    return this.#sink.summary;
  }

  get film(): RunFilm {
    return this.#sink.film;
  }

  /** The live model; `null` where it trains in a window. */
  get session(): TrainingSession | null {
    return this.#session instanceof TrainingSession ? this.#session : null;
  }

  /** Weights of this moment of a run that trains in a window, with the plan that they belong to; `null` where it has none to give. */
  async windowWeights(): Promise<(LiveWeights & { readonly plan: Plan }) | null> {
    const live = this.#session instanceof TrainingSession ? null : await this.#session.weights();
    return live && { ...live, plan: this.#plan };
  }

  is(run: string): boolean {
    return this.summary.id === run || this.folder.path === run;
  }

  /** Resolves when the checkpoint is saved. */
  pause(): Promise<RunSummary> {
    this.#session.pause();
    return this.ended;
  }

  /** Resolves when the checkpoint is saved. */
  stop(): Promise<RunSummary> {
    this.#session.stop();
    return this.ended;
  }

  describe(words: RunWords): Promise<void> {
    return this.#sink.describe(words);
  }

  /** Trains to the end, whatever it is: a failure becomes the run's status and message. */
  async #train(): Promise<void> {
    // The caller gets its answer before the first step blocks.
    await yieldToEvents();
    try {
      await this.#sink.end(await this.#session.run(), null);
    } catch (error) {
      if (!(error instanceof UserError)) console.error(error);
      const failure = await describeFailure(error, this.folder, this.#sink.record);
      await this.#sink.end('failed', failure.message, failure.code).catch(() => {
        // The disk refuses to take even that: the windows are told, and a reader sees the run as interrupted.
      });
    }
  }
}
