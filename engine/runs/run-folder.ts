import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DataEncoding } from '../data/dataset.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { readTextFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import { type Evaluation, evaluation, type MetricEvent, type RunSummary } from '../protocol/runs.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { loadBest, loadCheckpoint, saveBest, saveCheckpoint } from './checkpoint-file.ts';
import { appendMetrics, keepMetricsUpTo, readMetrics, syncMetrics } from './metrics-file.ts';
import { inTheWayOfRun } from './own-files.ts';
import { isLocked, lockRun } from './run-lock.ts';
import { dataEncoding, type RunRecord, runRecord } from './run-record.ts';
import type { NamedTensor } from './safetensors.ts';

/**
 * The folder of one run: `run.json`, `encoding.json`, `metrics.jsonl`, `evaluation.json`, `checkpoints/`, `best/`. Everything that
 * is shown of a run can be rebuilt from it. Errors of the disk reach the user in words (`disk-full`, `no-permission`).
 */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws UserError `run-exists` when the folder already holds a run, `in-the-way` when it holds what a run would write over. */
  async create(record: RunRecord, encoding: DataEncoding): Promise<void> {
    await this.requireRoom();
    await this.#disk(async () => {
      await mkdir(this.path, { recursive: true });
      await writeAtomically(join(this.path, 'encoding.json'), figuresToJson(encoding));
      await this.write(record);
    });
  }

  /** @throws as `create`, before there is anything to write */
  async requireRoom(): Promise<void> {
    const names = await this.#disk(() => inTheWayOfRun(this.path));
    if (names.length === 0) return;
    if (names.includes('run.json')) {
      throw new UserError({
        code: 'run-exists',
        message: `${this.path} already holds a run.`,
        hint: 'Choose another folder, or resume that run.',
      });
    }
    throw new UserError({
      code: 'in-the-way',
      message: `${this.path} holds ${names.join(', ')} already, which a run would write over.`,
      hint: 'Choose another folder, or move them away.',
    });
  }

  /**
   * The run as saved; a run that claims to be running while no living process trains it is shown as interrupted.
   *
   * @throws UserError `run-not-found`, `run-damaged`
   */
  async read(): Promise<RunRecord> {
    const record = await this.#json('run.json', runRecord);
    if (record.summary.status !== 'running' || (await isLocked(this.path))) return record;
    return { ...record, summary: interrupted(record.summary) };
  }

  async write(record: RunRecord): Promise<void> {
    await this.#disk(() => writeAtomically(join(this.path, 'run.json'), figuresToJson(record, 1)));
  }

  encoding(): Promise<DataEncoding> {
    return this.#json('encoding.json', dataEncoding);
  }

  async evaluation(): Promise<Evaluation | null> {
    return this.#json('evaluation.json', evaluation).catch(() => null);
  }

  async writeEvaluation(value: Evaluation): Promise<void> {
    await this.#disk(() => writeAtomically(join(this.path, 'evaluation.json'), figuresToJson(value)));
  }

  metrics(): Promise<MetricEvent[]> {
    return this.#disk(() => readMetrics(this.path));
  }

  appendMetrics(events: readonly MetricEvent[]): Promise<void> {
    return this.#disk(() => appendMetrics(this.path, events));
  }

  /** Lines logged before a checkpoint are on the disk before it. */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.#disk(async () => {
      await syncMetrics(this.path);
      await saveCheckpoint(this.path, checkpoint);
    });
  }

  /** The newest whole checkpoint. Lines logged after it are dropped: they will be logged again. */
  async rewind(): Promise<Checkpoint | null> {
    const checkpoint = await this.checkpoint();
    await this.#disk(() => keepMetricsUpTo(this.path, checkpoint?.state.step ?? -1));
    return checkpoint;
  }

  checkpoint(): Promise<Checkpoint | null> {
    return loadCheckpoint(this.path);
  }

  saveBest(weights: ReadonlyMap<string, NamedTensor>, step: number): Promise<void> {
    return this.#disk(() => saveBest(this.path, weights, step));
  }

  best(): ReturnType<typeof loadBest> {
    return loadBest(this.path);
  }

  isLocked(): Promise<boolean> {
    return isLocked(this.path);
  }

  lock(): ReturnType<typeof lockRun> {
    return this.#disk(() => lockRun(this.path));
  }

  async #disk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw describeFileError(error, this.path);
    }
  }

  async #json<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const path = join(this.path, name);
    const text = await readTextFile(path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))) {
        throw describeFileError(error, path);
      }
      throw new UserError({
        code: 'run-not-found',
        message: `There is no run in ${this.path}: ${name} is missing.`,
        hint: 'Name a run by its id or by its folder.',
      });
    });
    const result = schema.safeParse(parse(text));
    if (result.success) return result.data;
    throw new UserError({
      code: 'run-damaged',
      message: `${path} is damaged: ${z.prettifyError(result.error).split('\n')[0] ?? 'not the expected data'}.`,
      hint: 'Restore it from a backup, or delete the run.',
    });
  }
}

const interrupted = (summary: RunSummary): RunSummary => ({
  ...summary,
  status: 'interrupted',
  message:
    summary.step > 0
      ? `The engine ended while this run was training. Resume goes on from step ${summary.step}.`
      : 'The engine ended before the first checkpoint. Resume starts it again from the beginning.',
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
