import { type MethodName, type MethodParams, type MethodResult, methods } from '../protocol/contract.ts';
import { type Failure, fromEngine, UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';

/** What this engine itself asks of the one on the other machine. */
export class FarCalls {
  readonly #send: (text: string) => void;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: UserError): void }>();
  #next = 1;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  async call<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> {
    const id = this.#next++;
    const result = await new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send(figuresToJson({ id, method, params }));
    });
    return methods[method].result.parse(result) as MethodResult<M>;
  }

  /** Answers are taken; of events the windows are told. */
  receive(text: string): void {
    if (!text.startsWith('{"id":')) return;
    const message = fromEngine.parse(JSON.parse(text));
    if ('event' in message) return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new UserError(message.error));
  }

  giveUp(failure: Failure): void {
    for (const { reject } of this.#waiting.values()) reject(new UserError(failure));
    this.#waiting.clear();
  }
}
