import { givingWay } from '../event-loop.ts';
import { inThread, ThreadCancelled, type ThreadOptions } from '../inspect/analysis/in-thread.ts';
import type { AnalysisQuestion, Answer } from '../inspect/analysis/questions.ts';
import { UserError } from '../protocol/envelope.ts';
import type { EngineContext, Service } from './context.ts';

interface Progress {
  readonly done: number;
  readonly of: number;
}

/** How often progress is told, ms. */
const toldEvery = 100;

/** Work inside networks that gives way to everything else, tells how far it is and can be ended. */
export class InspectWork {
  readonly #context: Pick<EngineContext, 'emit'>;
  readonly #running = new Map<string, AbortController>();

  constructor(context: Pick<EngineContext, 'emit'>) {
    this.#context = context;
  }

  readonly handlers: Pick<Service<'inspect'>, 'inspect.cancel'> = {
    'inspect.cancel': async ({ id }) => {
      this.#running.get(id)?.abort();
      return {};
    },
  };

  /** Piece by piece. @param id absent: nobody follows it. @throws UserError `cancelled` */
  pieces<T>(id: string | undefined, work: Generator<Progress, T>): Promise<T> {
    if (id === undefined) return givingWay(work);
    return this.run(id, (tell, signal) =>
      givingWay(work, (progress) => {
        if (signal.aborted) throw cancelled;
        tell(progress);
      }),
    );
  }

  /** In a thread of its own, which ends with it. @param id absent: nobody follows it. @throws UserError `cancelled`, and as `inThread` */
  async thread<Q extends AnalysisQuestion>(
    id: string | undefined,
    question: Q,
    options: Pick<ThreadOptions, 'limit'> = {},
  ): Promise<Answer<Q>> {
    if (id === undefined) return inThread(question, options);
    try {
      return await this.run(id, (tell, signal) =>
        inThread(question, { ...options, signal, onProgress: (done, of) => tell({ done, of }) }),
      );
    } catch (error) {
      throw error instanceof ThreadCancelled ? cancelled : error;
    }
  }

  /** @param work tells how far it is, and ends early when the signal says so */
  async run<T>(id: string, work: (tell: (progress: Progress) => void, signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    // Whoever uses a name again has no more use for what it named before.
    this.#running.get(id)?.abort();
    this.#running.set(id, controller);
    let told = Number.NEGATIVE_INFINITY;
    const tell = ({ done, of }: Progress): void => {
      if (performance.now() - told < toldEvery) return;
      told = performance.now();
      this.#context.emit('inspect.progress', { id, done, of });
    };
    try {
      return await work(tell, controller.signal);
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }
}

/** What work fails with that has nothing to tell when it is ended. */
export const cancelled = new UserError({ code: 'cancelled', message: 'This was cancelled.', hint: 'Ask again.' });
