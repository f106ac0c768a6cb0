import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { emptyDocument, type UnrollDocument, unrollDocument } from '../engine/document/schema.ts';
import type { DeviceInfo } from '../engine/protocol/app.ts';
import { numbersOf } from '../engine/protocol/metric-columns.ts';
import type { RunSummary } from '../engine/protocol/runs.ts';
import { EngineClient } from '../renderer/bridge/engine-client.ts';
import { type App, expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';
import { webgpuChromium } from './webgpu-chromium.ts';

/*
 * A real browser with WebGPU, in software where there is no GPU: the window lends it to the engine, and a run started elsewhere
 * (here: a second connection, as the interface's own) trains on it and lands in the run store.
 */
test.use({ launchOptions: webgpuChromium });
// The last that run: one after another they would leave a core idle. Each has an app of its own.
test.describe.configure({ mode: 'parallel' });

async function connect(address: string): Promise<EngineClient> {
  const { host, origin, hash } = new URL(address);
  const code = new URLSearchParams(hash.slice(1)).get('code') ?? '';
  const answer = await fetch(`${origin}/enter`, { method: 'POST', body: code, headers: { Origin: origin } });
  if (!answer.ok) throw new Error(`not let in: ${answer.status}`);
  const headers = { Cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
  const socket = new WebSocket(`ws://${host}/engine?key=${await answer.text()}`, { origin, headers });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return new EngineClient({
    send: (text) => socket.send(text),
    onMessage: (listener) => socket.on('message', (data) => listener(String(data))),
    onClose: (listener) => socket.on('close', listener),
  });
}

const webgpuOf = async (engine: EngineClient): Promise<DeviceInfo | undefined> =>
  (await engine.call('app.devices', {})).devices.find(({ backend }) => backend === 'webgpu');

/** Rows that hold the word `yes` or not: learnt in a few steps. */
function learnable(path: string, epochs = 4): UnrollDocument {
  const words = ['red', 'green', 'blue', 'sea', 'sky'];
  const rows = Array.from({ length: 96 }, (_, i) => {
    const text = [words[i % 5], i % 2 === 0 ? 'yes' : 'no', words[(i * 3) % 5], words[(i * 7) % 4]].join(' ');
    return `${text},${i % 2 === 0 ? 'positive' : 'negative'}`;
  });
  writeFileSync(path, `text,label\n${rows.join('\n')}\n`);
  const at = (id: string, kind: string, params = {}): unknown => ({ id, kind, params, position: { x: 0, y: 0 } });
  const wire = (from: string, to: string): unknown => {
    const [a = '', b = ''] = from.split('.');
    const [c = '', d = ''] = to.split('.');
    return { id: `${a}-${c}`, from: { node: a, port: b }, to: { node: c, port: d } };
  };
  return unrollDocument.parse({
    ...emptyDocument('On WebGPU'),
    nodes: [
      at('tokens', 'token-input'),
      at('embedding', 'embedding', { width: 8 }),
      at('cell', 'gru-cell', { hidden: 8 }),
      at('unroll', 'recurrent', { output: 'last' }),
      at('head', 'dense-softmax'),
    ],
    edges: [
      wire('tokens.tokens', 'embedding.tokens'),
      wire('embedding.sequence', 'unroll.sequence'),
      wire('cell.cell', 'unroll.cell'),
      wire('unroll.output', 'head.input'),
    ],
    data: {
      source: {
        kind: 'file',
        path,
        reader: { format: 'delimited', header: true, inputColumns: ['text'], targetColumns: ['label'] },
      },
      task: 'sequence-classification',
    },
    training: { epochs, batchSize: 16, learningRate: 0.02, device: 'webgpu' },
  });
}

test('the window lends its WebGPU: runs train on it one after the other, and are kept', async ({ app, window }) => {
  await expect(window).toHaveTitle(/Unroll/);
  const engine = await ready(app);
  const rows = join(app.home, 'rows.csv');
  await test.step('a run trains on it, and is kept', () => trainsAndIsKept(app, engine, rows));
  await test.step('a run is looked into while it trains', () => isLookedInto(engine, rows));
  await test.step('a cell that is given by its equations trains as on WASM', () => ownCellTrains(engine, rows));
});

async function trainsAndIsKept(app: App, engine: EngineClient, rows: string): Promise<void> {
  const device = await webgpuOf(engine);
  expect(device?.description).toMatch(/^WebGPU · CPU \(.*swiftshader/i);
  expect(device?.selfCheckError).toBeLessThan(1e-4);
  // Software WebGPU is never chosen by itself.
  expect((await engine.call('app.devices', {})).preferred).not.toBe('webgpu');

  const summaries: RunSummary[] = [];
  engine.on('run.progress', ({ summary }) => summaries.push(summary));
  const document = learnable(rows);
  const run = await engine.call('training.start', { document, name: 'on webgpu' });
  expect(run).toMatchObject({ backend: 'webgpu', device: device?.description });
  await expect.poll(() => summaries.at(-1)?.status, { timeout: 150_000 }).toBe('done');

  const losses = await lossesOf(engine, run.id);
  expect(losses).toHaveLength(4);
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
  const folder = join(app.home, 'runs', run.id);
  expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject({
    summary: { status: 'done', backend: 'webgpu' },
  });
  expect(readdirSync(join(folder, 'checkpoints')).length).toBeGreaterThan(0);

  const prediction = await engine.call('predict.text', { run: run.id, text: 'sea yes blue' });
  expect(JSON.stringify(prediction)).toContain('positive');
}

async function isLookedInto(engine: EngineClient, rows: string): Promise<void> {
  const run = await started(engine, learnable(rows, endless));
  await further(engine, run, 1);
  const look = () => engine.call('inspect.trace', { run, input: { kind: 'text', text: 'sea yes blue' }, weights: 'live' });
  const first = await look();
  expect(first).toMatchObject({ weights: 'live', steps: [{ token: 'sea' }, { token: 'yes' }, { token: 'blue' }] });
  expect(first.step).toBeGreaterThan(0);
  await expect.poll(async () => (await look()).step, { timeout: 60_000 }).toBeGreaterThan(first.step);
  await engine.call('training.stop', { run });
  await expect(look()).rejects.toMatchObject({ failure: { code: 'not-training' } });
}

async function ownCellTrains(engine: EngineClient, rows: string): Promise<void> {
  const document = learnable(rows);
  const equations = ['f = sigmoid(W_f x + U_f h + b_f)', 'n = tanh(W_n x + U_n (f * h) + b_n)', "h' = (1 - f) * h + f * n"].join(
    '\n',
  );
  const own: UnrollDocument = {
    ...document,
    nodes: document.nodes.map((node) =>
      node.id === 'cell' ? { ...node, kind: 'custom-cell', params: { hidden: 8, equations } } : node,
    ),
  };
  const losses: number[][] = [];
  for (const device of ['webgpu', 'wasm'] as const) {
    const run = await engine.call('training.start', { document: { ...own, training: { ...own.training, device } } });
    expect(run.backend).toBe(device);
    await done(engine, run.id);
    losses.push(await lossesOf(engine, run.id));
  }
  const [graphics = [], wasm = []] = losses;
  expect(graphics).toHaveLength(4);
  for (const [epoch, loss] of graphics.entries()) expect(loss, `epoch ${epoch + 1}`).toBeCloseTo(wasm[epoch] ?? Number.NaN, 3);
}

/** Validation losses by epoch of a run. */
async function lossesOf(engine: EngineClient, run: string): Promise<number[]> {
  const { splits } = await engine.call('runs.metrics', { run });
  const loss = splits.find(({ split }) => split === 'validation')?.values['loss'];
  return loss === undefined ? [] : [...numbersOf(loss.values)];
}

const runOf = async (engine: EngineClient, run: string): Promise<RunSummary> => (await engine.call('runs.get', { run })).summary;

async function ready(app: App): Promise<EngineClient> {
  // While an engine starts, connections are refused.
  const connected: EngineClient[] = [];
  await expect(async () => void connected.push(await connect(app.address))).toPass({ timeout: 60_000 });
  const [engine] = connected;
  if (engine === undefined) throw new Error('the engine is not connected');
  await expect.poll(async () => (await webgpuOf(engine))?.available, { timeout: 60_000 }).toBe(true);
  return engine;
}

/** Enough that a run is far from its end when it is paused a third time. */
const epochs = 12;
/** More than any machine trains before the test has done what it does and stops the run. */
const endless = 2000;

async function started(engine: EngineClient, document: UnrollDocument): Promise<string> {
  const { id } = await engine.call('training.start', { document });
  return id;
}

/** Waits until the run has gone so many epochs further, at least one: there is a checkpoint then. */
async function further(engine: EngineClient, run: string, by: number): Promise<void> {
  const from = Math.floor((await runOf(engine, run)).epoch);
  await expect
    .poll(async () => (await runOf(engine, run)).epoch, { timeout: 120_000, intervals: [50] })
    .toBeGreaterThanOrEqual(from + by);
}

const done = (engine: EngineClient, run: string): Promise<void> =>
  expect.poll(async () => (await runOf(engine, run)).status, { timeout: 200_000 }).toBe('done');

/** The losses of an uninterrupted run: those before an interruption and those after it are all there, once, and the same. */
async function expectSameLosses(engine: EngineClient, run: string, whole: readonly number[]): Promise<void> {
  const losses = await lossesOf(engine, run);
  expect(losses).toHaveLength(whole.length);
  // The order in which a graphics processor adds up an embedding's gradient is not fixed.
  for (const [epoch, loss] of losses.entries()) expect(loss, `epoch ${epoch + 1}`).toBeCloseTo(whole[epoch] ?? Number.NaN, 3);
}

/** Stops a run that was interrupted and went on; one that was not, trained as far, has the same losses. */
async function expectAsUninterrupted(engine: EngineClient, run: string, document: UnrollDocument): Promise<void> {
  const trained = (id: string, epochs: number): Promise<void> =>
    expect
      .poll(async () => (await lossesOf(engine, id)).length, { timeout: 200_000, intervals: [50] })
      .toBeGreaterThanOrEqual(epochs);
  await trained(run, (await lossesOf(engine, run)).length + 2);
  await engine.call('training.stop', { run });
  const { length } = await lossesOf(engine, run);
  const whole = await started(engine, document);
  await trained(whole, length);
  await engine.call('training.stop', { run: whole });
  await expectSameLosses(engine, run, (await lossesOf(engine, whole)).slice(0, length));
}

test('paused, stopped and resumed on WebGPU, a run ends as if nothing had been', async ({ app, window }) => {
  await expect(window).toHaveTitle(/Unroll/);
  const engine = await ready(app);
  const document = learnable(join(app.home, 'rows.csv'), epochs);
  const whole = await started(engine, document);
  await done(engine, whole);
  const losses = await lossesOf(engine, whole);
  expect(losses).toHaveLength(epochs);

  const run = await started(engine, document);
  for (const end of ['paused', 'stopped', 'paused'] as const) {
    await further(engine, run, 1);
    const { status } = await engine.call(end === 'paused' ? 'training.pause' : 'training.stop', { run });
    expect(status).toBe(end);
    expect(await engine.call('training.resume', { run })).toMatchObject({ backend: 'webgpu', status: 'running' });
  }
  await done(engine, run);
  await expectSameLosses(engine, run, losses);
});

test('the window that trains is closed: the run says so, and goes on in the next window', async ({ app, window, context }) => {
  await expect(window).toHaveTitle(/Unroll/);
  const engine = await ready(app);
  const document = learnable(join(app.home, 'rows.csv'), endless);
  const run = await started(engine, document);
  await further(engine, run, 2);
  await window.close();
  await expect.poll(async () => (await runOf(engine, run)).status, { timeout: 90_000 }).toMatch(/failed|interrupted/);
  expect((await runOf(engine, run)).message).toMatch(/window/i);

  const next = await context.newPage();
  await next.goto(app.address);
  await expect(next.getByRole('textbox', { name: 'Document name' })).toBeVisible();
  expect(await engine.call('training.resume', { run })).toMatchObject({ backend: 'webgpu' });
  await expectAsUninterrupted(engine, run, document);
});

test('the engine is killed while the window trains: the window works on, and the run goes on from its checkpoint', async ({
  app,
  window,
}) => {
  const name = window.getByRole('textbox', { name: 'Document name' });
  await expect(name).toBeVisible();
  const before = await ready(app);
  const document = learnable(join(app.home, 'rows.csv'), endless);
  const run = await started(before, document);
  await further(before, run, 2);

  // The window is used while its worker trains.
  await name.fill('while it trains');
  await name.press('Enter');
  await window.getByRole('tab', { name: 'Runs' }).click();
  await expect(window.getByRole('row').filter({ hasText: 'training' })).toHaveCount(1);
  await window.getByRole('tab', { name: 'Design' }).click();
  expect((await runOf(before, run)).status).toBe('running');

  const told = await new Studio(window).everShown('The engine is not answering.');
  process.kill(app.enginePid(), 'SIGKILL');
  await told();
  await expect(name).toHaveValue('while it trains');

  const engine = await ready(app);
  await expect.poll(async () => (await runOf(engine, run)).status).toBe('interrupted');
  expect(await engine.call('training.resume', { run })).toMatchObject({ backend: 'webgpu' });
  await expectAsUninterrupted(engine, run, document);
});
