import '../../../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../compile/plan.ts';
import { decodeSafetensors, type NamedTensor } from '../../../files/safetensors.ts';
import { headlineMetric } from '../../../metrics/headline.ts';
import type { MetricValues } from '../../../protocol/runs.ts';
import { weightsOf } from '../../../runs/checkpoint.ts';
import { freePort } from '../../../toolchain/free-port.test-support.ts';
import { MemorySink } from '../../../training/memory-sink.test-support.ts';
import { TrainingSession } from '../../../training/session.tf.ts';
import { stateDict } from '../state-dict.ts';
import { type EqualityCase, equalityCases } from './equality-cases.ts';
import { exportUntrained, trainMissing, trainPython } from './train-cases.ts';

/** Updates after which weights are compared, and a training is cut in two. */
const cut = 5;
const tolerance = 1e-4;

interface Trained {
  /** Of each update. */
  readonly losses: readonly number[];
  /** Of the split that is judged, at the end of each epoch. */
  readonly epochs: readonly MetricValues[];
  readonly test: MetricValues | null;
  readonly keptAt: number;
  readonly kept: ReadonlyMap<string, ArrayLike<number>>;
}

interface Said {
  readonly lines: readonly string[];
  readonly errors: string;
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

interface Job {
  readonly folder: string;
  readonly arguments: readonly string[];
}

/** What train.py tells and keeps. @param out what it wrote its best weights to */
function trainedBy({ lines }: Said, out: string, metric: string): Trained {
  const told = lines.map((line) => JSON.parse(line) as Record<string, number> & { test?: MetricValues });
  const { tensors } = decodeSafetensors(readFileSync(out));
  expect(told.find((line) => 'kept' in line)?.[metric]).toBeTypeOf('number');
  return {
    losses: told.filter((line) => 'step' in line).map((line) => line['loss'] ?? Number.NaN),
    epochs: told.filter((line) => 'epoch' in line),
    test: told.find((line) => 'test' in line)?.test ?? null,
    keptAt: told.find((line) => 'kept' in line)?.['kept'] ?? Number.NaN,
    kept: new Map([...tensors].map(([name, { data }]) => [name, data as ArrayLike<number>])),
  };
}

const numbers = (plan: Plan, weights: ReadonlyMap<string, NamedTensor>): Map<string, ArrayLike<number>> =>
  new Map([...stateDict(plan, weights)].map(([name, { data }]) => [name, data as ArrayLike<number>]));

function expectClose(found: ArrayLike<number> | undefined, expected: ArrayLike<number>, what: string): void {
  expect(found?.length, what).toBe(expected.length);
  let off = 0;
  for (let i = 0; i < expected.length; i++) {
    const wanted = expected[i] ?? Number.NaN;
    off = Math.max(off, Math.abs((found?.[i] ?? Number.NaN) - wanted) / Math.max(1, Math.abs(wanted)));
  }
  expect(off, what).toBeLessThan(tolerance);
}

/** Figures that both know. */
function expectFigures(found: MetricValues | null | undefined, expected: MetricValues | null | undefined, what: string): void {
  expect(found === null, what).toBe(expected === null);
  const shared = Object.keys(expected ?? {}).filter((name) => name in (found ?? {}));
  if (expected) expect(shared.length, what).toBeGreaterThan(1);
  for (const name of shared) expectClose([found?.[name] ?? Number.NaN], [expected?.[name] ?? Number.NaN], `${what}: ${name}`);
}

function expectSame(found: Trained, app: Trained, from = 0): void {
  expectClose(found.losses, app.losses.slice(from), 'losses');
  const epochs = app.epochs.slice(app.epochs.length - found.epochs.length);
  expect(found.epochs.length).toBeGreaterThan(0);
  found.epochs.forEach((figures, i) => {
    expectFigures(figures, epochs[i], `epoch ${i + 1} of ${found.epochs.length}`);
  });
  expectFigures(found.test, app.test, 'test');
  expect(found.keptAt).toBe(app.keptAt);
  expect([...found.kept.keys()].sort()).toEqual([...app.kept.keys()].sort());
  for (const [name, data] of app.kept) expectClose(found.kept.get(name), data, name);
}

/** Runs the jobs one after another, each on so many processes, which find each other as torchrun's do. */
async function run(jobs: readonly Job[], world: number): Promise<Said[]> {
  const given: (Job & { readonly port: number })[] = [];
  for (const job of jobs) given.push({ ...job, port: await freePort() });
  const runner = join(import.meta.dirname, 'train_runner.py');
  const told = await Promise.all(
    Array.from({ length: world }, (_, rank) => {
      const place = { MASTER_ADDR: '127.0.0.1', RANK: String(rank), WORLD_SIZE: String(world), GLOO_SOCKET_IFNAME: 'lo' };
      const child = spawn(trainPython(), ['-W', 'error', runner], {
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...(world > 1 ? place : {}) },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdin.end(JSON.stringify(given));
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      return new Promise<string>((resolve) => child.on('close', () => resolve(out)));
    }),
  );
  const said = (told[0] ?? '')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Said);
  expect(said).toHaveLength(jobs.length);
  return said;
}

interface Compared {
  readonly app: Trained;
  readonly atCut: ReadonlyMap<string, ArrayLike<number>>;
  readonly moved: number;
  readonly python: Readonly<Record<'one' | 'two' | 'one, then two' | 'two, then one', Trained>>;
  readonly pythonAtCut: Readonly<Record<'one' | 'two', Said>>;
  /** The same updates with --precision bfloat16. */
  readonly half: Said;
}

/** Trains in the app. */
async function inApp(root: string, one: EqualityCase) {
  const folder = mkdtempSync(join(root, 'case-'));
  const { path, other, directory, data, plan, parameters, settings, encoding } = await exportUntrained(folder, one, one.settings);
  const sink = new MemorySink();
  const session = new TrainingSession({ plan, data, settings, sink });
  expect(await session.run()).toBe('done');
  const { best, epoch } = session.state;
  session.dispose();
  const atCut = sink.checkpoints.find(({ state }) => state.step === cut);
  if (best === null || sink.bestWeights === null || atCut === undefined) throw new Error(`${one.title}: nothing was kept`);
  expect(epoch < settings.epochs, one.title).toBe(settings.earlyStoppingPatience !== null);
  const steps = Math.ceil(data.splits.train.count / settings.batchSize);
  const shown = sink.events.filter(({ split }) => split === (data.splits.validation.count > 0 ? 'validation' : 'train'));
  const ends = sink.evaluations.filter(({ split, step }) => split !== 'test' && step % steps === 0).slice(0, epoch);
  expect(shown.length, one.title).toBeGreaterThan(0);
  const app: Trained = {
    losses: sink.events
      .filter(({ split, learningRate }) => split === 'train' && learningRate !== undefined)
      .map(({ values }) => values['loss'] ?? 0),
    epochs: ends.map(({ values }) => values),
    test: sink.evaluations.find(({ split }) => split === 'test')?.values ?? null,
    keptAt: best.step,
    kept: numbers(plan, sink.bestWeights),
  };
  const before = numbers(plan, parameters);
  const moved = Math.max(
    ...[...app.kept].flatMap(([name, data]) => Array.from(data, (value, i) => Math.abs(value - (before.get(name)?.[i] ?? 0)))),
  );
  const files = [path, ...(one.validation === undefined ? [] : ['--validation', other])];
  return { app, atCut: numbers(plan, weightsOf(atCut)), moved, directory, files, metric: headlineMetric(encoding).metric };
}

describe.skipIf(trainMissing())('train.py trains as the app', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-as-the-app-'));
  const compared = new Map<string, Compared>();
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  beforeAll(async () => {
    await tf.setBackend('cpu');
    const cases: Awaited<ReturnType<typeof inApp>>[] = [];
    for (const one of equalityCases) cases.push(await inApp(root, one));
    const job = (name: string, ...more: readonly string[]): Job[] =>
      cases.map(({ directory, files }) => ({
        folder: directory,
        arguments: [...files, '--json', '--device', 'cpu', '--out', `${name}.safetensors`, '--checkpoint', `${name}.pt`, ...more],
      }));
    const halves = (jobs: readonly Said[]): [Said[], Said[]] => [jobs.slice(0, cases.length), jobs.slice(cases.length)];
    const short = ['--steps', String(cut)];
    const alone = await run(
      [...job('one'), ...job('first-one', ...short), ...job('half', ...short, '--precision', 'bfloat16')],
      1,
    );
    const [one, [oneAtCut, half]] = [alone.slice(0, cases.length), halves(alone.slice(cases.length))];
    const again = await run([...job('two'), ...job('first-two', ...short), ...job('first-one', '--resume')], 2);
    const [two, rest] = halves(again);
    const [twoAtCut, oneThenTwo] = halves(rest);
    const twoThenOne = await run(job('first-two', '--resume'), 1);
    cases.forEach(({ app, atCut, moved, directory, metric }, i) => {
      const trained = (said: Said | undefined, name: string): Trained => {
        expect(said?.errors, equalityCases[i]?.title).toBe('');
        return trainedBy(said as Said, join(directory, `${name}.safetensors`), metric);
      };
      compared.set(equalityCases[i]?.title ?? '', {
        app,
        atCut,
        moved,
        pythonAtCut: { one: oneAtCut[i] as Said, two: twoAtCut[i] as Said },
        half: half[i] as Said,
        python: {
          one: trained(one[i], 'one'),
          two: trained(two[i], 'two'),
          'one, then two': trained(oneThenTwo[i], 'first-one'),
          'two, then one': trained(twoThenOne[i], 'first-two'),
        },
      });
    });
  }, 600_000);

  it.each(equalityCases)('$title: on one process, on two, and cut in the middle', ({ title }) => {
    const found = compared.get(title);
    if (found === undefined) throw new Error('the case did not run');
    const { app, atCut, moved, python, pythonAtCut } = found;
    expect(moved).toBeGreaterThan(0.005);
    for (const said of Object.values(pythonAtCut)) {
      expect(said.errors).toBe('');
      for (const [name, data] of atCut) expectClose(said.weights[name], data, `${name} after ${cut} steps`);
    }
    expectSame(python.one, app);
    expectSame(python.two, app);
    expectSame(python['one, then two'], app, cut);
    expectSame(python['two, then one'], app, cut);
  });

  it.each(equalityCases)('$title: in bfloat16 nearly the same losses, and not the very same', ({ title }) => {
    const found = compared.get(title);
    if (found === undefined) throw new Error('the case did not run');
    const { app, half } = found;
    expect(half.errors).toBe('');
    const told = half.lines.map((line) => JSON.parse(line) as Record<string, number>).filter((line) => 'rate' in line);
    const losses = told.map((line) => line['loss'] ?? Number.NaN);
    expect(losses).toHaveLength(cut);
    const off = losses.map((loss, i) => Math.abs(loss - (app.losses[i] ?? Number.NaN)) / Math.abs(app.losses[i] ?? Number.NaN));
    // It has 8 bits, float32 has 24; what the first updates are off adds up.
    expect(off[0]).toBeLessThan(0.01);
    expect(Math.max(...off)).toBeLessThan(0.1);
    expect(Math.max(...off)).toBeGreaterThan(1e-6);
  });
});
