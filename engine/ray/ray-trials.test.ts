import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VariedSetting } from '../document/sweep-settings.ts';
import type { Home } from '../home.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import type { SweepState } from '../protocol/sweep.ts';
import { createHandlers } from '../services/handlers.ts';
import { smallSweep } from '../sweep/small-sweep.test-support.ts';
import { rayServer, type ServedJob, until } from './ray-server.test-support.ts';
import { tellEnd, tellUpTo } from './told-training.test-support.ts';

let root: string;
let server: Awaited<ReturnType<typeof rayServer>>;
let made: ReturnType<typeof createHandlers> | null = null;
let emitted: (event: string, data: unknown) => void = () => undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unroll-ray-trials-'));
});
afterEach(async () => {
  await made?.putAway();
  await made?.rays.detach();
  await server.close();
  vi.restoreAllMocks();
  emitted = () => undefined;
  rmSync(root, { recursive: true, force: true });
});
beforeAll(() => {
  vi.stubEnv('UNROLL_OPTUNA_PYTHON', '/no/such/python');
  vi.stubEnv('RAY_AUTH_TOKEN_PATH', '/no/such/token');
});
afterAll(() => void vi.unstubAllEnvs());

function engine() {
  const home = {
    root,
    runs: join(root, 'runs'),
    sweeps: join(root, 'sweeps'),
    rayTokens: join(root, 'tokens.json'),
  } as Home;
  made = createHandlers({ home, initial: { kind: 'template', name: 'syllables' }, emit: (event, data) => emitted(event, data) });
  return made;
}

const hidden: VariedSetting = { node: 'cell', field: 'hidden', range: { kind: 'choices', values: [2, 4, 6] } };
const document = (parallel: number) =>
  smallSweep(join(root, 'data.csv'), { method: 'grid', vary: [hidden], parallel }, { epochs: 2 });
const target = () => ({ address: server.address, workers: 1, gpus: 0, storage: join(root, 'shared') });

/** What 120 rows come to: 72 for training, in batches of 16. */
const counts = { train: 72, validation: 36, test: 12 };
const steps = 10;

function train(job: ServedJob, to = steps): void {
  tellUpTo(server, job, { from: 0, to, every: 5, examples: counts });
  if (to < steps) return;
  tellEnd(job, steps);
  job.end('SUCCEEDED');
}

describe('a sweep on a cluster', () => {
  it('gives each trial to it as a job, so many side by side, and judges what comes back', async () => {
    const waiting: ServedJob[] = [];
    let most = 0;
    const written: string[][] = [];
    server = await rayServer({
      onJob: (job) => {
        most = Math.max(most, waiting.push(job));
        if (server.jobs.size === 3) written.push(readdirSync(job.given.shared?.place ?? '').sort());
      },
    });
    const { sweeps, handlers } = engine();
    const begun = await sweeps.start({ document: document(2), on: target() });
    expect(begun.on).toBe(`ray:${server.address}`);
    await until(() => waiting.length === 2);
    // A third has no place while two train.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.jobs.size).toBe(2);
    for (const job of waiting.splice(0)) train(job);
    await until(() => waiting.length === 1);
    for (const job of waiting.splice(0)) train(job);
    const state = await sweeps.ended();
    expect(state).toMatchObject({ status: 'done', total: 3 });
    expect(state?.trials.map(({ status, values, value }) => [status, values, value])).toEqual(
      [2, 4, 6].map((width) => ['complete', [width], 0.6]),
    );
    expect(most).toBe(2);
    // One copy of the data for all of them, and none once they are done.
    const given = [...server.jobs.values()].map(({ given }) => given);
    expect(new Set(given.map(({ shared }) => JSON.stringify(shared))).size).toBe(1);
    expect(given[0]?.shared?.place).toBe(join(root, 'shared', `${begun.id}-data`));
    expect(written).toEqual([[`${given[0]?.shared?.content}.json`, `${given[0]?.shared?.content}.zip`]]);
    for (const zip of server.packages.values())
      expect(Object.keys(unzipSync(zip)).filter((name) => name.startsWith('files'))).toEqual([]);
    expect(existsSync(given[0]?.shared?.place ?? '')).toBe(false);
    expect(readdirSync(join(root, 'shared'))).toEqual([]);
    const { runs } = await handlers['runs.list']({});
    expect(runs.map(({ on, status }) => [on, status])).toEqual(Array(3).fill([`ray:${server.address}`, 'done']));
  });

  it('keeps the data for trials to come, and brings it anew to a run that goes on after all of them', async () => {
    let fails = true;
    const brought: string[] = [];
    server = await rayServer({
      onJob: (job) => {
        const own = join(job.given.storage, 'files.zip');
        if (existsSync(own)) brought.push(...Object.keys(unzipSync(readFileSync(own))));
        if (!fails) return train(job);
        if (server.jobs.size > 1) return;
        train(job, 5);
        job.end('FAILED', { exitCode: 1 });
      },
      onStop: (job) => {
        job.tell({ ended: 'stopped' });
        job.end('STOPPED');
      },
    });
    const { sweeps, rays, runs } = engine();
    const begun = await sweeps.start({ document: document(1), on: target() });
    await until(() => server.jobs.size === 2);
    await sweeps.stop(begun.folder);
    const place = join(root, 'shared', `${begun.id}-data`);
    expect(readdirSync(place)).toHaveLength(2);
    fails = false;
    await sweeps.resume(begun.folder);
    expect((await sweeps.ended())?.trials.map(({ status }) => status)).toEqual(['failed', 'complete', 'complete']);
    expect(existsSync(place)).toBe(false);

    const failed = `${begun.id}-t1-s1`;
    const table = readFileSync(join(root, 'data.csv'), 'utf8');
    writeFileSync(join(root, 'data.csv'), `${table}more,a\n`);
    expect(await failureOf(rays.resume(failed))).toMatchObject({ code: 'ray-data-changed' });
    writeFileSync(join(root, 'data.csv'), table);
    await rays.resume(failed);
    await rays.activeAs(failed)?.settled;
    expect((await runs.get(failed)).summary.status).toBe('done');
    const { given } = [...server.jobs.values()].at(-1) ?? {};
    expect(given).toMatchObject({ resume: true, shared: null, stored: ['files.zip'] });
    expect(brought).toEqual(['data.csv']);
  });

  it('is done where its data cannot be taken away, and says so', async () => {
    server = await rayServer({ onJob: (job) => train(job) });
    const { sweeps, rays } = engine();
    vi.spyOn(rays, 'dropShared').mockRejectedValue(new Error('no way there'));
    const told: (string | null)[] = [];
    emitted = (event, data) => void (event === 'sweep.changed' && told.push((data as SweepState).message));
    await sweeps.start({ document: document(1), on: target() });
    expect(await sweeps.ended()).toMatchObject({ status: 'done' });
    expect(told.filter((message) => message?.includes('no way there'))).not.toEqual([]);
  });

  it('goes on there, and on what had begun, when it was stopped', async () => {
    let again = false;
    server = await rayServer({
      onJob: (job) => train(job, again ? steps : 5),
      onStop: (job) => {
        job.tell({ ended: 'stopped' });
        job.end('STOPPED');
      },
    });
    const { sweeps } = engine();
    const begun = await sweeps.start({ document: document(1), on: target() });
    await until(() => server.jobs.size === 1);
    const stopped = await sweeps.stop(begun.folder);
    expect(stopped).toMatchObject({ status: 'unfinished', on: `ray:${server.address}` });
    again = true;
    await sweeps.resume(begun.folder);
    expect((await sweeps.ended())?.status).toBe('done');
    // The first trial's run had a job before.
    expect([...server.jobs.values()].map(({ given }) => given.resume)).toEqual([false, true, false, false]);
  });

  it('finds the job again that went on without it', async () => {
    const jobs: ServedJob[] = [];
    server = await rayServer({ onJob: (job) => void (jobs.push(job) === 1 || train(job)) });
    const cut = engine();
    const begun = await cut.sweeps.start({ document: document(1), on: target() });
    await until(() => cut.rays.activeAs(`${begun.id}-t1-s1`) !== null);
    // As when its process is gone: nobody follows the job.
    await cut.rays.detach();
    await failureOf(cut.sweeps.ended());
    const { sweeps } = engine();
    await sweeps.resume(begun.folder);
    for (const job of jobs.slice(0, 1)) train(job);
    expect((await sweeps.ended())?.trials.map(({ status }) => status)).toEqual(Array(3).fill('complete'));
    expect(jobs.map(({ given }) => given.resume)).toEqual([false, false, false]);
  });

  it('ends where the cluster refuses all of them, and spends no trial on that', async () => {
    server = await rayServer({ token: 'secret' });
    const { sweeps } = engine();
    const begun = await sweeps.start({ document: document(1), on: target() });
    const { code } = await failureOf(sweeps.ended());
    expect(code).toBe('ray-token-missing');
    const state = await sweeps.get(begun.folder);
    expect(state.status).toBe('unfinished');
    expect(state.trials.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(state.message).toContain('token');
  });

  it('refuses what does not even fit beside the training, before its weights are drawn', async () => {
    server = await rayServer();
    const { rays } = engine();
    const wide = document(1);
    const nodes = wide.nodes.map((node) => (node.id === 'cell' ? { ...node, params: { ...node.params, hidden: 8192 } } : node));
    vi.spyOn(process, 'availableMemory').mockReturnValue(1e9);
    const { code } = await failureOf(rays.start({ document: { ...wide, nodes } }, target()));
    vi.restoreAllMocks();
    expect(code).toBe('does-not-fit');
    expect(server.packages.size).toBe(0);
  });
});
