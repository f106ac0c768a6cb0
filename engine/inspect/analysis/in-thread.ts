import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { AnalysisQuestion, Answer } from './questions.ts';

/** Ends when everything that was asked before has been answered. */
let last: Promise<unknown> = Promise.resolve();

/**
 * As `answerOf`, in a thread of its own: the eigenvalues of a 512 × 512 Jacobian take seconds, and training must not wait for them. One
 * question at a time, so that many of them do not take all processors.
 *
 * @throws ThreadTimeout, ThreadCancelled
 */
export function inThread<Q extends AnalysisQuestion>(question: Q, options: ThreadOptions = {}): Promise<Answer<Q>> {
  const turn = last.then(() => ask(question, options));
  last = turn.catch(() => undefined);
  return turn;
}

export interface ThreadOptions {
  /** ms until it is given up, from its turn on. */
  readonly limit?: number;
  /** Ends it at once, with nothing to tell. */
  readonly signal?: AbortSignal;
  onProgress?(done: number, of: number): void;
}

/** The thread had no answer in time. */
export class ThreadTimeout extends Error {}

/** The thread was ended before it had an answer, or was not begun. */
export class ThreadCancelled extends Error {}

/** What a thread sends: how much is done, and at last its answer. */
type Told<Q extends AnalysisQuestion> = { readonly done: number; readonly of: number } | { readonly answer: Answer<Q> };

function ask<Q extends AnalysisQuestion>(question: Q, { limit, signal, onProgress }: ThreadOptions): Promise<Answer<Q>> {
  return new Promise((resolve, reject) => {
    const cancelled = (): void => reject(new ThreadCancelled('nobody waits for it any more'));
    if (signal?.aborted === true) {
      cancelled();
      return;
    }
    const thread = startThread(question);
    const abort = (): void => end(cancelled);
    const timer = limit === undefined ? undefined : setTimeout(() => end(() => reject(new ThreadTimeout('too slow'))), limit);
    const end = (told: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      told();
      void thread.terminate();
    };
    thread.on('message', (told: Told<Q>) => {
      if ('done' in told) onProgress?.(told.done, told.of);
      else end(() => resolve(told.answer));
    });
    signal?.addEventListener('abort', abort);
    thread.once('error', (error) => end(() => reject(error)));
    thread.once('exit', () => end(() => reject(new Error('the thread that computes spectra has ended'))));
  });
}

/** In a build the bundle of the thread's script; in a checkout the script beside this file, run through tsx. */
function startThread(workerData: AnalysisQuestion): Worker {
  if (process.env['UNROLL_BUNDLED'] === '1') {
    // By its text: in a package it lies inside Electron's archive, which threads cannot read.
    const bundle = fileURLToPath(new URL('../../../dist/analysis-thread.cjs', import.meta.url));
    return new Worker(readFileSync(bundle, 'utf8'), { workerData, eval: true });
  }
  const script = fileURLToPath(new URL('./analysis-thread.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs');
  return new Worker(`require(${JSON.stringify(tsx)}); require(${JSON.stringify(script)});`, { workerData, eval: true });
}
