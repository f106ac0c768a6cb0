import type { FolderSink } from '../manage/folder-sink.ts';
import type { MetricValues, RunSummary } from '../protocol/runs.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { JobLine } from './job-lines.ts';

/** How a job's training ended, by its own words. */
export type JobEnd =
  | { readonly kind: 'done' | 'stopped' }
  | { readonly kind: 'failed'; readonly failure: { readonly code: string; readonly message: string } };

/**
 * Makes a run's curves and figures of what its job tells. A job's output is read again from its start whenever the connection was lost:
 * what is known already is passed over, by its step.
 */
export class RunLog {
  readonly #folder: RunFolder;
  readonly #sink: FolderSink;
  /** The newest logged step, of updates and of judgements; -1 before the first. */
  #logged = { updates: -1, judged: -1 };
  #base = 0;
  #began = 0;
  #best: RunSummary['best'] = null;
  #values: MetricValues | null = null;
  end: JobEnd | null = null;

  constructor(folder: RunFolder, sink: FolderSink) {
    this.#folder = folder;
    this.#sink = sink;
    this.#best = sink.summary.best;
  }

  /** Where the job goes on from: what earlier ones logged after that is dropped, unless that was done before. */
  async begin(line: Extract<JobLine, { begins: number }>, known: boolean): Promise<void> {
    const { begins: step } = line;
    if (!known) await this.#folder.rewind(step);
    const { events } = await this.#folder.metrics();
    // Lines about updates have a rate, judgements have none.
    const newest = (updates: boolean): number =>
      events.reduce((last, event) => ((event.learningRate !== undefined) === updates ? Math.max(last, event.step) : last), -1);
    this.#logged = { updates: newest(true), judged: newest(false) };
    this.#base = events.reduce((last, event) => (event.step <= step ? Math.max(last, event.seconds) : last), 0);
    this.#began = step;
    this.#best = line.best && { value: line.best[0], step: line.best[2] };
    this.#values = null;
  }

  async update(line: Extract<JobLine, { rate: number }>): Promise<void> {
    const { step, loss, rate } = line;
    if (step > this.#logged.updates) {
      this.#logged.updates = step;
      const at = { step, epoch: this.#epochs(step), seconds: this.#base + line.seconds };
      await this.#sink.metrics({ ...at, split: 'train', values: { loss }, learningRate: rate });
    }
    this.#tell(step, line.seconds);
  }

  async judged(line: Extract<JobLine, { judged: number }>): Promise<void> {
    const { judged: step, split, figures, best } = line;
    const { weight: _count, ...values } = figures;
    const { headline } = this.#sink.summary;
    this.#values = values;
    if (best) this.#best = { step, value: values[headline.metric] ?? Number.NaN };
    if (step > this.#logged.judged) {
      this.#logged.judged = step;
      await this.#sink.metrics({ step, epoch: this.#epochs(step), seconds: this.#base + line.seconds, split, values });
    }
    this.#tell(step, line.seconds);
    await this.#sink.change({});
  }

  #epochs(step: number): number {
    const { totalSteps, epochs } = this.#sink.summary;
    return totalSteps === 0 ? 0 : (step / totalSteps) * epochs;
  }

  #tell(step: number, seconds: number): void {
    const { totalSteps } = this.#sink.summary;
    const done = step - this.#began;
    this.#sink.progress({
      epoch: this.#epochs(step),
      step,
      totalSteps,
      seconds: this.#base + seconds,
      best: this.#best,
      validation: this.#values,
      tokensPerSecond: null,
      secondsLeft: done > 0 ? (seconds / done) * (totalSteps - step) : null,
      memoryBytes: 0,
    });
  }
}
