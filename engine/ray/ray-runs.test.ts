import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { smallNetwork } from '../export/pytorch/small-network.ts';
import { managedRuns } from '../manage/managed-runs.test-support.ts';
import { RunModels } from '../manage/run-models.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { RayRuns } from './ray-runs.ts';
import { rayServer, type ServedJob, until } from './ray-server.test-support.ts';
import { RayTokens } from './tokens.ts';
import { leaveWeights, lossOf, tellEnd, tellUpTo } from './told-training.test-support.ts';

const secret = 'a-very-secret-token';
let root: string;
let server: Awaited<ReturnType<typeof rayServer>>;
let here: ReturnType<typeof app>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unroll-ray-runs-'));
});
afterEach(async () => {
  await here?.rays.detach();
  await server?.close();
  rmSync(root, { recursive: true, force: true });
});

/** @param judging is called before the weights that came back are judged */
function app(environment: NodeJS.ProcessEnv = {}, judging: () => void = () => undefined) {
  const kept = managedRuns(join(root, 'runs'));
  const models = new RunModels(kept.manager);
  const rays = new RayRuns({
    runs: kept.manager,
    tokens: new RayTokens(join(root, 'tokens.json'), null, { RAY_AUTH_TOKEN_PATH: join(root, 'none'), ...environment }),
    events: { emit: () => undefined },
    evaluate: (run, split) => {
      judging();
      return models.evaluate(run, split);
    },
  });
  const settled = async (id: string): Promise<RunSummary> => {
    await rays.activeAs(id)?.settled;
    return (await kept.manager.get(id)).summary;
  };
  return { ...kept, rays, settled };
}

function document(): UnrollDocument {
  const path = join(root, 'data.csv');
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'good day' : 'bad night sky'},${i % 2 ? 'yes' : 'no'}`);
  writeFileSync(path, `text,label\n${rows.join('\n')}\n`);
  const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] };
  const source = { kind: 'file', path, reader };
  const binding = dataBinding.parse({ source, task: 'sequence-classification', split: { validation: 0.2, test: 0.1 } });
  return { ...smallNetwork(binding, false), training: trainingSettings.parse({ epochs: 2, batchSize: 7, device: 'javascript' }) };
}

const counts = { train: 28, validation: 8, test: 4 };
const target = () => ({ address: server.address, workers: 1, gpus: 0, storage: join(root, 'shared') });
const start = (): Promise<RunSummary> => here.rays.start({ document: document() }, target());

const tellTraining = (job: ServedJob, to: number, from = 0): void => {
  tellUpTo(server, job, { to, from, every: 4, examples: counts });
};

/** A run whose job has told of so many updates, and goes on. */
async function trainsUpTo(step: number, more: Parameters<typeof rayServer>[0] = {}): Promise<{ id: string; job: ServedJob }> {
  server = await rayServer({ ...more, onJob: (job) => tellTraining(job, step) });
  here = app();
  const { id } = await start();
  await until(() => here.rays.activeAs(id)?.summary.step === step);
  const [job] = server.jobs.values();
  if (job === undefined) throw new Error('no job');
  return { id, job };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

describe('a run on a cluster', () => {
  it('becomes a run like any other, once its weights are back', async () => {
    server = await rayServer({
      onJob: (job) => {
        expect(job.given.arguments).toEqual(['files/data.csv', '--json', '--every', '1', '--device', 'cpu']);
        expect(JSON.parse(readFileSync(join(job.given.storage, 'storage.json'), 'utf8'))).toEqual({ mark: job.given.mark });
        tellTraining(job, 8);
        tellEnd(job);
        job.end('SUCCEEDED');
      },
    });
    here = app();
    mkdirSync(join(root, 'shared', 'of-others'), { recursive: true });
    const { id } = await start();
    const done = await here.settled(id);
    expect(done).toMatchObject({
      status: 'done',
      message: null,
      step: 8,
      epoch: 2,
      backend: 'pytorch',
      on: `ray:${server.address}`,
      device: 'Ray · CPU x · PyTorch 2.9.1 · node-1',
      best: { step: 8, value: 0.58 },
      test: { loss: 0.6, accuracy: 0.75 },
      validation: { accuracy: 0.58 },
    });
    const { events } = await here.manager.folder(id).metrics();
    expect(events.map(({ step, split }) => `${step} ${split}`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].flatMap((step) => [`${step} train`, ...(step % 4 === 0 ? [`${step} validation`] : [])]),
    );
    expect((await here.manager.folder(id).best())?.step).toBe(8);
    // Nothing goes on from the storage any more; what else lies there stays.
    expect(readdirSync(join(root, 'shared'))).toEqual(['of-others']);
    // Judged by the app itself, with the weights that came back.
    expect((await here.manager.get(id)).evaluation).toMatchObject({ split: 'validation', step: 8 });
    expect(Object.keys(unzipSync([...server.packages.values()][0] ?? new Uint8Array()))).toEqual(
      expect.arrayContaining(['train.py', 'ray_job.py', 'storage.py', 'config.json', 'vocabulary.json', 'files/data.csv']),
    );
  });

  it('is not told twice of what a connection that was cut brings again', async () => {
    const { id, job } = await trainsUpTo(6);
    server.cut();
    await until(() => server.asked.filter((line) => line.startsWith('TAIL')).length > 1);
    for (const step of [7, 8]) job.tell({ step, loss: 1 / step, rate: 0.01 });
    tellEnd(job);
    job.end('SUCCEEDED');
    expect(await here.settled(id)).toMatchObject({ status: 'done', step: 8 });
    const { events } = await here.manager.folder(id).metrics();
    expect(events.filter(({ split }) => split === 'train').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('is found again by another process, and by its storage when the cluster has forgotten it', async () => {
    const { id, job } = await trainsUpTo(6);
    await here.rays.detach();
    expect((await here.manager.list())[0]).toMatchObject({ id, status: 'running' });
    // It goes on, ends, and the cluster is started anew.
    for (const step of [7, 8]) job.tell({ step, loss: 1 / step, rate: 0.01 });
    tellEnd(job);
    const kept = job.logs.split('\n').flatMap((line) => (line.startsWith('@unroll ') ? [`${line.slice(8)}\n`] : []));
    writeFileSync(join(job.given.storage, `events-${job.id}.jsonl`), kept.join(''));
    server.jobs.clear();
    here = app();
    await here.rays.attachAll();
    expect(await here.settled(id)).toMatchObject({ status: 'done', step: 8, test: { accuracy: 0.75 } });
    const { events } = await here.manager.folder(id).metrics();
    expect(events.filter(({ split }) => split === 'train').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('of which nothing is left on the cluster is interrupted, and goes on by a new job', async () => {
    const jobs: ServedJob[] = [];
    server = await rayServer({
      onJob: (job) => {
        jobs.push(job);
        if (jobs.length === 1) tellTraining(job, 6);
        else {
          tellTraining(job, 8, 4);
          tellEnd(job);
          job.end('SUCCEEDED');
        }
      },
    });
    here = app();
    const { id } = await start();
    await until(() => here.rays.activeAs(id)?.summary.step === 6);
    server.jobs.clear();
    server.packages.clear();
    server.cut();
    const cut = await here.settled(id);
    expect(cut).toMatchObject({ status: 'interrupted', message: expect.stringMatching('does not know this job any more') });
    await here.manager.resumeRun(id);
    expect(await here.settled(id)).toMatchObject({ status: 'done', step: 8, message: null });
    expect(jobs[1]?.given.resume).toBe(true);
    // Steps 5 and 6 are those of the second job.
    const updates = (await here.manager.folder(id).metrics()).events.filter(({ split }) => split === 'train');
    expect(updates.map(({ step, values }) => [step, values['loss']])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((step) => [step, lossOf(step, step > 4 ? 4 : 0)]),
    );
  });

  it('is paused by its job’s end, and stopped by others', async () => {
    const { id } = await trainsUpTo(5, { onStop: (job) => job.tell({ stopped: 5 }) });
    expect(await here.manager.pause(id)).toMatchObject({ status: 'paused', step: 5, message: null });
    await here.manager.resumeRun(id);
    await until(() => server.jobs.size === 2);
    [...server.jobs.values()][1]?.end('STOPPED');
    expect(await here.settled(id)).toMatchObject({ status: 'stopped', message: 'The job was stopped on the cluster.' });
    await expect(failureOf(here.manager.pause(id))).resolves.toMatchObject({ code: 'not-running' });
  });

  it('whose cluster cannot be reached is not said to be stopped', async () => {
    const { id, job } = await trainsUpTo(5);
    server.answers.set('POST', { status: 502, text: 'Bad Gateway' });
    expect(await failureOf(here.manager.stop(id))).toMatchObject({ code: 'ray-error' });
    expect(here.rays.activeAs(id)?.summary.status).toBe('running');
    expect(await failureOf(here.manager.delete(id))).toMatchObject({ code: 'busy' });
    // Nobody here has stopped it.
    job.end('STOPPED');
    expect(await here.settled(id)).toMatchObject({ status: 'stopped', message: 'The job was stopped on the cluster.' });
  });

  it('whose project reads other examples than the app is refused', async () => {
    server = await rayServer({ onJob: (job) => job.tell({ examples: { ...counts, train: 27 } }) });
    here = app();
    const { id } = await start();
    expect(await here.settled(id)).toMatchObject({
      status: 'failed',
      failure: 'ray-other-data',
      message: expect.stringMatching('27 for training'),
    });
  });

  it.each([
    [{ failed: { code: 'no-torch', message: '/usr/bin/python has no torch' } }, 'ray-no-torch'],
    [{ failed: { code: 'storage-not-seen', message: 'node-1 does not see /x' } }, 'ray-storage-not-seen'],
    [{ failed: { code: 'out-of-memory', message: 'CUDA out of memory' } }, 'ray-out-of-memory'],
  ])('fails with what its job says: %o', async (line, code) => {
    server = await rayServer({
      onJob: (job) => {
        job.tell(line);
        job.end('FAILED', { exitCode: 1 });
      },
    });
    here = app();
    const { id } = await start();
    expect(await here.settled(id)).toMatchObject({ status: 'failed', failure: code });
  });

  it('that is done, and whose weights are not there, is interrupted; resuming looks for them again', async () => {
    let job: ServedJob | undefined;
    server = await rayServer({
      onJob: (submitted) => {
        job = submitted;
        tellTraining(submitted, 8);
        rmSync(join(submitted.given.storage, 'trained.safetensors'));
        tellEnd(submitted);
        submitted.end('SUCCEEDED');
      },
    });
    here = app();
    const { id } = await start();
    expect(await here.settled(id)).toMatchObject({
      status: 'interrupted',
      message: expect.stringMatching('weights are not in the storage'),
    });
    if (job) leaveWeights(server, job, 8);
    await here.manager.resumeRun(id);
    expect(await here.settled(id)).toMatchObject({ status: 'done', message: null });
    expect(server.jobs.size).toBe(1);
  });

  it('that failed keeps what it would go on from in the storage until it is deleted', async () => {
    const { id, job } = await trainsUpTo(6);
    job.end('FAILED', { exitCode: 1 });
    expect(await here.settled(id)).toMatchObject({ status: 'failed' });
    expect(readdirSync(join(root, 'shared', id))).toEqual(expect.arrayContaining(['package.zip', 'trained.safetensors']));
    expect(await here.manager.delete(id)).toEqual([]);
    expect(readdirSync(join(root, 'shared'))).toEqual([]);
  });

  it('is done and deleted where the storage cannot be cleared, which is said', async () => {
    server = await rayServer({
      onJob: (job) => {
        tellTraining(job, 8);
        tellEnd(job);
        job.end('SUCCEEDED');
      },
    });
    const shared = join(root, 'shared');
    // No folder any more once the weights are here.
    here = app({}, () => {
      rmSync(shared, { recursive: true });
      writeFileSync(shared, '');
    });
    const { id } = await start();
    expect(await here.settled(id)).toMatchObject({ status: 'done', notes: [expect.stringContaining('still in the storage')] });
    expect(await here.manager.delete(id)).toEqual([join(shared, id)]);
    expect(await here.manager.list()).toEqual([]);
  });
});

describe('a start', () => {
  it.each([
    ['GET /api/version', 401, 'ray-token-missing'],
    ['GET /api/packages', 403, 'ray-token-wrong'],
    ['PUT /api/packages', 413, 'ray-too-large'],
    ['POST /api/jobs/', 405, 'ray-method-refused'],
    ['POST /api/jobs/', 500, 'ray-error'],
  ])('that %s refuses with %i leaves nothing behind', async (line, status, code) => {
    server = await rayServer();
    server.answers.set(line, { status, text: '' });
    here = app();
    expect(await failureOf(start())).toMatchObject({ code });
    expect(await here.manager.list()).toEqual([]);
    expect(existsSync(join(root, 'runs')) ? readdirSync(join(root, 'runs')) : []).toEqual([]);
    expect(existsSync(join(root, 'shared')) ? filesIn(join(root, 'shared')) : []).toEqual([]);
  });

  it('sends the token, and writes it nowhere', async () => {
    server = await rayServer({
      token: secret,
      onJob: (job) => {
        tellTraining(job, 8);
        tellEnd(job);
        job.end('SUCCEEDED');
      },
    });
    const written = new Map<string, string>();
    const look = (): void => {
      for (const path of filesIn(root)) written.set(path, readFileSync(path, 'latin1'));
    };
    // The storage, too, before it is cleared.
    here = app({ RAY_AUTH_TOKEN: secret }, look);
    const { id } = await start();
    expect(await here.settled(id)).toMatchObject({ status: 'done' });
    look();
    expect([...written.keys()]).toContain(join(root, 'shared', id, 'package.zip'));
    expect(written.size).toBeGreaterThan(8);
    for (const [path, text] of written) expect(text, path).not.toContain(secret);
    expect(JSON.stringify([...server.jobs.values()].map(({ request }) => request))).not.toContain(secret);
  });

  it('asks for as many GPUs as workers, or none', async () => {
    server = await rayServer();
    here = app();
    const wanted = { ...target(), workers: 2, gpus: 1 };
    expect(await failureOf(here.rays.start({ document: document() }, wanted))).toMatchObject({ code: 'ray-gpus' });
  });

  it('needs a storage from the root', async () => {
    server = await rayServer();
    here = app();
    const wanted = { ...target(), storage: 'shared' };
    expect(await failureOf(here.rays.start({ document: document() }, wanted))).toMatchObject({ code: 'ray-storage' });
  });

  it('needs an optimizer that PyTorch has', async () => {
    server = await rayServer();
    here = app();
    const given = document();
    const optimizer = trainingSettings.parse({ optimizer: { kind: 'particle-swarm' } }).optimizer;
    const wanted = { document: { ...given, training: { ...given.training, optimizer } } };
    expect(await failureOf(here.rays.start(wanted, target()))).toMatchObject({ code: 'ray-optimizer' });
  });
});

describe('tokens', () => {
  it('are kept where only this account reads them, by address', async () => {
    const path = join(root, 'tokens.json');
    const tokens = new RayTokens(path, null, { RAY_AUTH_TOKEN: 'of-all' });
    await tokens.keep('http://a:8265', secret);
    expect(await tokens.find('http://a:8265')).toBe(secret);
    expect(await tokens.find('http://b:8265')).toBe('of-all');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    await tokens.keep('http://a:8265', null);
    expect(await tokens.find('http://a:8265')).toBe('of-all');
    expect(readFileSync(path, 'utf8')).not.toContain(secret);
  });

  it('are encrypted where the system can', async () => {
    const path = join(root, 'tokens.json');
    const turned = (text: string): string => [...text].reverse().join('');
    const secrets = { encrypt: async (text: string) => turned(text), decrypt: async (text: string) => turned(text) };
    await new RayTokens(path, secrets, {}).keep('http://a:8265', secret);
    expect(readFileSync(path, 'utf8')).not.toContain(secret);
    expect(await new RayTokens(path, secrets, {}).find('http://a:8265')).toBe(secret);
    // Where it cannot be read, the others count.
    expect(await new RayTokens(path, null, { RAY_AUTH_TOKEN: 'x' }).find('http://a:8265')).toBe('x');
  });

  it('are found where Ray looks for them', async () => {
    writeFileSync(join(root, 'token'), `${secret}\n`);
    expect(await new RayTokens(join(root, 'none'), null, { RAY_AUTH_TOKEN_PATH: join(root, 'token') }).find('x')).toBe(secret);
  });
});
