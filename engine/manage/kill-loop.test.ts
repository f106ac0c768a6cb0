import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildProgram, bundledScript } from '../cli/built.test-support.ts';
import { Random } from '../random.ts';
import { RunStore } from '../runs/run-store.ts';

const root = await mkdtemp(join(tmpdir(), 'unroll-kill-loop-'));
afterAll(() => rm(root, { recursive: true, force: true }));
buildProgram();
const script = bundledScript(new URL('./kill-loop.child.test-support.ts', import.meta.url));

/** Starts or resumes the run; kills the process this many milliseconds after its first step. @returns whether it came to its end */
function train(folder: string, killAfter: number | null): Promise<boolean> {
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.once('data', () => {
    if (killAfter !== null) setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0) resolve(true);
      else reject(new Error(`the training ended with ${code ?? signal}`));
    });
  });
}

it('a run that is killed at random moments, again and again, ends as one that was never killed, bit for bit', {
  timeout: 400_000,
}, async () => {
  const random = new Random(Number(process.env['UNROLL_FUZZ_SEED'] ?? 7), 'kills');
  const [killed, whole] = [join(root, 'killed'), join(root, 'whole')];
  let kills = 0;
  let done = false;
  // Checkpoints are written after every second step: many kills meet one half written.
  while (!done && kills < 8) {
    done = await train(killed, random.below(120));
    if (!done) kills++;
    const run = new RunStore(root).folder(killed);
    const { summary } = await run.read();
    expect(['interrupted', 'done']).toContain(summary.status);
    // Readable at every moment, and nothing of it damaged: what is written is there whole or not at all.
    expect((await run.metrics()).lost).toBe(0);
    expect((await run.checkpoints()).damaged).toEqual([]);
    await run.best();
  }
  expect(kills).toBeGreaterThan(3);
  if (!done) expect(await train(killed, null)).toBe(true);
  expect(await train(whole, null)).toBe(true);

  const [one, two] = [new RunStore(root).folder(killed), new RunStore(root).folder(whole)];
  const [a, b] = [await one.checkpoint(), await two.checkpoint()];
  expect({ ...a?.state, seconds: 0 }).toEqual({ ...b?.state, seconds: 0 });
  expect(a?.tensors).toEqual(b?.tensors);
  expect(await one.best()).toEqual(await two.best());
  // All but the clock, and what it decides: which steps were looked at more closely.
  const figures = async (run: typeof one) =>
    (await run.metrics()).events.map(({ seconds: _clock, tokensPerSecond: _speed, health: _health, ...rest }) => rest);
  expect(await figures(one)).toEqual(await figures(two));
});
