import type { MethodName, MethodParams, MethodResult } from '../protocol/contract.ts';
import { methods } from '../protocol/contract.ts';
import { type Failure, UserError } from '../protocol/envelope.ts';
import type { FromWorker } from '../protocol/worker-messages.ts';

type WorkerMethod = Extract<MethodName, `worker.${string}`>;

/** Calls of the engine from inside the worker: the window passes them on. */
export class EngineCalls {
  #next = 1;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  readonly #post: (message: FromWorker) => void;

  constructor(post: (message: FromWorker) => void) {
    this.#post = post;
  }

  /** @throws UserError with the engine's failure. */
  async call<M extends WorkerMethod>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> {
    const id = this.#next++;
    const result = await new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ kind: 'call', id, method, params });
    });
    return methods[method].result.parse(result) as MethodResult<M>;
  }

  answered(id: number, result: unknown): void {
    this.#waiting.get(id)?.resolve(result);
    this.#waiting.delete(id);
  }

  refused(id: number, failure: Failure): void {
    this.#waiting.get(id)?.reject(new UserError(failure));
    this.#waiting.delete(id);
  }
}
