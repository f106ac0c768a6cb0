import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeSafetensors } from '../../engine/files/safetensors.ts';
import { Random } from '../../engine/random.ts';
import { requireAgreement } from '../agreement.ts';
import type { Task } from '../cases.ts';
import { breath, inTurn, turn } from '../measure.ts';
import { type Peer, PeerError } from '../peer.ts';
import { type StateDict, stepTensors } from '../problem.ts';
import { startPeers } from '../start-peers.ts';
import { median } from '../statistics.ts';
import type { CellCase } from './cases.ts';
import { ownTensors } from './own-tensors.ts';

/** Medians of a row in milliseconds; Unroll's custom cell first. */
export interface CellRow {
  readonly title: string;
  readonly ms: Readonly<Record<string, number>>;
  /** Time of the custom cell as a multiple of the fastest other way. */
  readonly ratio: number;
  readonly wanted: number;
  readonly notes: readonly string[];
}

interface Runner {
  readonly label: string;
  readonly peer: Peer;
  readonly task: Task;
  readonly tensors: StateDict;
}

/**
 * A training step of a custom cell beside the same of the built-in one, or of every way that PyTorch has to run it; in turn, as the rows of
 * the table.
 *
 * @throws UserError `bench-losses-differ`
 */
export async function measureCell(one: CellCase, rounds: number, file: string): Promise<CellRow> {
  const started = await startRunners(one);
  try {
    return await measure(one, started.runners, started.notes, rounds, file);
  } finally {
    await Promise.all(started.runners.map(({ peer }) => peer.close()));
  }
}

async function startRunners({
  backend,
  task,
  against,
}: CellCase): Promise<{ readonly runners: readonly Runner[]; readonly notes: string[] }> {
  const notes: string[] = [];
  const open = async (name: 'unroll' | 'pytorch'): Promise<Peer | null> => {
    const started = await startPeers(backend, [name]);
    if ('reason' in started) throw new Error(started.reason);
    notes.push(...started.absent);
    return started.peers[0] ?? null;
  };
  const custom = await open('unroll');
  if (custom === null) throw new Error('Unroll did not start');
  const runner = (label: string, peer: Peer, own: Task, tensors: StateDict): Runner => ({ label, peer, task: own, tensors });
  if (against !== null) {
    const stock = { ...task, own: null };
    const { tensors } = stepTensors(stock);
    const built = await open('unroll');
    if (built === null) throw new Error('Unroll did not start');
    return {
      notes,
      runners: [runner('custom', custom, task, ownTensors(tensors, against, task)), runner('built-in', built, stock, tensors)],
    };
  }
  const { tensors } = stepTensors(task);
  const runners = [runner('Unroll', custom, task, tensors)];
  const { own } = task;
  if (own === null) throw new Error('a cell without equations');
  for (const way of ['eager', 'script', 'compile'] as const) {
    const peer = await open('pytorch');
    if (peer !== null) runners.push(runner(`PyTorch ${way}`, peer, { ...task, own: { ...own, way } }, tensors));
  }
  return { runners, notes };
}

async function measure(
  { title, wanted }: CellCase,
  runners: readonly Runner[],
  notes: string[],
  rounds: number,
  file: string,
): Promise<CellRow> {
  const ready: { readonly runner: Runner; readonly plan: ReturnType<typeof turn>; readonly times: number[] }[] = [];
  let expected: readonly number[] = [];
  for (const runner of runners) {
    try {
      await writeFile(file, encodeSafetensors(runner.tensors));
      await runner.peer.load(runner.task, file);
      const first = await runner.peer.run(0, 3);
      if (runner === runners[0]) expected = first.losses;
      else requireAgreement(title, expected, [{ peer: runner.label, losses: first.losses, training: 'same' }]);
      // What is compiled on the way is compiled in its first steps.
      const warm = await runner.peer.run(2, 1);
      ready.push({ runner, plan: turn(median(warm.times), rounds), times: [] });
    } catch (error) {
      if (!(error instanceof PeerError) || runner === runners[0]) throw error;
      notes.push(`${runner.label}: ${error.message.split('\n').at(-1) ?? ''}`);
    }
  }
  const order = new Random(1);
  for (let round = 0; round < rounds; round++)
    for (const entry of inTurn(ready, round, order)) {
      await pause(breath);
      entry.times.push(...(await entry.runner.peer.run(entry.plan.warm, entry.plan.steps)).times);
    }
  const ms = Object.fromEntries(ready.map(({ runner, times }) => [runner.label, median(times)]));
  const [own = Number.NaN, ...others] = Object.values(ms);
  return { title, ms, ratio: own / Math.min(...others), wanted, notes };
}
