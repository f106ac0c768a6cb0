import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newTestRecord } from '../manage/new-test-record.test-support.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { RunFolder } from './run-folder.ts';
import { RunStore } from './run-store.ts';

let root = '';
let store = new RunStore('');
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-own-'));
  store = new RunStore(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const task = syntheticTask('sequence-classification');
const record = newTestRecord(task);
const tensors = new Map([['w', { dtype: 'F32' as const, shape: [1], data: Float32Array.of(1) }]]);

/** A run with every file that a run writes, what a crash leaves among them. */
async function run(path: string): Promise<RunFolder> {
  const folder = new RunFolder(path);
  await folder.create({ ...record, summary: { ...record.summary, status: 'done' } }, task.data.encoding);
  await folder.appendMetrics([{ step: 1, epoch: 1, seconds: 1, split: 'train', values: { loss: 1 } }]);
  await folder.saveBest(tensors, 1);
  await mkdir(join(path, 'checkpoints'));
  await writeFile(join(path, 'checkpoints', 'step-000000001.safetensors'), 'x');
  await writeFile(join(path, 'checkpoints', '.step-000000002.safetensors.0123456789ab.tmp'), 'x');
  await writeFile(join(path, '.run.json.0123456789ab.tmp'), 'x');
  return folder;
}

describe('deleting a run', () => {
  it('leaves nothing of it', async () => {
    await run(join(root, 'a-run'));
    await mkdir(join(root, 'a-run.deleted'));
    expect(await store.delete('a-run')).toEqual([]);
    expect(await readdir(root)).toEqual(['a-run.deleted']);
  });

  it('leaves what is not the run’s own, and names it', async () => {
    const path = join(root, 'a-run');
    await run(path);
    const foreign = ['thesis.txt', 'checkpoints/notes.txt', 'best/mine/model.safetensors', 'run.json.bak', '.git/config'];
    for (const name of foreign) {
      await mkdir(join(path, name, '..'), { recursive: true });
      await writeFile(join(path, name), name);
    }
    const kept = ['.git', 'best/mine', 'checkpoints/notes.txt', 'run.json.bak', 'thesis.txt'];
    expect((await store.delete('a-run')).sort()).toEqual(kept);
    for (const name of foreign) expect(await readFile(join(path, name), 'utf8')).toBe(name);
    expect((await readdir(path)).sort()).toEqual(['.git', 'best', 'checkpoints', 'run.json.bak', 'thesis.txt']);
    await expect(store.delete('a-run')).rejects.toMatchObject({ failure: { code: 'run-not-found' } });
  });

  it('follows no link that lies in it', async () => {
    const path = join(root, 'a-run');
    const outside = join(root, 'outside');
    await run(path);
    await mkdir(outside);
    await writeFile(join(outside, 'step-000000001.safetensors'), 'precious');
    await writeFile(join(outside, 'lines'), 'precious');
    for (const name of ['checkpoints', 'metrics.jsonl']) await rm(join(path, name), { recursive: true });
    await symlink(outside, join(path, 'checkpoints'));
    await symlink(join(outside, 'lines'), join(path, 'metrics.jsonl'));
    expect(await store.delete('a-run')).toEqual([]);
    expect(await readdir(outside)).toEqual(['lines', 'step-000000001.safetensors']);
    expect(await readdir(root)).toEqual(['outside']);
  });

  it('that is kept elsewhere behind a link takes the link too', async () => {
    await run(join(root, 'disk', 'kept'));
    await symlink(join(root, 'disk', 'kept'), join(root, 'a-run'));
    expect(await store.delete('a-run')).toEqual([]);
    expect(await readdir(join(root, 'disk'))).toEqual([]);
    await expect(lstat(join(root, 'a-run'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a folder for a new run', () => {
  it.each([
    'metrics.jsonl',
    'encoding.json',
    'evaluation.json',
    'lock',
    'best/model.safetensors',
    'checkpoints/step-000000001.safetensors',
  ])('that holds %s of somebody else is refused by name, and stays as it is', async (name) => {
    const path = join(root, 'mine');
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), 'precious');
    await expect(new RunFolder(path).create(record, task.data.encoding)).rejects.toMatchObject({
      failure: { code: 'in-the-way', message: expect.stringContaining(name.split('/')[0] ?? '') },
    });
    expect(await readFile(join(path, name), 'utf8')).toBe('precious');
    expect(await readdir(path)).toHaveLength(1);
  });

  it('may hold what no run writes', async () => {
    const path = join(root, 'mine');
    await mkdir(path);
    await writeFile(join(path, 'notes.txt'), 'mine');
    await run(path);
    expect(await store.delete(path)).toEqual(['notes.txt']);
  });

  it('that is a file is refused', async () => {
    await writeFile(join(root, 'file'), 'mine');
    await expect(new RunFolder(join(root, 'file')).create(record, task.data.encoding)).rejects.toMatchObject({
      failure: { code: 'not-a-folder' },
    });
  });
});
