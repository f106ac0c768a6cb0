import { z } from 'zod';
import type { Task } from './cases.ts';

const greeting = z.object({ version: z.string(), peakBytes: z.number() });
const run = z.object({ times: z.array(z.number()), losses: z.array(z.number()) });
const sgemm = z.object({ gflops: z.number() });
const memory = z.object({ peakBytes: z.number() });
const profile = z.object({ kernels: z.array(z.object({ name: z.string(), ms: z.number() })) });
const failure = z.object({ error: z.string() });
const done = z.object({});

/** What a peer is asked, one JSON object a line. `load` replaces what was loaded; `run` answers for the steps after `warm`. */
export type Request =
  | { readonly do: 'load'; readonly task: Task; readonly file: string }
  | { readonly do: 'run'; readonly warm: number; readonly steps: number }
  | { readonly do: 'sgemm' | 'memory' | 'profile' };

export type RunReply = z.infer<typeof run>;
export type Profile = z.infer<typeof profile>['kernels'];

/** One way to send a request and get the answer, both JSON. */
export interface Channel {
  ask(request: Request): Promise<unknown>;
  /** The peer's first line. */
  readonly greeting: unknown;
  /** Whether it has broken off. */
  ended(): boolean;
  close(): Promise<void>;
}

export const peerNames = {
  unroll: 'Unroll',
  unroll_bfloat16: 'Unroll bfloat16',
  pytorch: 'PyTorch',
  pytorch_bfloat16: 'PyTorch bfloat16',
  keras: 'Keras',
  tfjs_layers: 'tfjs-layers',
  onnxruntime: 'onnxruntime',
} as const;
export type PeerName = keyof typeof peerNames;

/** A resident process, or browser page, that computes when it is asked and waits otherwise. */
export class Peer {
  readonly name: PeerName;
  readonly version: string;
  /** Memory before the first task. */
  readonly startBytes: number;
  readonly #channel: Channel;

  constructor(name: PeerName, channel: Channel) {
    const first = greeting.parse(answer(name, channel.greeting));
    this.name = name;
    this.version = first.version;
    this.startBytes = first.peakBytes;
    this.#channel = channel;
  }

  /** @throws PeerError with the peer's own words, here and below. */
  async load(task: Task, file: string): Promise<void> {
    done.parse(await this.#ask({ do: 'load', task, file }));
  }

  run(warm: number, steps: number): Promise<RunReply> {
    return this.#ask({ do: 'run', warm, steps }).then((reply) => run.parse(reply));
  }

  async sgemm(): Promise<number> {
    return sgemm.parse(await this.#ask({ do: 'sgemm' })).gflops;
  }

  async peakBytes(): Promise<number> {
    return memory.parse(await this.#ask({ do: 'memory' })).peakBytes;
  }

  /** Time by kernel of one step; Unroll only. */
  async profile(): Promise<Profile> {
    return profile.parse(await this.#ask({ do: 'profile' })).kernels;
  }

  /** Whether it has broken off and must be started anew. */
  get ended(): boolean {
    return this.#channel.ended();
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  async #ask(request: Request): Promise<unknown> {
    return answer(this.name, await this.#channel.ask(request));
  }
}

/** A peer that could not do what it was asked. */
export class PeerError extends Error {}

function answer(name: PeerName, reply: unknown): unknown {
  const failed = failure.safeParse(reply);
  if (failed.success) throw new PeerError(`${peerNames[name]}: ${failed.data.error}`);
  return reply;
}
