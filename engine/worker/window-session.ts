import type { NamedTensor } from '../files/safetensors.ts';
import type { EventData, EventName } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { SessionEnd, SessionOptions, TrainingSession } from '../training/session.tf.ts';
import type { RunSink } from '../training/sink.ts';
import { packJob } from './job.ts';

/** Tells every window. */
export type Emit = <E extends EventName>(event: E, data: EventData<E>) => void;

/** A window with WebGPU answers at once; one that is just starting checks its device first, which software takes a while for. */
const claimTimeout = 60_000;
/** Signs of life come every 5 s, and compiling shaders may hold them up. */
const silenceTimeout = 60_000;
/** Weights come between two steps; a step on a slow device may take seconds. */
const weightsTimeout = 30_000;

/** Weights of a moment of a training. */
export interface LiveWeights {
  readonly step: number;
  readonly weights: ReadonlyMap<string, NamedTensor>;
}

/** The engine's half of a session whose other half trains in a window: the same face as `TrainingSession`. */
export class WindowSession implements Pick<TrainingSession, 'pause' | 'stop' | 'run' | 'dispose'> {
  readonly job: string;
  readonly sink: RunSink;
  readonly #emit: Emit;
  readonly #forget: () => void;
  readonly #uploads = new Map<number, Uint8Array[]>();
  readonly #options: SessionOptions;
  #bytes: Uint8Array | null = null;
  #settle: { resolve(end: SessionEnd): void; reject(error: Error): void } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #wanted: 'pause' | 'stop' | null = null;
  #claimed = false;
  /** Who asks meanwhile gets the same answer. */
  #asked: { readonly answer: Promise<LiveWeights | null>; settle(live: LiveWeights | null): void } | null = null;

  /** @param forget called when the session is disposed */
  constructor(job: string, options: SessionOptions, emit: Emit, forget: () => void) {
    this.job = job;
    this.#options = options;
    this.#emit = emit;
    this.#forget = forget;
    this.sink = options.sink;
  }

  /** @throws UserError `window-missing` when no window takes the job, `window-closed` when the one that did is gone. */
  run(): Promise<SessionEnd> {
    this.#bytes = packJob(this.#options);
    const ended = new Promise<SessionEnd>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#expect(claimTimeout, {
      code: 'window-missing',
      message: 'WebGPU trains in the window, and no window with WebGPU took the run.',
      hint: 'Open Unroll’s window, or choose another device.',
    });
    this.offer();
    return ended.finally(() => {
      clearTimeout(this.#timer);
      this.#bytes = null;
    });
  }

  /** Tells the windows of the run while none has taken it. */
  offer(): void {
    if (this.#bytes !== null && this.#settle !== null && !this.#claimed) this.#emit('worker.start', { job: this.job });
  }

  pause(): void {
    this.#command('pause');
  }

  stop(): void {
    this.#command('stop');
  }

  /** The weights of this moment, handed over by the window between two steps; `null` where it has none, or has gone. */
  weights(): Promise<LiveWeights | null> {
    if (!this.#claimed || this.#settle === null) return Promise.resolve(null);
    if (this.#asked === null) {
      let settle: (live: LiveWeights | null) => void = () => undefined;
      const answer = new Promise<LiveWeights | null>((resolve) => {
        const timer = setTimeout(() => settle(null), weightsTimeout);
        settle = (live) => {
          clearTimeout(timer);
          this.#asked = null;
          resolve(live);
        };
      });
      this.#asked = { answer, settle: (live) => settle(live) };
      this.#emit('worker.command', { job: this.job, command: 'weights' });
    }
    return this.#asked.answer;
  }

  /** What `weights` asked for. */
  handOver(live: LiveWeights | null): void {
    this.#asked?.settle(live);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.handOver(null);
    this.#uploads.clear();
    this.#forget();
  }

  /** @returns the size of the packed job for the first window that asks, `null` for the others. */
  claim(): number | null {
    if (this.#bytes === null || this.#settle === null || this.#claimed) return null;
    this.#claimed = true;
    this.alive();
    if (this.#wanted !== null) this.#emit('worker.command', { job: this.job, command: this.#wanted });
    return this.#bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    return this.#bytes?.subarray(offset, offset + length) ?? new Uint8Array();
  }

  write(upload: number, data: Uint8Array): void {
    this.#uploads.set(upload, [...(this.#uploads.get(upload) ?? []), data]);
  }

  /** A complete upload, once. */
  take(upload: number): Uint8Array {
    const parts = this.#uploads.get(upload) ?? [];
    this.#uploads.delete(upload);
    return Buffer.concat(parts);
  }

  /** A sign of life from the window. */
  alive(): void {
    this.#expect(silenceTimeout, {
      code: 'window-closed',
      message: 'The window that trained this run on WebGPU does not answer any more.',
      hint: 'Resume the run: it goes on from its last checkpoint.',
    });
  }

  end(end: SessionEnd | UserError): void {
    if (end instanceof UserError) this.#settle?.reject(end);
    else this.#settle?.resolve(end);
    this.#settle = null;
    this.handOver(null);
  }

  #command(command: 'pause' | 'stop'): void {
    this.#wanted = command;
    if (this.#claimed) this.#emit('worker.command', { job: this.job, command });
  }

  #expect(milliseconds: number, failure: UserError['failure']): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(new UserError(failure)), milliseconds);
  }
}
