import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newTestRecord } from '../manage/new-test-record.test-support.ts';
import { UserError } from '../protocol/envelope.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import type { Evaluation } from '../protocol/runs.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import type { Checkpoint } from './checkpoint.ts';
import { restoreRun } from './restore-run.ts';
import type { RunFolder } from './run-folder.ts';
import { newRunId, RunStore } from './run-store.ts';

let root = '';
let store = new RunStore('');
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-folder-'));
  store = new RunStore(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const task = syntheticTask('sequence-classification');
const recordOf = (id: string) => {
  const record = newTestRecord(task, id);
  return { ...record, summary: { ...record.summary, id } };
};
async function make(id: string, created = 0): Promise<RunFolder> {
  const folder = store.folder(id);
  const record = recordOf(id);
  await folder.create({ ...record, summary: { ...record.summary, created } }, task.data.encoding);
  return folder;
}
const tensors = new Map([['dense.weight', { dtype: 'F32' as const, shape: [2], data: Float32Array.of(1, 2) }]]);
const checkpoint = (step: number): Checkpoint => ({
  state: {
    ...{ step, epoch: 0, batch: step, seconds: 1, dropout: [1, 2, 3, 4], validatedStep: -1 },
    ...{ schedule: { scale: 1, best: null, stale: 0 }, patience: { best: null, stale: 0 }, best: null, validation: null },
    window: { lossSum: 0, steps: 1, correct: 0, targets: 0 },
  },
  tensors,
});

describe('best weights', () => {
  const best = (folder: RunFolder): string => join(folder.path, 'best', 'model.safetensors');
  it('with one bit that is not as it was written are damaged, and so is what is no file', async () => {
    const folder = await make('a');
    expect(await folder.best()).toBeNull();
    await folder.saveBest(tensors, 3);
    expect(await folder.best()).toEqual({ step: 3, weights: tensors });
    const bytes = await readFile(best(folder));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await writeFile(best(folder), bytes);
    expect((await failureOf(folder.best())).code).toBe('best-damaged');
    await rm(best(folder));
    await mkdir(best(folder));
    expect((await failureOf(folder.best())).code).toBe('best-damaged');
  });
});

describe('checkpoints', () => {
  it.each([
    [1, 2, 10],
    [10, 2, 1],
    [999_999_999, 5_000_000_000, 1_000_000_000],
  ])('are known by their step, whichever was written first, and by nothing else that lies there', async (...steps) => {
    const folder = await make('a');
    const place = join(folder.path, 'checkpoints');
    await mkdir(place);
    for (const name of ['step-1.safetensors', 'a-step-000000099.safetensors', 'notes.txt'])
      await writeFile(join(place, name), '');
    for (const step of steps) await folder.saveCheckpoint(checkpoint(step));
    const [second, first] = steps.toSorted((a, b) => a - b).slice(1);
    expect(await folder.checkpoints()).toEqual({ checkpoint: checkpoint(first ?? 0), damaged: [] });
    const kept = [second, first].map((step) => `step-${String(step).padStart(9, '0')}.safetensors`);
    expect((await readdir(place)).sort()).toEqual(
      ['a-step-000000099.safetensors', 'notes.txt', 'step-1.safetensors', ...kept].sort(),
    );
  });
});

describe('the folder', () => {
  it('keeps the last evaluation', async () => {
    const folder = await make('a');
    expect(await folder.evaluation()).toBeNull();
    const evaluation: Evaluation = {
      ...{ split: 'validation', step: 1, values: { loss: Number.NaN }, classes: [], confusion: null, series: null },
      ...{ baseline: {}, baselineName: 'mean', examples: [] },
    };
    await folder.writeEvaluation(evaluation);
    expect(await folder.evaluation()).toEqual(evaluation);
  });

  it('reads the words of a run from before they had rules by the first of them, and those of others by their own', async () => {
    const folder = await make('a');
    const { encoding } = task.data;
    const { binding } = await folder.encoding();
    expect(binding).toEqual(encoding.binding);
    expect(binding.tokenizer.rule).not.toBe(1);
    const { rule: _own, ...tokenizer } = encoding.binding.tokenizer;
    const old = { ...encoding, binding: { ...encoding.binding, tokenizer } };
    await writeFile(join(folder.path, 'encoding.json'), JSON.stringify(old));
    expect((await folder.encoding()).binding).toMatchObject({ tokenizer: { rule: 1 }, targetTokenizer: { rule: 1 } });
    // Its document is read as it was, too.
    const record = recordOf('a');
    const data = { ...encoding.binding, tokenizer };
    const document = JSON.parse(JSON.stringify({ ...record.document, data, version: 2 }));
    await writeFile(join(folder.path, 'run.json'), JSON.stringify({ ...record, document }));
    expect((await folder.read()).document.data?.tokenizer.rule).toBe(1);
  });

  it('that is moved while its run trains is not made again', async () => {
    const folder = await make('a');
    const release = await folder.lock();
    await folder.write(recordOf('a'));
    await rename(folder.path, join(root, 'moved'));
    expect((await failureOf(folder.write(recordOf('a')))).code).toBe('run-folder-gone');
    expect(await readdir(root)).toEqual(['moved']);
    await release();
  });

  it('has no room for a run beside the files of another, whoever holds it', async () => {
    const folder = store.folder('a');
    await mkdir(folder.path);
    await writeFile(join(folder.path, 'metrics.jsonl'), '');
    expect((await failureOf(folder.alone(() => folder.requireRoom()))).message).toContain('holds metrics.jsonl already');
  });

  it('says who trains its run: here, or on another machine, where it cannot be known whether that still lives', async () => {
    const folder = await make('a');
    await folder.alone(async () => {
      const { message, hint } = await failureOf(store.folder('a').lock());
      expect(message).toContain(`another process (${process.pid}).`);
      expect(hint).toBe('Pause or stop it there first.');
    });
    await writeFile(join(folder.path, 'lock'), JSON.stringify({ pid: 7, started: null, host: `not-${hostname()}` }));
    const { message, hint } = await failureOf(folder.lock());
    expect(message).toContain(`another process (7 on not-${hostname()}).`);
    expect(hint).toContain(`delete the file ${join(folder.path, 'lock')}`);
  });

  it('whose run.json is no file says so', async () => {
    await mkdir(join(root, 'a', 'run.json'), { recursive: true });
    expect((await failureOf(store.folder('a').read())).code).toBe('not-a-file');
  });
});

describe('all runs', () => {
  it('are newest first; a folder that no run is named like is none', async () => {
    for (const [id, created] of [
      ['b', 2],
      ['c', 3],
      ['a', 1],
    ] as const)
      await make(id, created);
    await make('copy');
    await rename(join(root, 'copy'), join(root, 'copy of a'));
    expect((await store.list()).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    const file = join(root, 'a', 'run.json');
    await expect(new RunStore(file).list()).rejects.toBeInstanceOf(UserError);
  });

  it('have ids without dashes at their ends', () => {
    expect(newRunId('¡¡Hola!!', new Date(0))).toMatch(/^hola-1970/);
  });

  it('that are whole, or of a newer version, are left as they are when they are restored', async () => {
    const folder = await make('a');
    const path = join(folder.path, 'run.json');
    const before = await readFile(path, 'utf8');
    await restoreRun(folder);
    expect(await readFile(path, 'utf8')).toBe(before);
    await writeFile(path, JSON.stringify({ ...recordOf('a'), version: 2 }));
    expect((await failureOf(restoreRun(folder))).code).toBe('run-newer');
  });

  it('keep the id of their folder when they are restored', async () => {
    const folder = await make('a-longer_id');
    await writeFile(join(folder.path, 'run.json'), JSON.stringify({ ...recordOf('a-longer_id'), summary: {} }));
    const { summary } = await restoreRun(folder);
    expect(summary).toMatchObject({ id: 'a-longer_id', headline: { metric: 'loss', higherIsBetter: false } });
  });
});
