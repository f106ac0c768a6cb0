import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { emptyDocument } from '../document/schema.ts';
import { UserError } from '../protocol/envelope.ts';
import { RunStore } from '../runs/run-store.ts';
import { ProcessRunner } from './process-runner.ts';
import { smallSweep } from './small-sweep.test-support.ts';
import type { TrialTask } from './trial-runner.ts';

const root = await mkdtemp(join(tmpdir(), 'unroll-process-runner-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const task = (id: string, document = emptyDocument(id)): TrialTask => ({ document, id, run: id, name: id, tags: [] });
const quiet = { root, need: () => 0, emit: () => undefined };

it('trains as many side by side as there are cores, and no more than were asked for', () => {
  const width = (parallel: number, cores: number): number => new ProcessRunner({ ...quiet, parallel }, cores, 1e12).width;
  expect([width(4, 8), width(16, 8), width(2, 1)]).toEqual([4, 8, 1]);
});

it('begins one more only where the memory holds twice the estimate of all, and their processes', () => {
  const need = ({ name }: TrialTask['document']): number => Number(name);
  // Twice 1 and 2 GB and two processes of 300 MB: 6.6 GB.
  const admits = (bytes: number): boolean =>
    new ProcessRunner({ ...quiet, need, parallel: 2 }, 8, bytes).admits(task('1e9'), [task('2e9')]);
  expect([admits(6.59e9), admits(6.61e9)]).toEqual([false, true]);
});

it('a process that the system ends is told; the run goes on from its checkpoint, paused when it is asked to', {
  timeout: 120_000,
}, async () => {
  const document = smallSweep(join(root, 'data.csv'), {}, { epochs: 40 });
  const runner = new ProcessRunner({ ...quiet, parallel: 2 });
  const own = task('a-run', document);
  const folder = new RunStore(root).folder('a-run');
  let killed = false;
  const kill = (): void => {
    if (killed) return;
    killed = true;
    process.kill(JSON.parse(readFileSync(join(folder.path, 'lock'), 'utf8')).pid, 'SIGKILL');
  };
  const ended = await runner
    .train(own, { validated: kill, signal: new AbortController().signal })
    .catch((error: unknown) => (error instanceof UserError ? error.failure : error));
  expect(ended).toMatchObject({
    code: 'trial-process-ended',
    message: expect.stringContaining('SIGKILL'),
    hint: expect.stringContaining('memory'),
  });
  expect((await folder.read()).summary.status).toBe('interrupted');

  const stop = new AbortController();
  const before = (await folder.checkpoint())?.state.step ?? 0;
  const seen: number[] = [];
  const paused = await runner.train(own, {
    validated: ({ step }) => {
      seen.push(step);
      stop.abort('paused');
    },
    signal: stop.signal,
  });
  expect(paused).toMatchObject({ id: 'a-run', status: 'paused' });
  expect(seen[0]).toBeGreaterThan(before);
});
