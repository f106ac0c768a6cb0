import { useEffect, useState } from 'react';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { askId } from '../bridge/ask-id.ts';
import { engine, failureOf } from '../bridge/engine.ts';

/** What the engine works on, and what came of it: the answer before stays until the next is there. */
export interface Work<R> {
  readonly result: R | null;
  readonly failure: Failure | null;
  /** `null` while nothing is worked on. */
  readonly progress: { readonly done: number; readonly of: number } | null;
  /** Whether a person has ended it. */
  readonly cancelled: boolean;
}

const nothing: Work<never> = { result: null, failure: null, progress: null, cancelled: false };

/** Asks for one thing after another: the newest wins, and what is under way ends when it is of no more use. */
class Worker<R> {
  readonly #show: (next: (before: Work<R>) => Work<R>) => void;
  #running: { readonly id: string; readonly about: string } | null = null;
  #wanted: { readonly key: string; readonly about: string; readonly ask: (id: string) => Promise<R> } | null = null;

  constructor(show: (next: (before: Work<R>) => Work<R>) => void) {
    this.#show = show;
  }

  want(key: string | null, about: string, ask: (id: string) => Promise<R>): void {
    this.#wanted = key === null ? null : { key, about, ask };
    // What is of the same thing, but older, is let to its end: while a run trains, there would never be an answer otherwise.
    if (this.#running !== null && (key === null || this.#running.about !== about)) this.#end();
    if (this.#running === null) void this.#work();
  }

  /** By a person: until something else is asked for. */
  cancel(): void {
    this.#wanted = null;
    this.#end();
    this.#show((before) => ({ ...before, progress: null, cancelled: true }));
  }

  #end(): void {
    if (this.#running !== null) engine.call('inspect.cancel', { id: this.#running.id }).catch(() => undefined);
    this.#running = null;
  }

  async #work(): Promise<void> {
    if (this.#wanted === null) return;
    const { key, about, ask } = this.#wanted;
    const id = askId();
    this.#running = { id, about };
    this.#show(({ result }) => ({ ...nothing, result, progress: { done: 0, of: 0 } }));
    const stopListening = engine.on('inspect.progress', ({ id: told, done, of }) => {
      if (told === id && this.#running?.id === id) this.#show((before) => ({ ...before, progress: { done, of } }));
    });
    let answer: Partial<Work<R>> = {};
    try {
      answer = { result: await ask(id), failure: null };
    } catch (error) {
      answer = { failure: failureOf(error) };
    }
    stopListening();
    if (this.#running?.id !== id) return;
    this.#running = null;
    this.#show((before) => ({ ...before, ...answer, progress: null }));
    if (this.#wanted !== null && this.#wanted.key !== key) void this.#work();
  }
}

/**
 * Work of the engine that may take long.
 *
 * @param key what is asked, asked again where it is another; `null` asks nothing
 * @param about what it is asked of: where that is another, what is under way is ended
 */
export function useWork<R>(key: string | null, about: string, ask: (id: string) => Promise<R>): Work<R> & { cancel(): void } {
  const [work, setWork] = useState<Work<R>>(nothing);
  const [worker] = useState(() => new Worker<R>(setWork));
  const [asks] = useState(() => ({ now: ask }));
  useEffect(() => {
    asks.now = ask;
  });
  useEffect(() => worker.want(key, about, (id) => asks.now(id)), [key, about, worker, asks]);
  useEffect(() => () => worker.want(null, '', () => Promise.reject(new Error('nobody looks any more'))), [worker]);
  return { ...work, cancel: () => worker.cancel() };
}
