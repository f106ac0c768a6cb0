import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EventData } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RunSummary } from '../protocol/runs.ts';
import type { FromTrial, ToTrial } from './trial-messages.ts';
import type { TrialHooks, TrialRunner, TrialTask } from './trial-runner.ts';

/** What a training takes beside what its model needs: a process, its libraries, its data. Bytes. */
const processBytes = 300e6;
/** What is measured is up to twice what the estimate says at least (`lint/memory.ts`). */
const estimateFactor = 2;

export interface ProcessRunnerOptions {
  /** Trainings wanted side by side; the cores are the limit. */
  readonly parallel: number;
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
    const [script = '', ...loader] = scriptArguments();
    const threads = String(this.#threads);
    const child = fork(script, [], {
      execArgv: loader,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, UNROLL_THREADS: threads, TF_NUM_INTRAOP_THREADS: threads, TF_CPP_MIN_LOG_LEVEL: '3' },
    });
    const say = (message: ToTrial): void => void (child.connected && child.send(message));
    const end = (): void => say({ kind: 'end', how: signal.reason === 'stopped' ? 'stopped' : 'paused' });
    signal.addEventListener('abort', end, { once: true });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-2000);
    });
    return new Promise<RunSummary>((resolve, reject) => {
      child.on('message', (message: FromTrial) => {
        if (message.kind === 'ended') resolve(message.summary);
        else if (message.kind === 'failed') reject(new UserError(message.failure));
        else {
          this.#options.emit(message.event, message.data as EventData<'run.progress'>);
          if (message.event !== 'run.metrics') return;
          const { events } = message.data as EventData<'run.metrics'>;
          for (const one of events) if (one.split === 'validation') validated(one);
        }
      });
      child.on('error', (error) => reject(processFailed(`could not be started (${error.message})`, words)));
      child.on('exit', (code, by) => reject(processFailed(by === null ? `ended with ${code}` : `was ended by ${by}`, words)));
      say({ kind: 'train', root: this.#options.root, task });
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

/** In a checkout the script beside this file, run through tsx; in a build its bundle. */
function scriptArguments(): string[] {
  const source = fileURLToPath(new URL('./trial-process.ts', import.meta.url));
  if (process.env['UNROLL_BUNDLED'] !== '1')
    return [source, '--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
  return [fileURLToPath(new URL('../../dist/trial-process.js', import.meta.url))];
}
