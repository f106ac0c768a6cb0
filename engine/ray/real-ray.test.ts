import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { sweepSettings } from '../document/sweep-settings.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { smallNetwork } from '../export/pytorch/small-network.ts';
import { findHome } from '../home.ts';
import { managedRuns } from '../manage/managed-runs.test-support.ts';
import { RunModels } from '../manage/run-models.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { trialRunId } from '../protocol/sweep.ts';
import { createHandlers } from '../services/handlers.ts';
import { type cuttable as Cuttable, cuttable, findRay, type RayCluster, startRay } from './ray-cluster.test-support.ts';
import { RayRuns } from './ray-runs.ts';
import { RayTokens } from './tokens.ts';

const found = findRay();
if ('reason' in found) console.warn(`no run is trained on a real Ray cluster: ${found.reason}`);
const missing = 'reason' in found && process.env['UNROLL_REQUIRE_ALL'] !== '1';

const tolerance = 1e-4;
/** Of 8 updates: each has a line of its own, and a second passes before Ray hands one on. */
const epochs = 30;
const classes = ['day', 'night', 'noon'];
const words = ['sun', 'moon', 'star', 'owl', 'lark', 'heat', 'dark', 'light'];
const rows = Array.from({ length: 90 }, (_, i) => {
  const text = Array.from({ length: 2 + (i % 6) }, (_, t) => words[(i * 7 + t * 3 + (i % 3)) % words.length]);
  return `${text.join(' ')},${classes[(i * 5 + text.length) % 3]}`;
});

/** A little classifier on ragged lengths. */
function documentOn(path: string): UnrollDocument {
  const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] };
  const binding = dataBinding.parse({
    source: { kind: 'file', path, reader },
    task: 'sequence-classification',
    split: { validation: 0.2, test: 0.1 },
  });
  const training = trainingSettings.parse({
    epochs,
    batchSize: 8,
    learningRate: 0.002,
    device: 'wasm',
    classWeights: 'balanced',
  });
  return { ...smallNetwork(binding, false), training };
}

/** The app, as one process has it. */
function app(home: string) {
  const kept = managedRuns(join(home, 'runs'));
  const models = new RunModels(kept.manager);
  const rays = new RayRuns({
    runs: kept.manager,
    tokens: new RayTokens(join(home, 'tokens.json'), null, {}),
    events: { emit: () => undefined },
    evaluate: (run, split) => models.evaluate(run, split),
  });
  const settled = async (id: string): Promise<RunSummary> => {
    await rays.activeAs(id)?.settled;
    return (await kept.manager.get(id)).summary;
  };
  const reached = async (id: string, step: number): Promise<void> => {
    while ((rays.activeAs(id)?.summary.step ?? step) < step) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const says = async (id: string, words: RegExp | null): Promise<void> => {
    const fits = (message: string | null): boolean => (words === null ? message === null : words.test(message ?? ''));
    while (!fits(rays.activeAs(id)?.summary.message ?? null)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { ...kept, rays, settled, reached, says };
}
type App = ReturnType<typeof app>;

/** The process of a run's job, found by what it was given: others on this machine are left alone. */
function signalJob(run: string, signal: NodeJS.Signals): void {
  const read = (pid: string, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      return '';
    }
  };
  const own = readdirSync('/proc').filter(
    (pid) => /^python\0ray_job\.py\0$/.test(read(pid, 'cmdline')) && read(pid, 'environ').includes(`"unroll-${run}-`),
  );
  expect(own).toHaveLength(1);
  for (const pid of own) process.kill(Number(pid), signal);
}

/** Jobs start in seconds on an idle machine; a busy one takes its time. */
const patience = { timeout: 240_000 };

describe.skipIf(missing)('a real Ray cluster', patience, () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-ray-'));
  const home = join(root, 'home');
  const data = join(root, 'times.csv');
  let cluster: RayCluster;
  let way: Awaited<ReturnType<typeof Cuttable>>;
  let here: App;

  beforeAll(async () => {
    writeFileSync(data, `text,label\n${rows.join('\n')}\n`);
    cluster = await startRay('reason' in found ? 'python3' : found.python);
    way = await cuttable(cluster.address);
    here = app(home);
  }, 120_000);
  afterAll(async () => {
    await here?.rays.detach();
    way?.close();
    await cluster?.stop();
    rmSync(root, { recursive: true, force: true });
  }, 30_000);

  const target = (workers = 1) => ({ address: `ray:${way.address}`, workers, gpus: 0, storage: join(root, 'shared') });
  /** What this machine makes of it: trained once. */
  let trainedHere: Promise<RunSummary> | null = null;
  const local = (): Promise<RunSummary> => {
    trainedHere ??= here.train({ document: documentOn(data) });
    return trainedHere;
  };

  /** Curves and weights of two runs of the same document. */
  async function expectSame(one: string, other: string): Promise<void> {
    const [a, b] = await Promise.all([here.manager.folder(one).metrics(), here.manager.folder(other).metrics()]);
    const lines = (events: typeof a.events) => events.map(({ step, split, epoch }) => `${step} ${split} ${epoch.toFixed(6)}`);
    expect(lines(b.events)).toEqual(lines(a.events));
    expect(a.events.length).toBeGreaterThan(10);
    for (const [i, { values, learningRate }] of b.events.entries()) {
      const wanted = a.events[i];
      expect(learningRate === undefined).toBe(wanted?.learningRate === undefined);
      for (const name of Object.keys(values)) if (wanted && name in wanted.values) expectClose(values[name], wanted.values[name]);
    }
    const [best, wanted] = await Promise.all([here.manager.folder(other).best(), here.manager.folder(one).best()]);
    expect(best?.step).toBe(wanted?.step);
    for (const [name, { data: numbers }] of wanted?.weights ?? []) {
      const of = best?.weights.get(name)?.data;
      expect(of?.length).toBe(numbers.length);
      numbers.forEach((value, i) => {
        expectClose(of?.[i], value);
      });
    }
  }

  function expectClose(value: number | undefined, wanted: number | undefined): void {
    expect(Math.abs((value ?? Number.NaN) - (wanted ?? Number.NaN))).toBeLessThan(tolerance * Math.max(1, Math.abs(wanted ?? 1)));
  }

  it('trains as this machine does, goes on when the connection is cut and the app ends, and is found again', async () => {
    const wanted = await local();
    const started = await here.rays.start({ document: documentOn(data) }, target());
    const { id } = started;
    expect(started).toMatchObject({ status: 'running', backend: 'pytorch', on: `ray:${way.address}` });
    await here.reached(id, 10);
    // So that it does not end before it is found again.
    signalJob(id, 'SIGSTOP');
    way.cut();
    await here.says(id, /cannot be reached: .*The job goes on there/);
    way.mend();
    await here.says(id, null);
    await here.rays.detach();
    expect((await here.manager.get(id)).summary.status).toBe('running');
    here = app(home);
    await here.rays.attachAll();
    signalJob(id, 'SIGCONT');
    const done = await here.settled(id);
    const { headline } = wanted;
    expect(done).toMatchObject({ status: 'done', message: null, epoch: epochs, headline, best: { step: wanted.best?.step } });
    expect(done.device).toMatch(/^Ray · CPU .* PyTorch /);
    for (const name of ['loss', 'accuracy', 'macro-f1']) expectClose(done.test?.[name], wanted.test?.[name]);
    await expectSame(wanted.id, id);
    const { evaluation } = await here.manager.get(id);
    expect(evaluation).toMatchObject({ split: 'validation', step: wanted.best?.step });
  });

  it('trains two trials of one sweep at once, each as a job, with the results of this machine', async () => {
    const widths = [4, 8];
    const vary = [{ node: 'cell', field: 'hidden', range: { kind: 'choices', values: widths } } as const];
    const sweep = { ...sweepSettings.parse({}), method: 'grid', parallel: 2, vary } as const;
    const { sweeps, rays, putAway } = createHandlers({
      home: findHome({ UNROLL_HOME: home }),
      initial: { kind: 'template', name: 'syllables' },
      emit: () => undefined,
    });
    const begun = await sweeps.start({ document: { ...documentOn(data), sweep }, on: { ...target(), address: way.address } });
    const ids = widths.map((_, i) => trialRunId(begun.id, i + 1, 0));
    const works = async (id: string): Promise<void> => {
      while (!/PyTorch/.test(rays.activeAs(id)?.summary.device ?? '')) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const [first = '', second = ''] = ids;
    await works(first);
    // Held until the other one is at work beside it.
    signalJob(first, 'SIGSTOP');
    await works(second);
    signalJob(first, 'SIGCONT');
    const done = await sweeps.ended();
    await putAway();
    expect(done).toMatchObject({ status: 'done', on: `ray:${way.address}` });
    for (const [i, hidden] of widths.entries()) {
      expect(done?.trials[i]).toMatchObject({ status: 'complete', values: [hidden] });
      const { nodes, ...rest } = documentOn(data);
      const trained = nodes.map((node) => (node.id === 'cell' ? { ...node, params: { ...node.params, hidden } } : node));
      const wanted = await here.train({ document: { ...rest, nodes: trained } });
      await expectSame(wanted.id, ids[i] ?? '');
      expectClose(done?.trials[i]?.value ?? undefined, wanted.best?.value);
    }
  });

  it('trains on two workers as on one, is paused and resumed, and goes on when its job was killed', async () => {
    const wanted = await local();
    const { id } = await here.rays.start({ document: documentOn(data) }, target(2));
    await here.reached(id, 20);
    const paused = await here.manager.pause(id);
    expect(paused).toMatchObject({ status: 'paused', message: null });
    expect(paused.step).toBeLessThan(8 * epochs);
    expect(paused.device).toMatch(/^Ray · 2 × CPU .* PyTorch /);
    await here.manager.resumeRun(id);
    await here.reached(id, paused.step + 5);
    signalJob(id, 'SIGKILL');
    const killed = await here.settled(id);
    expect(killed).toMatchObject({ status: 'failed', failure: 'ray-out-of-memory' });
    await here.manager.resumeRun(id);
    expect(await here.settled(id)).toMatchObject({ status: 'done', message: null });
    await expectSame(wanted.id, id);
  });
});
