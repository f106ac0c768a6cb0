import type { z } from 'zod';
import {
  type EventData,
  type EventName,
  events,
  type MethodName,
  type MethodParams,
  type MethodResult,
  methods,
} from '../../engine/protocol/contract.ts';
import { type Failure, fromEngine } from '../../engine/protocol/envelope.ts';
import { figuresToJson } from '../../engine/protocol/figure.ts';
import { runEvents } from '../../engine/protocol/runs.ts';
import type { FramePace } from './frame-pace.ts';

/** A channel of text messages to the engine: MessagePort in Electron, WebSocket elsewhere. */
export interface Transport {
  send(message: string): void;
  onMessage(listener: (message: string) => void): void;
  onClose(listener: () => void): void;
}

/** A failed call, with the engine's words for the user. */
export class EngineError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

type EngineEvent = Extract<z.infer<typeof fromEngine>, { event: string }>;

/** Typed calls and events over a transport; every message is parsed at this boundary. */
export class EngineClient {
  #next = 1;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #listeners = new Map<string, Set<(data: never) => void>>();
  readonly #transport: Transport;
  readonly #ofRuns: FramePace<EngineEvent> | null;

  /** @param pace for what a run tells while it trains, up to thirty times a second; it keeps its place among all that is heard. Absent: at once */
  constructor(transport: Transport, pace?: (tell: (event: EngineEvent) => void) => FramePace<EngineEvent>) {
    this.#transport = transport;
    this.#ofRuns = pace?.((event) => this.#tell(event)) ?? null;
    transport.onMessage((message) => this.#receive(message));
    transport.onClose(() => {
      this.#ofRuns?.flush();
      const error = new EngineError({
        code: 'engine-crashed',
        message: 'The engine stopped.',
        hint: 'It is being restarted; the run resumes from its checkpoint.',
      });
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  async call<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> {
    const id = this.#next++;
    const result = await new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#transport.send(figuresToJson({ id, method, params }));
    });
    return methods[method].result.parse(result) as MethodResult<M>;
  }

  /** Returns the function that ends the subscription. */
  on<E extends EventName>(event: E, listener: (data: EventData<E>) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    listeners.add(listener as (data: never) => void);
    this.#listeners.set(event, listeners);
    return () => listeners.delete(listener as (data: never) => void);
  }

  #receive(text: string): void {
    const message = fromEngine.parse(JSON.parse(text));
    if (this.#ofRuns && 'event' in message && message.event in runEvents) {
      this.#ofRuns.add(message);
      return;
    }
    this.#ofRuns?.flush();
    if ('event' in message) {
      this.#tell(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new EngineError(message.error));
  }

  #tell({ event, data }: EngineEvent): void {
    const parsed = events[event as EventName]?.parse(data);
    if (parsed !== undefined) for (const listener of this.#listeners.get(event) ?? []) listener(parsed as never);
  }
}
