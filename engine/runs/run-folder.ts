import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { DataEncoding } from '../data/dataset.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { errorCode } from '../files/error-code.ts';
import { acquireLock, type Holder, isLocked, type Lock } from '../files/lock.ts';
import { readTextFile } from '../files/open-file.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { graphFingerprint } from '../graph/graph-fingerprint.ts';
import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import type { MetricsPiece, MetricsPlace } from '../protocol/metric-columns.ts';
import { type Evaluation, evaluation, type MetricEvent, type RunSummary } from '../protocol/runs.ts';
import { type Checkpoint, weightsOf } from './checkpoint.ts';
import {
  checkpointAt,
  checkpointSteps,
  type LoadedCheckpoint,
  loadBest,
  loadCheckpoint,
  saveBest,
  saveCheckpoint,
} from './checkpoint-file.ts';
import { type FilmRecord, filmRecord } from './film.ts';
import {
  appendMetrics,
  keepMetricsUpTo,
  type LoggedMetrics,
  readMetrics,
  readMetricsPiece,
  syncMetrics,
} from './metrics-file.ts';
import { type Kept, loadMoment, momentSteps, noMoment, rewindMoments, saveMoment } from './moments.ts';
import { inTheWayOfRun } from './own-files.ts';
import { dataEncoding, type RunRecord, runRecord } from './run-record.ts';

/**
 * The folder of one run: `run.json`, `encoding.json`, `metrics.jsonl`, `evaluation.json`, `checkpoints/`, `best/`; with a film `film.json`,
 * `moments/`. Everything that is shown of a run can be rebuilt from it. Errors of the disk reach the user in words (`disk-full`, `no-permission`).
 */
export class RunFolder {
  readonly path: string;
  /** Of this process, while it trains the run or changes it. */
  #lock: Lock | null = null;

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
    const found = await this.#disk(() => inTheWayOfRun(this.path));
    const names = found.filter((name) => name !== 'lock' || this.#lock === null);
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
   * The run as saved; a run that claims to be running while no other living process trains it is shown as interrupted, unless a cluster
   * trains it.
   *
   * @throws UserError `run-not-found`, `run-damaged`
   */
  async read(): Promise<RunRecord> {
    const saved = await this.#json('run.json', runRecord);
    const record = { ...saved, summary: { ...saved.summary, graph: graphFingerprint(saved.document) } };
    if (
      record.summary.status !== 'running' ||
      record.summary.on !== undefined ||
      (this.#lock === null && (await this.isLocked()))
    )
      return record;
    return { ...record, summary: interrupted(record.summary) };
  }

  async write(record: RunRecord): Promise<void> {
    await this.#save(() => writeAtomically(join(this.path, 'run.json'), figuresToJson(record, 1)));
  }

  encoding(): Promise<DataEncoding> {
    return this.#json('encoding.json', dataEncoding);
  }

  async evaluation(): Promise<Evaluation | null> {
    return this.#json('evaluation.json', evaluation).catch(() => null);
  }

  async writeEvaluation(value: Evaluation): Promise<void> {
    await this.#save(() => writeAtomically(join(this.path, 'evaluation.json'), figuresToJson(value)));
  }

  metrics(): Promise<LoggedMetrics> {
    return this.#disk(() => readMetrics(this.path));
  }

  /** The next of what was logged. @param after what was read before */
  metricsPiece(after?: MetricsPlace): Promise<MetricsPiece> {
    return this.#disk(() => readMetricsPiece(this.path, after));
  }

  appendMetrics(events: readonly MetricEvent[]): Promise<void> {
    return this.#save(() => appendMetrics(this.path, events));
  }

  /** Lines logged before a checkpoint are on the disk before it. */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.#save(async () => {
      await syncMetrics(this.path);
      await saveCheckpoint(this.path, checkpoint);
    });
  }

  /**
   * Drops what was logged and kept after a step: it will be again.
   *
   * @returns lines that could not be read, and are gone now
   */
  rewind(step: number): Promise<number> {
    return this.#save(async () => {
      await rewindMoments(this.path, step);
      return keepMetricsUpTo(this.path, step);
    });
  }

  /** The newest whole checkpoint, and which after it are damaged. */
  checkpoints(): Promise<LoadedCheckpoint> {
    return loadCheckpoint(this.path);
  }

  async checkpoint(): Promise<Checkpoint | null> {
    return (await this.checkpoints()).checkpoint;
  }

  saveBest(weights: ReadonlyMap<string, NamedTensor>, step: number): Promise<void> {
    return this.#save(() => saveBest(this.path, weights, step));
  }

  best(): ReturnType<typeof loadBest> {
    return loadBest(this.path);
  }

  /** `null` where none was begun; one that is damaged is begun anew. */
  film(): Promise<FilmRecord | null> {
    return this.#json('film.json', filmRecord).catch(() => null);
  }

  writeFilm(record: FilmRecord): Promise<void> {
    return this.#save(() => writeAtomically(join(this.path, 'film.json'), figuresToJson(record)));
  }

  /** Steps whose weights the film has, in order. */
  filmed(): Promise<number[]> {
    return this.#disk(() => momentSteps(this.path));
  }

  saveMoment(weights: ReadonlyMap<string, NamedTensor>, step: number): Promise<Kept> {
    return this.#save(() => saveMoment(this.path, weights, step));
  }

  /**
   * The weights of a step, if they are kept: for the film, as the best, or in one of the last checkpoints.
   *
   * @throws UserError `no-moment`, `moment-damaged`
   */
  async weightsAt(step: number): Promise<ReadonlyMap<string, NamedTensor>> {
    const filmed = await loadMoment(this.path, step);
    if (filmed !== null) return filmed.weights;
    // The file is read where the record says that it is of this step: of a large network it takes long.
    const best = (await this.read()).summary.best?.step === step ? await this.best().catch(() => null) : null;
    if (best?.step === step) return best.weights;
    const checkpoint = await checkpointAt(this.path, step);
    if (checkpoint !== null) return weightsOf(checkpoint);
    throw noMoment(step, await this.moments());
  }

  /** Steps whose weights can be looked at, in order. */
  async moments(): Promise<number[]> {
    const { best } = (await this.read()).summary;
    const steps = [...(await this.filmed()), ...(await checkpointSteps(this.path)), ...(best === null ? [] : [best.step])];
    return [...new Set(steps)].sort((a, b) => a - b);
  }

  /** Whether a living process trains the run, or changes it. */
  isLocked(): Promise<boolean> {
    return isLocked(this.#lockPath);
  }

  /**
   * Makes this process the one that may change the run. Makes the folder, where it is missing.
   *
   * @returns the function that releases it
   * @throws UserError `run-busy` when another living process has it, `lock-in-the-way`, and the disk's
   */
  async lock(): Promise<() => Promise<void>> {
    const lock = await this.#disk(async () => {
      await mkdir(this.path, { recursive: true });
      return acquireLock(this.#lockPath);
    });
    if ('heldBy' in lock) throw runBusy(this.path, lock.heldBy);
    this.#lock = lock;
    return async () => {
      this.#lock = null;
      await lock.release();
    };
  }

  /** Work that no other process may do at the same time. @throws as `lock`, and what the work throws */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.lock();
    try {
      return await work();
    } finally {
      await release();
    }
  }

  get #lockPath(): string {
    return join(this.path, 'lock');
  }

  /** Writes into the folder as it was when it was locked: one that was moved or removed since is not made again. */
  async #save<T>(work: () => Promise<T>): Promise<T> {
    const gone = async (): Promise<boolean> => this.#lock !== null && !(await this.#lock.inPlace());
    if (await gone()) throw folderGone(this.path);
    try {
      return await this.#disk(work);
    } catch (error) {
      throw (await gone()) ? folderGone(this.path, error) : error;
    }
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
      if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error))) {
        throw describeFileError(error, path);
      }
      throw new UserError({
        code: 'run-not-found',
        message: `There is no run in ${this.path}: ${name} is missing.`,
        hint: 'Name a run by its id or by its folder.',
      });
    });
    const content = parse(text);
    const result = schema.safeParse(content);
    if (result.success) return result.data;
    if (isNewer(content)) {
      throw new UserError({
        code: 'run-newer',
        message: `${path} was written by a newer version of Unroll.`,
        hint: 'Update Unroll to open this run.',
      });
    }
    throw new UserError({
      code: 'run-damaged',
      message: `${path} is damaged: ${whatIsWrong(content, result.error)}.`,
      hint: `Rebuild it from what is whole: unroll restore ${this.path}. Or delete the run.`,
    });
  }
}

/** The first place that is not as expected; a file that is cut off or no JSON has none. */
function whatIsWrong(content: unknown, { issues: [issue] }: z.ZodError): string {
  if (content === null || issue === undefined) return 'it is not whole JSON';
  const place = issue.path.join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

const runBusy = (path: string, { pid, host }: Holder): UserError =>
  new UserError({
    code: 'run-busy',
    message: `The run in ${path} is being trained, or changed, by another process (${pid}${host === hostname() ? '' : ` on ${host}`}).`,
    hint:
      host === hostname()
        ? 'Pause or stop it there first.'
        : `Pause or stop it there first. If that process is gone, delete the file ${join(path, 'lock')}.`,
  });

const folderGone = (path: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'run-folder-gone',
      message: `The folder of the run, ${path}, is not there any more: it was moved or removed while the run trained.`,
      hint: 'What was saved in it went with it. Where it was moved, resume it there; otherwise start again.',
    },
    { cause },
  );

const interrupted = (summary: RunSummary): RunSummary => ({
  ...summary,
  status: 'interrupted',
  message:
    summary.step > 0
      ? `The engine ended while this run was training. Resume goes on from step ${summary.step}.`
      : 'The engine ended before the first checkpoint. Resume starts it again from the beginning.',
});

const isNewer = (content: unknown): boolean => z.object({ version: z.number().min(2) }).safeParse(content).success;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
