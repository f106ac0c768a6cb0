import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { initializeParameters } from '../compile/initialize.ts';
import { RunManager } from '../manage/run-manager.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { RunStore } from '../runs/run-store.ts';
import { syntheticTask } from './synthetic-task.test-support.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-vectors-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const task = syntheticTask('sequence-classification', { device: 'javascript', epochs: 1, batchSize: 60 }, 60);

const withVectors = (path: string, frozen: boolean) => ({
  ...task.document,
  nodes: task.document.nodes.map((node) =>
    node.kind === 'embedding' ? { ...node, params: { ...node.params, vectors: path, frozen } } : node,
  ),
});

function manage() {
  let ended: (summary: RunSummary) => void = () => {};
  const emit = (_event: string, message: unknown): void => {
    const { summary } = message as { summary?: RunSummary };
    if (summary && summary.status !== 'running') ended(summary);
  };
  const manager = new RunManager(new RunStore(root), { emit }, async () => task.data);
  const end = new Promise<RunSummary>((resolve) => {
    ended = resolve;
  });
  return { manager, end };
}

it.each([true, false])('a run starts from the rows of the file, frozen %s; the others are random', async (frozen) => {
  const path = join(root, 'vectors.txt');
  await writeFile(path, 'a 1 2 3 4 5 6\nzebra 9 9 9 9 9 9\nc 6 5 4 3 2 1\nbad line\n');
  const { manager, end } = manage();
  const summary = await manager.startRun({ document: withVectors(path, frozen) });
  expect(summary.notes).toEqual([
    'vectors.txt has vectors for 2 of 6 tokens (33.3 %); the others start at random. Bad lines left out: 1, the first is line 4.',
  ]);
  expect((await end).status).toBe('done');
  const trained = (await manager.folder(summary.id).best())?.weights.get('embedding.weight')?.data ?? new Float32Array();
  const row = (data: ArrayLike<number>, id: number): number[] => Array.from(data).slice(id * 6, id * 6 + 6);
  const random = initializeParameters(task.plan, task.document.training.seed).get('embedding.weight')?.data ?? new Float32Array();
  const [a, b, c] = [4, 5, 6];
  if (frozen) {
    expect(row(trained, a)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(row(trained, c)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(row(trained, b)).toEqual(row(random, b));
  } else {
    // One epoch of one step moves them, but not far.
    expect(row(trained, a)).not.toEqual([1, 2, 3, 4, 5, 6]);
    row(trained, a).forEach((value, i) => {
      expect(value).toBeCloseTo(i + 1, 1);
    });
  }
});

it('a run that starts from a model asks for no vectors any more: the file may be gone', async () => {
  const path = join(root, 'vectors.txt');
  await writeFile(path, 'a 1 2 3 4 5 6\n');
  const { manager, end } = manage();
  const document = withVectors(path, false);
  const { id } = await manager.startRun({ document });
  await end;
  await rm(path);
  const next = await manager.startRun({ document, from: id });
  expect(next).not.toHaveProperty('notes');
  await manager.stop(next.id);
});

it('is refused at the embedding when the widths differ', async () => {
  const path = join(root, 'vectors.txt');
  await writeFile(path, 'a 1 2 3\n');
  const refused = await manage()
    .manager.startRun({ document: withVectors(path, false) })
    .then(
      () => null,
      (error: unknown) => error,
    );
  if (!(refused instanceof UserError)) throw new Error('it was started');
  expect(refused.failure).toMatchObject({ code: 'vectors-width', node: 'embed' });
});
