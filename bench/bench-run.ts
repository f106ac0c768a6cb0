import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchBackend, type BenchCase, epochTemplates, memoryCases, rowTitle, stepCases, type Task } from './cases.ts';
import { epochProblem, epochTask, epochTensors } from './epoch-problem.ts';
import { Findings } from './findings.ts';
import { worstAllowed } from './goals.ts';
import { otherWork, thisMachine } from './machine.ts';
import { type Input, measureRow, stepInput } from './measure.ts';
import { measureMemory } from './memory.ts';
import { type Peer, type PeerName, peerNames } from './peer.ts';
import { type Results, ratio } from './results.ts';
import { lineOf } from './row-line.ts';
import { expectedSeconds } from './schedule.ts';
import { type StartedPeers, startPeers } from './start-peers.ts';

export interface BenchOptions {
  readonly quick: boolean;
  readonly backends: readonly BenchBackend[];
  readonly rounds: number;
  readonly only: RegExp;
  /** What an earlier run found: its rows are not measured again. */
  readonly before: Results | null;
  /** A line for whoever watches. */
  readonly say: (line: string) => void;
  /** Called after each row with everything found so far. */
  readonly save: (results: Results) => Promise<void>;
}

/** Lines of an epoch are few and long. */
const epochRounds = 3;
const memorySeconds = 25;

/** One thing to measure. */
interface Work {
  readonly bench: BenchCase;
  readonly title: string;
  readonly seconds: number;
  readonly input: () => Promise<Input>;
  readonly rounds: number;
}

/**
 * Measures everything that was asked for, in one run. A row that fails is named in `failures` and costs no other row: peers that
 * broke off are started anew.
 */
export async function runBench(options: BenchOptions): Promise<Results> {
  const rows = options.backends.map((backend) => ({ backend, work: workOf(backend, options) }));
  const withMemory = !options.quick && options.backends.includes('tensorflow');
  const memory = memoryCases.filter((row) => withMemory && options.only.test(rowTitle(row)));
  const findings = new Findings(thisMachine(), await otherWork(), options);
  const planned = rows.flatMap(({ work }) => work).filter(({ title }) => !findings.has(title));
  findings.plan([...planned.map(({ seconds }) => seconds), ...memory.map(() => memorySeconds)]);
  const scratch = await mkdtemp(join(tmpdir(), 'unroll-bench-'));
  try {
    const file = join(scratch, 'task.safetensors');
    for (const { backend, work } of rows) {
      const wanted = work.filter(({ title }) => !findings.has(title));
      if (wanted.length > 0) await runBackend(backend, wanted, findings, file);
    }
    for (const bench of memory) {
      const title = rowTitle(bench);
      if (findings.hasMemory(title)) continue;
      await findings.attempt(`memory of ${title}`, async () => findings.addMemory(await measureMemory(bench, file)));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return findings.finish(await otherWork());
}

function workOf(backend: BenchBackend, { quick, only, rounds }: BenchOptions): Work[] {
  const steps = stepCases
    .filter((row) => row.backend === backend && (row.quick || !quick))
    .map((bench) => ({ bench, rounds, input: async () => stepInput(bench.task) }));
  const epochs = backend === 'tensorflow' && !quick ? epochTemplates.map(epochWork) : [];
  return [...steps, ...epochs]
    .map((work) => ({ ...work, title: rowTitle(work.bench), seconds: expectedSeconds(work.bench, work.rounds) }))
    .filter(({ title }) => only.test(title));
}

/** Knows its template's structure by name only, until its data is read. */
function epochWork({ template, ...structure }: (typeof epochTemplates)[number]): Pick<Work, 'bench' | 'rounds' | 'input'> {
  const anyStep = stepCases[0]?.task;
  if (anyStep === undefined) throw new Error('there is no row');
  const task = { ...anyStep, kind: 'epoch' as const, ...structure, template };
  return {
    bench: { name: `epoch of ${template}`, backend: 'tensorflow', task, quick: false, rested: false },
    rounds: epochRounds,
    input: async () => {
      const problem = await epochProblem(template);
      return { task: epochTask(template, problem), ...epochTensors(problem) };
    },
  };
}

async function runBackend(backend: BenchBackend, work: readonly Work[], findings: Findings, file: string): Promise<void> {
  const open = async (): Promise<StartedPeers | null> => {
    const started = await startPeers(backend);
    if (!('reason' in started)) return started;
    findings.note(`${backend}: ${started.reason}`);
    return null;
  };
  let started = await open();
  if (started === null) return;
  try {
    for (const line of started.absent) findings.note(line);
    for (const { name, version } of started.peers)
      findings.version(name === 'unroll' ? `${peerNames[name]} (${backend})` : peerNames[name], version);
    if (backend !== 'tensorflow' && !findings.knowsRate) findings.rate(await machineRate(findings));
    for (const one of work) {
      if (started === null) return;
      const { peers }: StartedPeers = started;
      const done = await findings.attempt(one.title, () => runRow(one, peers, findings, file));
      if (done && !peers.some((peer) => peer.ended)) continue;
      await started.close().catch(() => undefined);
      started = await open();
    }
  } finally {
    await started?.close();
  }
}

/** tfjs-layers has no epochs here, onnxruntime does not train, and Unroll rounds to bfloat16 in training alone. */
function isAble(name: PeerName, kind: Task['kind']): boolean {
  if (name === 'onnxruntime') return kind === 'inference';
  if (name === 'tfjs_layers') return kind !== 'epoch';
  return kind !== 'inference' || (name !== 'unroll_bfloat16' && name !== 'pytorch_bfloat16');
}

/** The machine's rate for a run without native rows: of the native libraries, or of WASM where there is none. */
async function machineRate(findings: Findings): Promise<number> {
  const native = await startPeers('tensorflow', ['unroll', 'pytorch']);
  const started = 'reason' in native ? await startPeers('wasm', ['unroll']) : native;
  if ('reason' in started) throw new Error(started.reason);
  if (started !== native)
    findings.note('the floor follows from the rate of matrix products on WASM: there is no native library here');
  try {
    const rates: number[] = [];
    for (const peer of started.peers) rates.push(await peer.sgemm());
    return Math.max(...rates);
  } finally {
    await started.close();
  }
}

async function runRow(work: Work, peers: readonly Peer[], findings: Findings, file: string): Promise<void> {
  const input = await work.input();
  const bench = { ...work.bench, task: input.task };
  const able = peers.filter(({ name }) => isAble(name, bench.task.kind));
  const row = await measureRow(bench, input, able, work.rounds, file);
  for (const note of row.notes) findings.note(note);
  const result = findings.addRow(row);
  findings.say(lineOf(row, result));
  const againstPytorch = ratio(result, 'pytorch_ms');
  const [unroll] = peers;
  if (againstPytorch === null || againstPytorch >= worstAllowed || unroll === undefined || bench.task.kind === 'epoch') return;
  findings.profile({ row: work.title, kernels: await unroll.profile() });
}
