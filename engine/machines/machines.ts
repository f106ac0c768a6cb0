import type { Caller, EventName, MethodName, MethodParams, MethodResult } from '../protocol/contract.ts';
import { type Failure, UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import type { MachineState } from '../protocol/machine.ts';
import { isThere, isThereEvent } from '../protocol/places.ts';
import { FarCalls } from './far-calls.ts';
import { bySsh, openLink, type Reach } from './far-link.ts';
import type { EngineLine } from './greeting.ts';
import { carried, closed, opened, own, readCarried } from './served-windows.ts';
import { Session } from './session.ts';

/** ms until a lost connection is sought again: at first, and at most. */
const pauses = { first: 500, longest: 30_000 };

interface Options {
  tell(state: MachineState): void;
  readonly reach?: Reach;
  readonly pauses?: typeof pauses;
}

/** A machine that the windows are on, or are to be. */
interface Far {
  readonly host: string;
  session: Session;
  engine: EngineLine | null;
  end: () => void;
  timer: ReturnType<typeof setTimeout> | null;
  pause: number;
  /** Settles the first attempt. */
  readonly first: { resolve(): void; reject(error: UserError): void };
}

/**
 * The machine that the windows are on: this one, or one that is reached over ssh. Requests that are of data, devices and runs are carried
 * there, whatever happens to the connection meanwhile: it is sought again until somebody says that it need not be.
 */
export class Machines {
  readonly #options: Options;
  readonly #pauses: typeof pauses;
  readonly #windows = new Map<Caller, number>();
  readonly #waiting = new Map<number, Set<number>>();
  readonly #calls: FarCalls;
  #next = own + 1;
  #joined = 0;
  #state: MachineState = { kind: 'here', joined: 0 };
  #far: Far | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#pauses = options.pauses ?? pauses;
    this.#calls = new FarCalls((text) => this.#far?.session.send(carried(own, text)));
  }

  get state(): MachineState {
    return this.#state;
  }

  /** Whether requests go to another machine. */
  get isThere(): boolean {
    return this.#state.kind === 'there' || this.#state.kind === 'away';
  }

  /** Whether an event of this engine is none of what the windows show. */
  hides(event: EventName): boolean {
    return this.isThere && isThereEvent(event);
  }

  /**
   * Joins the windows to a machine.
   *
   * @throws UserError with what stands in the way; the windows are on this machine then
   */
  async connect(host: string): Promise<MachineState> {
    this.disconnect();
    await new Promise<void>((resolve, reject) => {
      const far: Far = {
        host,
        session: this.#session(),
        engine: null,
        end: () => undefined,
        timer: null,
        pause: this.#pauses.first,
        first: { resolve, reject },
      };
      this.#far = far;
      this.#set({ kind: 'connecting', joined: this.#joined, host, step: `Connecting to ${host} …` });
      this.#open(far);
    });
    return this.#state;
  }

  /** Back to this machine. What trains there goes on. */
  disconnect(): void {
    const far = this.#far;
    if (far === null) return;
    this.#far = null;
    if (far.timer !== null) clearTimeout(far.timer);
    far.session.detach();
    far.end();
    far.first.reject(cancelled);
    this.#giveUp({ code: 'connection-ended', message: `The connection to ${far.host} was ended.` });
    if (this.isThere) this.#joined++;
    this.#set({ kind: 'here', joined: this.#joined });
  }

  /** Looks for a lost connection now. */
  retry(): void {
    const far = this.#far;
    if (far === null || far.timer === null) return;
    clearTimeout(far.timer);
    this.#open(far);
  }

  /**
   * A request of a window.
   *
   * @returns whether it was carried to the other machine, whose answer the window is given
   */
  carry(text: string, window: Caller): boolean {
    const number = this.#windows.get(window) ?? this.#enter(window);
    if (!this.isThere) return false;
    const asked = readRequest(text);
    if (asked === null || !isThere(asked.method) || asked.here) return false;
    const waiting = this.#waiting.get(number) ?? new Set();
    waiting.add(asked.id);
    this.#waiting.set(number, waiting);
    this.#far?.session.send(carried(number, text));
    return true;
  }

  /** A window has gone. */
  left(window: Caller): void {
    const number = this.#windows.get(window);
    if (number === undefined) return;
    this.#windows.delete(window);
    this.#waiting.delete(number);
    if (this.isThere) this.#far?.session.send(closed(number));
  }

  /** Asks the engine there, on this engine's own behalf. @throws UserError with its words */
  call<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> {
    return this.#calls.call(method, params);
  }

  #enter(window: Caller): number {
    const number = this.#next++;
    this.#windows.set(window, number);
    if (this.isThere) this.#far?.session.send(opened(number));
    return number;
  }

  #session(id?: string): Session {
    return new Session((line) => this.#receive(line), id);
  }

  #open(far: Far): void {
    far.timer = null;
    if (far.session.overflowed) far.session = this.#session();
    if (this.#state.kind === 'away') this.#set({ ...this.#state, next: null });
    const current = (): boolean => this.#far === far;
    far.end = openLink(
      far.host,
      { id: far.session.id, received: far.session.received },
      {
        step: (step) => {
          if (current() && this.#state.kind === 'connecting') this.#set({ ...this.#state, step });
        },
        opened: (engine, write) => {
          if (current()) this.#opened(far, engine, write);
        },
        beat: () => {
          if (current()) far.session.beat();
        },
        line: (text) => !current() || far.session.receive(text),
        closed: (failure) => {
          if (current()) this.#closed(far, failure);
        },
      },
      this.#options.reach ?? bySsh,
    );
  }

  #opened(far: Far, engine: EngineLine, write: (line: string) => void): void {
    const { session } = far;
    if (engine.resumed && !session.continues(engine.received)) {
      // Neither side can go on with the other's: both begin anew.
      far.session = this.#session();
      far.end();
      return;
    }
    far.pause = this.#pauses.first;
    if (!engine.resumed) {
      if (far.engine !== null) {
        this.#giveUp(far.engine.engine === engine.engine ? tooLong(far.host) : engineEnded(far.host));
        session.detach();
        far.session = this.#session(session.id);
      }
      this.#joined++;
      for (const number of this.#windows.values()) far.session.send(opened(number));
    }
    far.engine = engine;
    far.session.attach(write, engine.received);
    const { hostname, platform, home, documents } = engine;
    this.#set({ kind: 'there', joined: this.#joined, host: far.host, hostname, platform, home, documents });
    far.first.resolve();
  }

  #closed(far: Far, failure: Failure): void {
    far.session.detach();
    if (far.engine === null) {
      this.#far = null;
      this.#set({ kind: 'here', joined: this.#joined });
      far.first.reject(new UserError(failure));
      return;
    }
    const { hostname, platform, home, documents } = far.engine;
    const pause = far.pause;
    far.pause = Math.min(this.#pauses.longest, pause * 2);
    far.timer = setTimeout(() => this.#open(far), pause);
    const told = failure.code === 'connection-lost' ? null : failure;
    const next = Date.now() + pause;
    this.#set({ kind: 'away', joined: this.#joined, host: far.host, hostname, platform, home, documents, failure: told, next });
  }

  #receive(line: string): void {
    const message = readCarried(line);
    if (message === null) return;
    if (message.window === own) {
      this.#calls.receive(message.text);
      return;
    }
    const id = /^\{"id":(\d+),"ok":/.exec(message.text)?.[1];
    if (id !== undefined) this.#waiting.get(message.window)?.delete(Number(id));
    for (const [window, number] of this.#windows) if (number === message.window) window(message.text);
  }

  /** What was asked there is not answered any more. */
  #giveUp(failure: Failure): void {
    for (const [window, number] of this.#windows)
      for (const id of this.#waiting.get(number) ?? []) window(figuresToJson({ id, ok: false, error: failure }));
    this.#waiting.clear();
    this.#calls.giveUp(failure);
  }

  #set(state: MachineState): void {
    this.#state = state;
    this.#options.tell(state);
  }
}

const engineEnded = (host: string): Failure => ({
  code: 'far-engine-ended',
  message: `The engine on ${host} was started anew while the connection was away.`,
  hint: 'A run that trained there can be resumed from its last checkpoint. Where a machine ends programs at logout, `loginctl enable-linger` keeps them.',
});

const tooLong = (host: string): Failure => ({
  code: 'connection-lost',
  message: `The connection to ${host} was away for too long.`,
  hint: 'Ask again.',
});

const cancelled = new UserError({ code: 'cancelled', message: 'Connecting was cancelled.' });

function readRequest(text: string): { readonly id: number; readonly method: string; readonly here: boolean } | null {
  try {
    const { id, method, params } = JSON.parse(text) as { id?: unknown; method?: unknown; params?: { here?: unknown } };
    if (!Number.isInteger(id) || typeof method !== 'string') return null;
    return { id: id as number, method, here: params?.here === true };
  } catch {
    return null;
  }
}
