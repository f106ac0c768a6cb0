import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import { layerKinds } from '../layers/registry.ts';
import { exportOnnx } from './onnx/export.ts';
import { findOnnx } from './onnx/find-onnx.ts';
import { exportPytorch } from './pytorch/export.ts';
import { findTorch } from './pytorch/find-torch.ts';
import { computeGoldens } from './pytorch/goldens.tf.ts';
import { randomGraph } from './random-graphs.ts';

/** More graphs, or others: UNROLL_RANDOM_GRAPHS=500, or 500@1000 for seeds from 1000. */
const [count = 40, first = 1] = (process.env['UNROLL_RANDOM_GRAPHS'] ?? '40@1').split('@').map(Number);
const seeds = Array.from({ length: count }, (_, i) => first + i);

const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
const torch = findTorch();
const onnx = findOnnx();
if ('reason' in torch) console.warn(`random graphs in PyTorch skipped: ${torch.reason}`);
if ('reason' in onnx) console.warn(`random graphs in onnxruntime skipped: ${onnx.reason}`);

type Files = ReadonlyMap<string, Uint8Array | string>;

it('draws every layer kind, and blocks of every make', () => {
  const graphs = Array.from({ length: 200 }, (_, seed) => randomGraph(seed).document);
  const canvases = graphs.flatMap((document) => [document, ...document.blocks]);
  const drawn = new Set(canvases.flatMap(({ nodes }) => nodes.map(({ kind }) => kind)));
  const placed = canvases.flatMap(({ nodes }) => nodes.filter(({ kind }) => kind === 'block'));
  expect(placed.some((node) => node.params['repeat'] !== 1)).toBe(true);
  expect(graphs.some(({ blocks }) => blocks.some(({ nodes }) => nodes.some(({ kind }) => kind === 'block')))).toBe(true);
  expect(graphs.some(({ data, blocks }) => data?.task === 'sequence-to-sequence' && blocks.length > 1)).toBe(true);
  expect(layerKinds.filter((kind) => !drawn.has(kind))).toEqual([]);
});

describe.skipIf('reason' in torch && 'reason' in onnx && !required)('random graphs', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-random-'));
  const folders = { pytorch: new Map<number, string>(), onnx: new Map<number, string>() };
  const write = (format: 'pytorch' | 'onnx', seed: number, files: Files): void => {
    const folder = join(root, `${format}-${seed}`);
    mkdirSync(folder);
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    folders[format].set(seed, folder);
  };

  beforeAll(async () => {
    await activateBackend('wasm');
    for (const seed of seeds) {
      const one = randomGraph(seed);
      const parameters = initializeParameters(one.plan, seed);
      const model = new Model(one.plan, parameters);
      const goldens = await computeGoldens(model, one.encoding, seed);
      model.dispose();
      write('pytorch', seed, exportPytorch({ ...one, parameters, goldens }));
      write('onnx', seed, exportOnnx({ ...one, parameters, goldens }));
    }
  }, 600_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }), 60_000);

  /** What went wrong in each folder's own test, by seed; one Python process for all of them. */
  const failures = (python: string, tested: ReadonlyMap<number, string>): Record<number, string> => {
    const input = [...tested.values()].join('\n');
    const runner = join(import.meta.dirname, 'random_graphs_runner.py');
    const { stdout, stderr } = spawnSync(python, [runner], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
    const lines = stdout.trim().split('\n');
    if (lines.length !== tested.size) throw new Error(`Python answered for ${lines.length} of ${tested.size} folders: ${stderr}`);
    const said = [...tested.keys()].map((seed, i): [number, string] => [seed, JSON.parse(lines[i] ?? '""') as string]);
    return Object.fromEntries(said.filter(([, failure]) => failure !== ''));
  };

  it.skipIf('reason' in torch && !required)(
    'pass their own test in PyTorch, and no name of theirs hides another',
    () => expect(failures('python' in torch ? torch.python : '', folders.pytorch)).toEqual({}),
    600_000,
  );

  it.skipIf('reason' in onnx && !required)(
    'pass their own test in onnxruntime',
    () => expect(failures('python' in onnx ? onnx.python : '', folders.onnx)).toEqual({}),
    600_000,
  );
});
