import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../protocol/envelope.ts';
import { jpegDecoder } from './jpeg-decoder.ts';
import type { MediaAnswer, MediaQuestion } from './media-thread.ts';
import type { Media } from './read-media.ts';

/** One file may take this long; a hostile one could take for ever. */
const mostMilliseconds = 300_000;
/** The thread ends, and gives its memory back, when it had nothing to do for so long. */
const idleMilliseconds = 5000;
/** JavaScript's own memory in the thread, in MB; pixels and samples lie beside it, bounded by what `read-media.ts` reads. */
const mostHeap = 512;

/**
 * As `readMediaHere`, in a thread of its own: whatever the file holds, the engine goes on answering. One file at a time, so that two
 * large ones never take memory together.
 *
 * @throws UserError as `readMediaHere`, `media-too-slow` for a file that takes minutes, `media-too-large` for one that memory does not
 *   hold; the signal's reason
 */
export const readMedia = (cell: string, table: string, media: Media, signal?: AbortSignal): Promise<number[][]> =>
  reading.read({ cell, table, media }, signal);

export class MediaThread {
  readonly #start: () => Worker;
  readonly #most: number;
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  /** Ends when everything that was asked before has been answered. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param most milliseconds that one file may take */
  constructor(start: () => Worker = startThread, most = mostMilliseconds) {
    this.#start = start;
    this.#most = most;
  }

  read(question: MediaQuestion, signal?: AbortSignal): Promise<number[][]> {
    const turn = this.#last.then(() => this.#answer(question, signal));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #answer(question: MediaQuestion, signal: AbortSignal | undefined): Promise<number[][]> {
    signal?.throwIfAborted();
    clearTimeout(this.#idle);
    this.#thread ??= this.#start();
    const thread = this.#thread;
    thread.ref();
    try {
      const answer = await this.#ask(thread, question, signal);
      if ('failure' in answer) throw new UserError(answer.failure);
      return answer.steps;
    } catch (error) {
      // After anything but an answer the thread may still be at work on the file, or gone.
      if (!(error instanceof UserError) || error.failure.code === 'media-too-slow') {
        this.#thread = null;
        void thread.terminate();
      }
      throw error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? tooLarge(question, error)
        : error;
    } finally {
      this.#rest();
    }
  }

  #ask(thread: Worker, question: MediaQuestion, signal: AbortSignal | undefined): Promise<MediaAnswer> {
    return new Promise<MediaAnswer>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(late);
        thread.off('message', onMessage).off('error', onError).off('exit', onExit);
        signal?.removeEventListener('abort', onAbort);
      };
      const onError = (error: unknown): void => {
        end();
        reject(error);
      };
      const onMessage = (answer: MediaAnswer): void => {
        end();
        resolve(answer);
      };
      const onExit = (): void => onError(new Error('the thread that reads files has ended'));
      const onAbort = (): void => onError(signal?.reason);
      const late = setTimeout(() => onError(tooSlow(question)), this.#most);
      thread.on('message', onMessage).on('error', onError).on('exit', onExit);
      signal?.addEventListener('abort', onAbort, { once: true });
      thread.postMessage(question);
    });
  }

  /** The process may end while the thread has nothing to do. */
  #rest(): void {
    const thread = this.#thread;
    if (thread === null) return;
    thread.unref();
    // It may end by itself while nobody waits for it.
    this.#idle = setTimeout(() => {
      this.#thread = null;
      void thread.terminate();
    }, idleMilliseconds);
    this.#idle.unref();
  }
}

const reading = new MediaThread();

const tooSlow = ({ cell }: MediaQuestion): UserError =>
  new UserError({
    code: 'media-too-slow',
    message: `${cell} takes longer to be read than ${mostMilliseconds / 60_000} minutes`,
    hint: 'Make it smaller, or leave it out.',
  });

const tooLarge = ({ cell }: MediaQuestion, cause: Error): UserError =>
  new UserError(
    {
      code: 'media-too-large',
      message: `${cell} takes more memory to be read than there is`,
      hint: 'Make it smaller, or leave it out.',
    },
    { cause },
  );

/** In a build the bundle of the thread's script; in a checkout the script beside this file, run through tsx. */
function startThread(): Worker {
  const options = { resourceLimits: { maxOldGenerationSizeMb: mostHeap }, workerData: { jpeg: jpegDecoder() }, eval: true };
  if (process.env['UNROLL_BUNDLED'] === '1') {
    // By its text: in a package it lies inside Electron's archive, which threads cannot read.
    const bundle = fileURLToPath(new URL('../../../dist/media-thread.cjs', import.meta.url));
    return new Worker(readFileSync(bundle, 'utf8'), options);
  }
  const script = fileURLToPath(new URL('./media-thread.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs');
  return new Worker(`require(${JSON.stringify(tsx)}); require(${JSON.stringify(script)});`, options);
}
