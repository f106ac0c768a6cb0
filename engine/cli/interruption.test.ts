import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { buildProgram, program } from './built.test-support.ts';

beforeAll(buildProgram);
const folder = mkdtempSync(join(tmpdir(), 'unroll-signals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table = join(folder, 'table.csv');
writeFileSync(table, `text,label\n${Array.from({ length: 300 }, (_, i) => `a b ${i % 7} c,${i % 2 ? 'yes' : 'no'}\n`).join('')}`);
const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] };
const task = syntheticTask('sequence-classification', { epochs: 100_000, device: 'javascript' });
const document = {
  ...task.document,
  data: dataBinding.parse({ source: { kind: 'file', path: table, reader }, task: 'sequence-classification' }),
};
const file = join(folder, 'document.unroll.json');
writeFileSync(file, JSON.stringify(document));

type Ended = Promise<{ readonly code: number | null; readonly last: Record<string, unknown> }>;

/** A training that is asked to end at its first logged line. */
const interrupt = (out: string, signals: readonly NodeJS.Signals[], of = file): Ended =>
  unroll(['train', of, '--out', out], signals);

/** The command line in a process of its own, which gets the signals at its first logged line. */
function unroll(command: readonly string[], signals: readonly NodeJS.Signals[] = []): Ended {
  const child = spawn(process.execPath, [program, ...command, '--json'], {
    env: { ...process.env, UNROLL_HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last: Record<string, unknown> = {};
  let asked = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = JSON.parse(line) as Record<string, unknown>;
    if (last['event'] !== 'metrics' || asked) return;
    asked = true;
    for (const signal of signals) child.kill(signal);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, last })));
}

describe.skipIf(process.platform === 'win32')('a signal to end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s saves the run at a checkpoint, and the exit code %i says so', async (signal, exitCode) => {
    const out = join(folder, signal);
    const { code, last } = await interrupt(out, [signal]);
    expect(code).toBe(exitCode);
    expect(last).toMatchObject({ event: 'error', hint: `Go on with: unroll resume ${out}` });
    const run = new RunFolder(out);
    const { summary } = await run.read();
    expect(summary.status).toBe('stopped');
    expect((await run.checkpoint())?.state.step).toBe(summary.step);
    expect(await run.isLocked()).toBe(false);
  });

  it('that comes twice ends at once', async () => {
    const out = join(folder, 'twice');
    expect((await interrupt(out, ['SIGTERM', 'SIGHUP'])).code).toBeGreaterThan(128);
    expect((await new RunFolder(out).read()).summary.status).toMatch(/interrupted|stopped/);
  });

  it('that kills it leaves a graph with blocks to resume, which then equals one that went through', {
    timeout: 120_000,
  }, async () => {
    const block = collapse(document, new Set(['cell', 'rnn', 'drop']), 'Reader');
    if (!block.ok) throw new Error(block.message);
    const blocks = join(folder, 'blocks.unroll.json');
    const training = { ...document.training, epochs: 12, checkpointEverySteps: 5 };
    writeFileSync(blocks, JSON.stringify({ ...block.document, training }));
    const [killed, whole] = [join(folder, 'killed'), join(folder, 'whole')];
    expect((await interrupt(killed, ['SIGKILL'], blocks)).code).toBeNull();
    expect((await new RunFolder(killed).read()).summary.status).toBe('interrupted');
    const resumed = await unroll(['resume', killed]);
    expect(resumed).toMatchObject({ code: 0, last: { event: 'done' } });
    expect((await unroll(['train', blocks, '--out', whole])).code).toBe(0);
    const [one, two] = await Promise.all([killed, whole].map((out) => new RunFolder(out).checkpoint()));
    expect(one?.tensors).toEqual(two?.tensors);
    expect([...(one?.tensors.keys() ?? [])]).toContain('reader.recurrent.weight_hh_l0');
    expect({ ...one?.state, seconds: 0 }).toEqual({ ...two?.state, seconds: 0 });
  });
});
