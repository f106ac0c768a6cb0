import { availableParallelism, totalmem } from 'node:os';
import type { EventData } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { startByNode } from './start-trial-process.ts';
import type { FromTrial, StartTrialProcess } from './trial-messages.ts';
import type { TrialHooks, TrialRunner, TrialTask } from './trial-runner.ts';

/** What a training takes beside what its model needs: a process, its libraries, its data. Bytes. */
const processBytes = 300e6;
/** What is measured is up to twice what the estimate says at least (`lint/memory.ts`). */
const estimateFactor = 2;

export interface ProcessRunnerOptions {
  /** Trainings wanted side by side; the cores are the limit. */
  readonly parallel: number;
  /** How the process of a trial is started. */
  readonly start?: StartTrialProcess;
  /** Of the store that runs without a folder of their own belong to. */
  readonly root: string;
  /** Memory that training a document takes at least, in bytes; 0 where it cannot be told. */
  need(document: TrialTask['document']): number;
  /** What a trial's manager tells the windows and the command line. */
  emit(event: Extract<FromTrial, { kind: 'event' }>['event'], data: EventData<'run.progress'>): void;
}

/** Trains side by side, each trial in a process of its own, which is also all that a trial can take with it. */
export class ProcessRunner implements TrialRunner {
  readonly width: number;
  readonly #options: ProcessRunnerOptions;
  readonly #bytes: number;

  constructor(
    options: ProcessRunnerOptions,
    cores = availableParallelism(),
    bytes = Math.min(process.availableMemory(), totalmem()),
  ) {
    this.#options = options;
    this.#bytes = bytes;
    this.width = Math.max(1, Math.min(options.parallel, cores));
    this.#threads = Math.max(1, Math.floor(cores / this.width));
  }

  readonly #threads: number;

  admits(task: TrialTask, beside: readonly TrialTask[]): boolean {
    const bytes = [task, ...beside].map(({ document }) => processBytes + estimateFactor * this.#options.need(document));
    return bytes.reduce((sum, one) => sum + one, 0) <= this.#bytes;
  }

  train(task: TrialTask, { validated, signal }: TrialHooks): Promise<RunSummary> {
    signal.throwIfAborted();
    const { start = startByNode } = this.#options;
    let end = (): void => undefined;
    return new Promise<RunSummary>((resolve, reject) => {
      const trial = start(this.#threads, {
        heard: (message) => {
          if (message.kind === 'ended') resolve(message.summary);
          else if (message.kind === 'failed') reject(new UserError(message.failure));
          else {
            this.#options.emit(message.event, message.data as EventData<'run.progress'>);
            if (message.event !== 'run.metrics') return;
            const { events } = message.data as EventData<'run.metrics'>;
            for (const one of events) if (one.split === 'validation') validated(one);
          }
        },
        ended: (how, output) => reject(processFailed(how, output)),
      });
      end = () => trial.say({ kind: 'end', how: signal.reason === 'stopped' ? 'stopped' : 'paused' });
      signal.addEventListener('abort', end, { once: true });
      trial.say({ kind: 'train', root: this.#options.root, task });
    }).finally(() => signal.removeEventListener('abort', end));
  }
}

const processFailed = (ending: string, words: string): UserError =>
  new UserError({
    code: 'trial-process-ended',
    message: `The process of this trial ${ending}.${words.trim() === '' ? '' : ` ${words.trim().split('\n').slice(-3).join(' ')}`}`,
    hint: ending.includes('SIGKILL')
      ? 'The system may have had no more memory: try fewer side by side.'
      : 'Train it alone to see more.',
  });
