import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchBackend, type BenchCase, epochTemplates, memoryCases, rowTitle, stepCases } from './cases.ts';
import { epochProblem, epochTask, epochTensors } from './epoch-problem.ts';
import { worstAllowed } from './goals.ts';
import { otherWork, thisMachine } from './machine.ts';
import { type Input, type Measured, measureRow, stepInput } from './measure.ts';
import { measureMemory } from './memory.ts';
import { type Peer, peerNames } from './peer.ts';
import { type MemoryResult, type ResultRow, type Results, type RowProfile, ratio, rowOf } from './results.ts';
import { startPeers } from './start-peers.ts';
import { median } from './statistics.ts';

export interface BenchOptions {
  readonly quick: boolean;
  readonly backends: readonly BenchBackend[];
  readonly rounds: number;
  readonly only: RegExp;
  /** A line for whoever watches. */
  readonly say: (line: string) => void;
}

/** Lines of an epoch are few and long. */
const epochRounds = 3;

interface Collected {
  readonly measured: Measured[];
  readonly profiles: RowProfile[];
  readonly notes: string[];
  readonly versions: Record<string, string>;
  readonly rates: number[];
}

/** Measures everything that was asked for, in one run. @throws UserError `bench-losses-differ` */
export async function runBench(options: BenchOptions): Promise<Results> {
  const machine = thisMachine();
  const workBefore = await otherWork();
  const collected: Collected = { measured: [], profiles: [], notes: [], versions: {}, rates: [] };
  const scratch = await mkdtemp(join(tmpdir(), 'unroll-bench-'));
  const memory: MemoryResult[] = [];
  try {
    const file = join(scratch, 'task.safetensors');
    for (const backend of options.backends) await runBackend(backend, options, collected, file);
    if (!options.quick && options.backends.includes('tensorflow')) {
      for (const bench of memoryCases.filter((row) => options.only.test(rowTitle(row)))) {
        options.say(`memory of ${rowTitle(bench)}`);
        memory.push(...(await measureMemory(bench, file)));
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const gflops = median(collected.rates);
  return {
    machine: {
      ...machine,
      other_work: Math.max(workBefore, await otherWork()),
      versions: collected.versions,
      sgemm_gflops: Number(gflops.toPrecision(5)),
    },
    rows: collected.measured.map((row) => rowOf(row, gflops)),
    memory,
    profiles: collected.profiles,
    notes: collected.notes,
  };
}

async function runBackend(backend: BenchBackend, options: BenchOptions, collected: Collected, file: string): Promise<void> {
  const cases = stepCases.filter(
    (row) => row.backend === backend && (row.quick || !options.quick) && options.only.test(rowTitle(row)),
  );
  const epochs = backend === 'tensorflow' && !options.quick ? await epochCases(options.only) : [];
  if (cases.length + epochs.length === 0) return;
  const started = await startPeers(backend);
  if ('reason' in started) {
    collected.notes.push(`${backend}: ${started.reason}`);
    options.say(`${backend}: not measured, ${started.reason}`);
    return;
  }
  const { peers, absent } = started;
  try {
    if (backend !== 'tensorflow' && collected.rates.length === 0) collected.rates.push(await machineRate(collected.notes));
    for (const line of absent) options.say(`absent: ${line}`);
    collected.notes.push(...absent);
    for (const { name, version } of peers) {
      const key = name === 'unroll' ? `${peerNames[name]} (${backend})` : peerNames[name];
      collected.versions[key] = version;
    }
    for (const bench of cases) await runRow(bench, stepInput(bench.task), peers, options.rounds, collected, options.say, file);
    for (const { bench, input } of epochs) {
      await runRow(bench, input, peers.filter(hasEpochs), epochRounds, collected, options.say, file);
    }
  } finally {
    await started.close();
  }
}

/** The machine's rate for a run without native rows: of the native libraries, or of WASM where there is none. */
async function machineRate(notes: string[]): Promise<number> {
  const native = await startPeers('tensorflow', ['unroll', 'pytorch']);
  const started = 'reason' in native ? await startPeers('wasm', ['unroll']) : native;
  if ('reason' in started) throw new Error(started.reason);
  if (started !== native)
    notes.push('the floor follows from the rate of matrix products on WASM: there is no native library here');
  try {
    return Math.max(...(await inTurn(started.peers)));
  } finally {
    await started.close();
  }
}

async function inTurn(peers: readonly Peer[]): Promise<number[]> {
  const rates: number[] = [];
  for (const peer of peers) rates.push(await peer.sgemm());
  return rates;
}

const hasEpochs = ({ name }: Peer): boolean => name === 'unroll' || name === 'pytorch';

async function runRow(
  bench: BenchCase,
  input: Input,
  peers: readonly Peer[],
  rounds: number,
  { measured, profiles, notes, rates }: Collected,
  say: (line: string) => void,
  file: string,
): Promise<void> {
  const row = await measureRow(bench, input, peers, rounds, file);
  measured.push(row);
  notes.push(...row.notes);
  for (const note of row.notes) say(`not measured: ${note}`);
  if (row.sgemmGflops > 0) rates.push(row.sgemmGflops);
  const result = rowOf(row, row.sgemmGflops > 0 ? row.sgemmGflops : median(rates));
  say(lineOf(row, result));
  const againstPytorch = ratio(result, 'pytorch_ms');
  const [unroll] = peers;
  if (againstPytorch !== null && againstPytorch < worstAllowed && unroll !== undefined && bench.task.kind !== 'epoch') {
    profiles.push({ row: rowTitle(bench), kernels: await unroll.profile() });
  }
}

async function epochCases(only: RegExp): Promise<{ readonly bench: BenchCase; readonly input: Input }[]> {
  const found: { readonly bench: BenchCase; readonly input: Input }[] = [];
  for (const template of epochTemplates) {
    const problem = await epochProblem(template);
    const task = epochTask(template, problem);
    const bench: BenchCase = { name: `epoch of ${template}`, backend: 'tensorflow', task, quick: false };
    if (only.test(rowTitle(bench))) found.push({ bench, input: { task, ...epochTensors(problem) } });
  }
  return found;
}

function lineOf({ bench, sgemmGflops }: Measured, row: ResultRow): string {
  const times: readonly (readonly [string, number | null])[] = [
    ['unroll', row.unroll_ms],
    ['pytorch', row.pytorch_ms],
    ['keras', row.keras_ms],
    ['tfjs-layers', row.tfjs_layers_ms],
  ];
  const columns = times.map(([name, ms]) => `${name} ${(ms === null ? '–' : ms.toFixed(1)).padStart(7)}`);
  const floor = `${((100 * row.floor_ms) / row.unroll_ms).toFixed(0).padStart(3)} % of floor`;
  const rate = sgemmGflops > 0 ? `  sgemm ${sgemmGflops.toFixed(0)} GFLOP/s` : '';
  return `${rowTitle(bench).padEnd(48)} ${columns.join('  ')}  ms  ${floor}${rate}`;
}
