import type { Failure } from '../../engine/protocol/envelope.ts';
import type { Transport } from './engine-client.ts';

interface LinkHandlers {
  opened(send: (message: string) => void): void;
  received(message: string): void;
  /** It ended, or could not be opened; `refusal` says why where the other side refused it. */
  closed(refusal?: Failure): void;
}

/** One way to reach the engine. */
export interface Link {
  open(handlers: LinkHandlers): void;
  /** Whether the link opens again by itself after it closed; otherwise `open` is called again. */
  readonly reopens: boolean;
}

type Status = 'connecting' | 'open' | 'lost';

/**
 * A transport that outlives the engine: when the link closes, waiting calls fail at once, and the link is opened again, after
 * 0.25 s at first and at most every 5 s. Messages sent meanwhile wait for the link.
 */
export class ReconnectingTransport implements Transport {
  #send: ((message: string) => void) | null = null;
  #queue: string[] = [];
  #delay = 250;
  #link: Link | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #messageListeners: ((message: string) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  readonly #statusListeners: ((status: Status, refusal: Failure | null) => void)[] = [];

  start(link: Link): void {
    this.#link = link;
    this.#open(link);
  }

  /** Try again now instead of after the delay. */
  retry(): void {
    if (this.#send !== null || this.#link === null || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#open(this.#link);
  }

  send(message: string): void {
    if (this.#send) this.#send(message);
    else this.#queue.push(message);
  }

  onMessage(listener: (message: string) => void): void {
    this.#messageListeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  onStatus(listener: (status: Status, refusal: Failure | null) => void): void {
    this.#statusListeners.push(listener);
  }

  #open(link: Link): void {
    link.open({
      opened: (send) => {
        this.#send = send;
        this.#delay = 250;
        for (const message of this.#queue) send(message);
        this.#queue = [];
        this.#tell('open');
      },
      received: (message) => {
        for (const listener of this.#messageListeners) listener(message);
      },
      closed: (refusal) => {
        if (this.#send) {
          this.#send = null;
          for (const listener of this.#closeListeners) listener();
        }
        this.#tell('lost', refusal);
        if (link.reopens) return;
        this.#timer = setTimeout(() => {
          this.#timer = null;
          this.#open(link);
        }, this.#delay);
        this.#delay = Math.min(5000, this.#delay * 2);
      },
    });
  }

  #tell(status: Status, refusal: Failure | null = null): void {
    for (const listener of this.#statusListeners) listener(status, refusal);
  }
}
