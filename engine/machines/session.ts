import { randomBytes } from 'node:crypto';

/** Bytes of messages that are kept for a side that is away; one that would need more has to begin anew. */
const mostKept = 64 * 2 ** 20;

/** ms after which what was received is acknowledged, where nothing else is sent that would say so. */
const acknowledgeAfter = 200;

/** A line of the wire: number of the message (0: none), number of the last one received, and the message. */
const frame = /^(\d{1,15}) (\d{1,15})(?: (.*))?$/s;

/**
 * One side of a conversation that outlives its connections. Each message has a number and is kept until the other side has told that it
 * has it; on a new connection what was under way is sent again, and what comes twice is dropped: each message arrives once, in order.
 */
export class Session {
  readonly id: string;
  readonly #deliver: (message: string) => void;
  #write: ((line: string) => void) | null = null;
  #sent = 0;
  #received = 0;
  #acknowledged = 0;
  /** Sent, and not yet acknowledged; oldest first. */
  #kept: { readonly number: number; readonly message: string }[] = [];
  #bytes = 0;
  #overflowed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param deliver is given each message of the other side, once */
  constructor(deliver: (message: string) => void, id = randomBytes(18).toString('base64url')) {
    this.#deliver = deliver;
    this.id = id;
  }

  /** Number of the last message that was received. */
  get received(): number {
    return this.#received;
  }

  /** Whether more was to be kept for the other side than there is room for: the conversation cannot go on. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Whether nothing is missing for a side that has received so many messages. */
  continues(theirs: number): boolean {
    if (this.#overflowed || theirs > this.#sent) return false;
    return theirs >= (this.#kept[0]?.number ?? this.#sent + 1) - 1;
  }

  /** @param message one line */
  send(message: string): void {
    if (this.#overflowed) return;
    const number = ++this.#sent;
    this.#bytes += message.length;
    if (this.#write === null && this.#bytes > mostKept) {
      this.#overflowed = true;
      this.#kept = [];
      return;
    }
    this.#kept.push({ number, message });
    this.#post(number, message);
  }

  /** A connection is there. @param theirs number of the last message that the other side has received */
  attach(write: (line: string) => void, theirs: number): void {
    this.#write = write;
    this.#drop(theirs);
    for (const { number, message } of this.#kept) this.#post(number, message);
  }

  /** The connection is gone. */
  detach(): void {
    this.#write = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Says no more than that this side is there. */
  beat(): void {
    this.#post(0);
  }

  /** @returns `false` for a line that is none of the other side's */
  receive(line: string): boolean {
    const [, number = '', theirs = '', message] = frame.exec(line) ?? [];
    if (number === '') return false;
    this.#drop(Number(theirs));
    if (message === undefined || Number(number) <= this.#received) return true;
    if (Number(number) !== this.#received + 1) return false;
    this.#received++;
    this.#acknowledgeSoon();
    this.#deliver(message);
    return true;
  }

  #post(number: number, message?: string): void {
    if (this.#write === null) return;
    this.#acknowledged = this.#received;
    this.#write(message === undefined ? `${number} ${this.#received}` : `${number} ${this.#received} ${message}`);
  }

  #acknowledgeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.#acknowledged < this.#received) this.beat();
    }, acknowledgeAfter);
    this.#timer.unref?.();
  }

  #drop(upTo: number): void {
    const left = this.#kept.findIndex(({ number }) => number > upTo);
    const gone = this.#kept.splice(0, left < 0 ? this.#kept.length : left);
    for (const { message } of gone) this.#bytes -= message.length;
  }
}
