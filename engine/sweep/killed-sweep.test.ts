import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, program } from '../cli/built.test-support.ts';
import type { SettingRange, SweepSettings } from '../document/sweep-settings.ts';
import { Random } from '../random.ts';
import type { JournalEvent } from './journal.ts';
import { smallSweep } from './small-sweep.test-support.ts';

const root = await mkdtemp(join(tmpdir(), 'unroll-killed-sweep-'));
afterAll(() => rm(root, { recursive: true, force: true }));
beforeAll(buildProgram);

type Line = Readonly<Record<string, unknown>>;

/** Runs the sweep's command, the same each time. @param kill milliseconds after which it is killed; `null` never */
function sweep(file: string, out: string, kill: number | null, wholeGroup: boolean): Promise<{ killed: boolean; lines: Line[] }> {
  const child: ChildProcess = spawn(process.execPath, [program, 'sweep', file, '--out', out, '--json'], {
    cwd: root,
    detached: true,
    env: { ...process.env, UNROLL_HOME: join(root, 'home') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let timer: NodeJS.Timeout | null = null;
  child.stdout?.on('data', (data: Buffer) => {
    said += data.toString();
    // From its first word on: what comes before is the program's start.
    if (kill !== null)
      timer ??= setTimeout(() => process.kill(wholeGroup ? -(child.pid ?? 0) : (child.pid ?? 0), 'SIGKILL'), kill);
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (timer !== null) clearTimeout(timer);
      const lines = said.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Line] : []));
      if (signal === 'SIGKILL' || code === 0) resolve({ killed: signal !== null, lines });
      else reject(new Error(`the sweep ended with ${code ?? signal}: ${said.slice(-500)}`));
    });
  });
}

const journal = async (folder: string): Promise<JournalEvent[]> =>
  (await readFile(join(folder, 'journal.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What came out, but the clock and the names of runs. */
async function outcome(folder: string, done: Line | undefined) {
  const events = await journal(folder);
  const keyed = events.map((event) => ('seconds' in event ? { ...event, seconds: 0 } : event));
  const order = (event: JournalEvent): string => JSON.stringify(event);
  const { best, importance, failed } = (done ?? {}) as {
    best?: { trial: number; value: number };
    importance?: unknown;
    failed?: number;
  };
  return { events: keyed.map(order).sort(), best: [best?.trial, best?.value], importance, failed };
}

const range = (values: (string | number)[]): SettingRange => ({ kind: 'choices', values });
const grid: Partial<SweepSettings> = {
  method: 'grid',
  parallel: 2,
  trials: 6,
  vary: [
    { node: 'cell', field: 'kind', range: range(['rnn-cell', 'gru-cell', 'lstm-cell']) },
    { node: null, field: 'learningRate', range: range([0.01, 0.05]) },
  ],
};
const random: Partial<SweepSettings> = {
  method: 'random',
  parallel: 1,
  trials: 3,
  seeds: 2,
  vary: [
    { node: 'embed', field: 'width', range: { kind: 'log', from: 2, to: 12 } },
    { node: null, field: 'learningRate', range: { kind: 'log', from: 1e-3, to: 0.1 } },
  ],
};

describe.each([
  ['a grid of 6 trials, two side by side', grid, 6, 1100],
  ['a random search of 3 trials with two seeds, one after another', random, 6, 350],
])('%s', (name, settings, trainings, within) => {
  it('killed at random moments, again and again, ends as one that was never killed, and does nothing twice', {
    timeout: 400_000,
  }, async () => {
    const moments = new Random(Number(process.env['UNROLL_FUZZ_SEED'] ?? 11), name);
    const file = join(root, `${settings.method}.unroll.json`);
    const document = smallSweep(join(root, 'data.csv'), settings, { epochs: 4, checkpointEverySteps: 2 });
    await writeFile(file, JSON.stringify(document));
    const [killed, whole] = [join(root, `${settings.method}-killed`), join(root, `${settings.method}-whole`)];
    let kills = 0;
    let done: Line | undefined;
    let finished = 0;
    while (done === undefined) {
      // Alone its trials outlive it, and save; with its group nothing does.
      const run = await sweep(file, killed, kills < 6 ? moments.below(within) : null, kills % 2 === 0);
      if (run.killed) kills++;
      else done = run.lines.findLast(({ event }) => event === 'done');
      const ends = (await journal(killed).catch(() => [])).filter(({ event }) => event === 'end').length;
      // What had ended has ended for good.
      expect(ends).toBeGreaterThanOrEqual(finished);
      finished = ends;
    }
    expect(kills).toBeGreaterThan(3);
    const through = (await sweep(file, whole, null, false)).lines.findLast(({ event }) => event === 'done');
    expect(await outcome(killed, done)).toEqual(await outcome(whole, through));
    const ends = (await journal(killed)).flatMap((event) => (event.event === 'end' ? [`${event.trial} ${event.seed}`] : []));
    expect([ends.length, new Set(ends).size]).toEqual([trainings, trainings]);
    // The same command on what is done trains nothing, and says the same.
    const again = await sweep(file, whole, null, false);
    expect(again.lines.findLast(({ event }) => event === 'done')).toEqual(through);
    expect((await journal(whole)).length).toBe((await journal(killed)).length);
  });
});
