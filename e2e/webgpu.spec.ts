import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { emptyDocument, type UnrollDocument, unrollDocument } from '../engine/document/schema.ts';
import type { DeviceInfo } from '../engine/protocol/app.ts';
import type { RunSummary } from '../engine/protocol/runs.ts';
import { EngineClient } from '../renderer/bridge/engine-client.ts';
import { expect, test } from './fixtures.ts';
import config from './playwright.config.ts';

/*
 * A real browser with WebGPU, in software where there is no GPU: the window lends it to the engine, and a run started elsewhere
 * (here: a second connection, as the interface's own) trains on it and lands in the run store.
 */
test.use({
  launchOptions: {
    ...config.use?.launchOptions,
    args: [
      ...(config.use?.launchOptions?.args ?? []),
      '--enable-unsafe-webgpu',
      '--enable-features=Vulkan',
      '--use-webgpu-adapter=swiftshader',
    ],
  },
});

async function connect(address: string): Promise<EngineClient> {
  const url = new URL(address);
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? '';
  const socket = new WebSocket(`ws://${url.host}/engine?token=${token}`, { origin: url.origin });
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
function learnable(path: string): UnrollDocument {
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
    training: { epochs: 4, batchSize: 16, learningRate: 0.02, device: 'webgpu' },
  });
}

test('the window lends its WebGPU: a run trains on it, and is kept', async ({ app, window }) => {
  await expect(window).toHaveTitle(/Unroll/);
  const engine = await connect(app.address);
  await expect.poll(async () => (await webgpuOf(engine))?.available, { timeout: 60_000 }).toBe(true);
  const device = await webgpuOf(engine);
  expect(device?.description).toMatch(/^WebGPU · CPU \(.*swiftshader/i);
  expect(device?.selfCheckError).toBeLessThan(1e-4);
  // Software WebGPU is never chosen by itself.
  expect((await engine.call('app.devices', {})).preferred).not.toBe('webgpu');

  const summaries: RunSummary[] = [];
  engine.on('run.progress', ({ summary }) => summaries.push(summary));
  const document = learnable(join(app.home, 'rows.csv'));
  const started = await engine.call('training.start', { document, name: 'on webgpu' });
  expect(started).toMatchObject({ backend: 'webgpu', device: device?.description });
  await expect.poll(() => summaries.at(-1)?.status, { timeout: 150_000 }).toBe('done');

  const { events } = await engine.call('runs.metrics', { run: started.id });
  const losses = events.filter(({ split }) => split === 'validation').map(({ values }) => values['loss'] ?? Number.NaN);
  expect(losses).toHaveLength(4);
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
  const folder = join(app.home, 'runs', started.id);
  expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject({
    summary: { status: 'done', backend: 'webgpu' },
  });
  expect(readdirSync(join(folder, 'checkpoints')).length).toBeGreaterThan(0);

  const prediction = await engine.call('predict.text', { run: started.id, text: 'sea yes blue' });
  expect(JSON.stringify(prediction)).toContain('positive');
});
