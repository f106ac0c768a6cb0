import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram, bundledScript } from '../cli/built.test-support.ts';
import type { BackendName } from '../protocol/app.ts';
import type { EventData } from '../protocol/contract.ts';
import type { MetricEvent, RunSummary } from '../protocol/runs.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { RunStore } from '../runs/run-store.ts';
import type { SyntheticTask } from '../training/synthetic-task.test-support.ts';
import { type KilledTask, killedTask, onBatchesThread } from './killed-run.task.test-support.ts';
import { RunManager } from './run-manager.ts';

let root = '';
let script = '';
beforeAll(() => {
  buildProgram();
  script = bundledScript(new URL('./killed-run.child.test-support.ts', import.meta.url));
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-killed-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Trains in a process of its own, and kills it with SIGKILL once it has done this many steps. @returns threads that have made batches */
async function trainAndKill(kind: KilledTask, device: BackendName, steps: number): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, [script, root, kind, device], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  let threads = 0;
  child.stderr?.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const signal = await new Promise<string | null>((resolve, reject) => {
    child.stdout?.on('data', (data: Buffer) => {
      threads += data.toString().split('thread').length - 1;
      const reached = Math.max(...[...data.toString().matchAll(/step (\d+)/g)].map((match) => Number(match[1])));
      if (reached >= steps) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (_code, by) => resolve(by));
  });
  if (signal !== 'SIGKILL') throw new Error(`the process ended by itself before it could be killed: ${errors}`);
  return threads;
}

/** Runs to the end in this process. */
function finish(task: SyntheticTask, at: string, begin: (manager: RunManager) => Promise<RunSummary>): Promise<RunSummary> {
  return new Promise((resolve, reject) => {
    const emit = (event: string, data: unknown): void => {
      const { summary } = event === 'run.progress' ? (data as EventData<'run.progress'>) : { summary: null };
      if (summary && summary.status !== 'running') resolve(summary);
    };
    begin(new RunManager(new RunStore(at), { emit }, async () => task.data)).catch(reject);
  });
}

/** Everything that was logged but the clock, and what it decides: which steps were looked at more closely. */
const withoutClock = ({ seconds: _seconds, tokensPerSecond: _speed, health: _health, ...rest }: MetricEvent): object => rest;

const tensorsOf = async (folder: RunFolder) => {
  const checkpoint = await folder.checkpoint();
  if (!checkpoint) throw new Error('no checkpoint');
  return checkpoint;
};

describe.each<[KilledTask, BackendName, number]>([
  ['classes', 'javascript', 20],
  ['classes', 'wasm', 50],
  ['blocks', 'wasm', 30],
  ['sequences', 'wasm', 20],
  ['many examples', 'wasm', 60],
  ['many examples', 'wasm', 140],
])('a run that learns %s on %s, killed after step %i', (kind, device, steps) => {
  it('is shown as interrupted, and resumed equals one that was never killed, byte for byte', { timeout: 240_000 }, async () => {
    const store = new RunStore(root);
    const task = killedTask(kind, device);
    let threads = await trainAndKill(kind, device, steps);
    const count = (worker: Worker): void => onBatchesThread(worker, () => threads++);
    process.on('worker', count);

    const [left] = await store.list();
    if (!left) throw new Error('the killed run is not listed');
    expect(left.status).toBe('interrupted');
    expect(left.message).toContain('Resume goes on from step');
    expect(left.step).toBeGreaterThan(0);
    expect(left.step).toBeLessThan(left.totalSteps);

    const done = await finish(task, root, (manager) => manager.resumeRun(left.id));
    expect(done.status).toBe('done');
    const through = await finish(task, join(root, 'whole'), (manager) => manager.startRun({ document: task.document }));
    expect(done.totalSteps).toBeGreaterThan(steps);
    process.off('worker', count);
    // Of the killed run, the resumed one and the whole one.
    expect(threads).toBe(kind === 'many examples' ? 3 : 0);

    const resumed = store.folder(left.id);
    const whole = new RunStore(join(root, 'whole')).folder(through.id);
    const [one, two] = [await tensorsOf(resumed), await tensorsOf(whole)];
    expect({ ...one.state, seconds: 0 }).toEqual({ ...two.state, seconds: 0 });
    expect([...one.tensors.keys()]).toEqual([...two.tensors.keys()]);
    for (const [name, tensor] of one.tensors) {
      const bytes = (data: Float32Array | Int32Array | undefined) =>
        data && Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      expect(bytes(tensor.data)?.equals(bytes(two.tensors.get(name)?.data) ?? Buffer.alloc(0)), name).toBe(true);
    }
    expect((await resumed.metrics()).events.map(withoutClock)).toEqual((await whole.metrics()).events.map(withoutClock));
    expect((await resumed.best())?.weights).toEqual((await whole.best())?.weights);
  });
});
