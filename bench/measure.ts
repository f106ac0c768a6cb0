import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeSafetensors } from '../engine/files/safetensors.ts';
import { Random } from '../engine/random.ts';
import { type PeerLosses, requireAgreement } from './agreement.ts';
import { type BenchCase, rowTitle, type Task } from './cases.ts';
import { type Peer, PeerError, type PeerName, peerNames, type RunReply } from './peer.ts';
import { type StateDict, stepTensors } from './problem.ts';
import { median } from './statistics.ts';

/** What was measured of one row. */
export interface Measured {
  readonly bench: BenchCase;
  /** Real tokens of the batch or the epoch. */
  readonly tokens: number;
  /** Milliseconds of every timed step. */
  readonly samples: Readonly<Partial<Record<PeerName, readonly number[]>>>;
  /** The best rate of a matrix product between the rounds; 0 on other backends than native TensorFlow. */
  readonly sgemmGflops: number;
  /** Sentences on peers that could not compute it. */
  readonly notes: readonly string[];
}

export interface Input {
  readonly task: Task;
  readonly tensors: StateDict;
  readonly tokens: number;
}

/**
 * Milliseconds in which all peers are quiet before another one is timed: threads look for more work a while after theirs, and hold a processor
 * that the next peer wants. onnxruntime's do so for about 30 ms of a processor, PyTorch's for 8.
 */
export const breath = 60;
const losses = 3;
/** First calls after a rest in a turn. */
const rests = 10;

/**
 * How a peer is stepped in its turn: quick steps for about 120 ms, at most 50, after an untimed one that brings its data back to
 * the caches. A millisecond's work is so timed at its pace, not while threads and caches wake up.
 * One that takes a second or more gets fewer turns.
 */
export function turn(ms: number, rounds: number): { readonly warm: number; readonly steps: number; readonly rounds: number } {
  const slow = ms > 3000 ? 2 : ms > 1000 ? 3 : rounds;
  return { warm: ms < 250 ? 1 : 0, steps: Math.min(50, Math.max(1, Math.round(120 / ms))), rounds: Math.min(slow, rounds) };
}

/** Those that have a turn in a round, in another order each round, so that nobody always follows the same neighbour. */
export const inTurn = <T extends { readonly plan: ReturnType<typeof turn> }>(
  ready: readonly T[],
  round: number,
  order: Random,
): readonly T[] => order.shuffle(ready.filter(({ plan }) => round < plan.rounds));

/**
 * Loads a row into every peer, compares their losses, then times them in turn, round by round: what else the machine does
 * slows all alike.
 *
 * @throws UserError `bench-losses-differ`
 */
export async function measureRow(
  bench: BenchCase,
  input: Input,
  peers: readonly Peer[],
  wantedRounds: number,
  file: string,
): Promise<Measured> {
  const notes: string[] = [];
  const ready: { readonly peer: Peer; readonly plan: ReturnType<typeof turn>; readonly times: number[] }[] = [];
  const title = rowTitle(bench);
  const expected = new Map<Task['form'], readonly number[]>();
  for (const peer of peers) {
    try {
      const form = peer.name === 'tfjs_layers' ? 'relevance-before' : 'reset-after';
      const [unroll] = peers;
      if (input.task.cell === 'gru' && form === 'relevance-before' && unroll !== undefined) {
        expected.set(form, (await firstLosses(unroll, variant(input, form), file)).losses);
        await firstLosses(unroll, input, file);
      }
      const first = await firstLosses(peer, input.task.cell === 'gru' ? variant(input, form) : input, file);
      if (peer.name === 'unroll') {
        requireAgreement(title, first.losses, []);
        expected.set('reset-after', first.losses);
      } else {
        requireAgreement(title, expected.get(form) ?? expected.get('reset-after') ?? [], [
          peerLosses(peer.name, bench, first.losses),
        ]);
      }
      ready.push({ peer, plan: turn(median(first.times), wantedRounds), times: [] });
    } catch (error) {
      if (!(error instanceof PeerError) || peer.name === 'unroll') throw error;
      notes.push(`${title} – ${error.message.split('\n')[0] ?? ''}`);
    }
  }
  const rates: number[] = [];
  const order = new Random(1);
  for (let round = 0; round < wantedRounds; round++) {
    for (const entry of inTurn(ready, round, order)) {
      const { warm, steps } = bench.rested ? { warm: 0, steps: 1 } : entry.plan;
      for (let call = 0; call < (bench.rested ? rests : 1); call++) {
        await pause(breath);
        entry.times.push(...(await entry.peer.run(warm, steps)).times);
      }
    }
    if (round < 2) for (const { peer } of ready) if (multipliesFast(peer, bench)) rates.push(await peer.sgemm());
  }
  return {
    bench,
    tokens: input.tokens,
    samples: Object.fromEntries(ready.map(({ peer, times }) => [peer.name, times])),
    sgemmGflops: Math.max(0, ...rates),
    notes,
  };
}

/** Who is asked for the machine's rate: the native libraries. */
const multipliesFast = ({ name }: Peer, { backend }: BenchCase): boolean =>
  backend === 'tensorflow' && (name === 'unroll' || name === 'pytorch');

/** The losses of a freshly loaded row. */
async function firstLosses(peer: Peer, input: Input, file: string): Promise<RunReply> {
  await writeFile(file, encodeSafetensors(input.tensors));
  await peer.load(input.task, file);
  return peer.run(0, input.task.kind === 'epoch' ? 1 : losses);
}

/**
 * The row with the other form of GRU. tfjs-layers has only the relevance-before one: it computes that, of the same size, and its
 * losses are compared with those of Unroll's relevance-before GRU.
 */
function variant(input: Input, form: Task['form']): Input {
  return input.task.form === form ? input : stepInput({ ...input.task, form });
}

function peerLosses(name: PeerName, { backend, task }: BenchCase, found: readonly number[]): PeerLosses {
  const epoch = task.kind === 'epoch' ? { untrained: Math.log(task.classes) } : {};
  return { peer: peerNames[name], losses: found, training: trainingOf(name, backend), ...epoch };
}

function trainingOf(name: PeerName, backend: BenchCase['backend']): PeerLosses['training'] {
  if (name === 'pytorch') return 'same';
  if (name === 'unroll_bfloat16' || name === 'pytorch_bfloat16') return 'rounded';
  return name === 'tfjs_layers' && backend === 'wasm' ? 'frozen' : 'one-bias';
}

export const stepInput = (task: Task): Input => ({ task, ...stepTensors(task) });
