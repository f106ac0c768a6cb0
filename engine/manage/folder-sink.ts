import { recordSpeed } from '../backends/measured-speed.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import type { EventData } from '../protocol/contract.ts';
import type { Evaluation, MetricEvent, RunSummary, RunWords } from '../protocol/runs.ts';
import { type Checkpoint, weightsOf } from '../runs/checkpoint.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { RunSink, SessionProgress } from '../training/sink.ts';
import { RunFilm } from './run-film.ts';

/** What a run tells the windows and the command line. */
export interface RunEvents {
  emit<E extends 'run.progress' | 'run.metrics' | 'run.evaluation' | 'film.moment'>(event: E, data: EventData<E>): void;
}

/** Logged lines reach the windows in batches, at most this often in milliseconds. */
const batchInterval = 100;

/** Writes a session's results into the run's folder and tells the windows. */
export class FolderSink implements RunSink {
  readonly film: RunFilm;
  readonly #folder: RunFolder;
  readonly #events: RunEvents;
  #record: RunRecord;
  #lines: MetricEvent[] = [];
  #lastSent = 0;
  #speed: number | null = null;

  constructor(folder: RunFolder, record: RunRecord, events: RunEvents) {
    this.#folder = folder;
    this.#record = record;
    this.#events = events;
    this.film = new RunFilm(folder, record.summary.parameters);
  }

  get record(): RunRecord {
    return this.#record;
  }

  get summary(): RunSummary {
    return this.#record.summary;
  }

  async metrics(event: MetricEvent): Promise<void> {
    await this.#folder.appendMetrics([event]);
    this.#lines.push(event);
    if (performance.now() - this.#lastSent > batchInterval) this.#send();
  }

  progress(progress: SessionProgress): void {
    const { epoch, step, totalSteps, seconds, best, validation } = progress;
    this.#speed = progress.tokensPerSecond;
    const { backend } = this.summary;
    if (this.#speed !== null && backend !== 'pytorch') recordSpeed(backend, this.#speed);
    this.#change({ epoch, step, totalSteps, seconds, best, ...this.#judged(validation) });
    this.#send();
    this.tell(progress.secondsLeft);
  }

  async evaluation(evaluation: Evaluation): Promise<void> {
    if (evaluation.split === 'test') this.#change({ test: evaluation.values });
    else await this.#folder.writeEvaluation(evaluation);
    this.#send();
    this.#events.emit('run.evaluation', { run: this.summary.id, evaluation });
  }

  async checkpoint(checkpoint: Checkpoint): Promise<void> {
    const { step, seconds, best, validation } = checkpoint.state;
    this.#change({ step, seconds, ...this.#judged(validation), best: best && { step: best.step, value: best.value } });
    if (checkpoint.state.validatedStep === step) await this.#filmed(checkpoint);
    await this.#folder.saveCheckpoint(checkpoint);
    await this.#folder.write(this.#record);
  }

  /**
   * A checkpoint that follows a validation has its weights, so that nothing is read of the model for the film. Where the disk refuses, it
   * ends, and training goes on.
   */
  async #filmed(checkpoint: Checkpoint): Promise<void> {
    const { step } = checkpoint.state;
    try {
      if (await this.film.add(() => weightsOf(checkpoint), step))
        this.#events.emit('film.moment', { run: this.summary.id, step });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#change({ notes: [...(this.summary.notes ?? []), `The film ended at step ${step}: ${why}`] });
    }
  }

  best(weights: ReadonlyMap<string, NamedTensor>, _evaluation: Evaluation | null, step: number): Promise<void> {
    return this.#folder.saveBest(weights, step);
  }

  /** Once: a run that is resumed finds the same again. */
  async note(text: string): Promise<void> {
    const { notes = [] } = this.summary;
    if (!notes.includes(text)) await this.change({ notes: [...notes, text] });
  }

  describe(words: RunWords): Promise<void> {
    this.#change(words);
    return this.#folder.write(this.#record);
  }

  /** What is known of the run by now, on disk and in the windows. */
  async change(part: Partial<RunSummary>): Promise<void> {
    this.#change(part);
    await this.#folder.write(this.#record);
    this.tell(null);
  }

  /** The run's end, on disk. */
  end(status: RunSummary['status'], message: string | null, failure?: string): Promise<void> {
    this.#change({ status, message, ...(failure === undefined ? {} : { failure }) });
    return this.#folder.write(this.#record);
  }

  /** The run's end, in the windows: they learn of it even when the disk refuses. */
  announce(): void {
    this.#send();
    this.tell(null);
  }

  tell(secondsLeft: number | null): void {
    this.#events.emit('run.progress', {
      summary: this.summary,
      tokensPerSecond: this.#speed,
      secondsLeft,
      memoryBytes: this.summary.on === undefined ? process.memoryUsage().rss : null,
    });
  }

  #send(): void {
    if (this.#lines.length === 0) return;
    this.#events.emit('run.metrics', { run: this.summary.id, events: this.#lines });
    this.#lines = [];
    this.#lastSent = performance.now();
  }

  /** Figures under the name of the split that they are of. */
  #judged(values: SessionProgress['validation']): Pick<RunSummary, 'validation' | 'training'> {
    if (this.summary.judgedOn !== 'train') return { validation: values };
    return { validation: null, ...(values === null ? {} : { training: values }) };
  }

  #change(part: Partial<RunSummary>): void {
    this.#record = { ...this.#record, summary: { ...this.#record.summary, ...part } };
  }
}
