import { setTimeout as sleep } from 'node:timers/promises';
import { compilePlan } from '../compile/compile-plan.ts';
import { decodeSafetensors } from '../files/safetensors.ts';
import { fromStateDict } from '../import/from-state-dict.ts';
import type { RunElsewhere } from '../manage/elsewhere.ts';
import { FolderSink, type RunEvents } from '../manage/folder-sink.ts';
import { type Failure, failureText, UserError } from '../protocol/envelope.ts';
import type { Evaluation, RunSummary, RunWords } from '../protocol/runs.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { hasEnded, type JobInfo, type RayClient } from './client.ts';
import { failureFrom, failureOf } from './job-end.ts';
import { type JobLine, JobOutput } from './job-lines.ts';
import { tailLogs } from './log-tail.ts';
import { lastJob, type RayRecord, withLastJob, writeRayRecord } from './ray-record.ts';
import { RunLog } from './run-log.ts';
import { openStorage, type Storage } from './storage.ts';

/** Milliseconds before the cluster is asked again: soon at first, later less often. */
const shortest = 500;
const longest = 30_000;

export interface Following {
  readonly client: RayClient;
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly ray: RayRecord;
  readonly events: RunEvents;
  /** Judges the weights that came back, with the app's own code. */
  evaluate(run: string): Promise<Evaluation>;
  /** Of the folder's lock. */
  release(): Promise<void>;
  ended(): void;
}

/** A run whose job trains on a Ray cluster: its output becomes the run's curves, its weights the run's own. */
export class FollowedRun implements RunElsewhere {
  readonly folder: RunFolder;
  /** Settles when the job has ended and all is fetched, or when it is no longer followed. */
  readonly settled: Promise<RunSummary>;
  readonly #following: Following;
  readonly #sink: FolderSink;
  readonly #log: RunLog;
  readonly #output: JobOutput;
  readonly #storage: Storage;
  readonly #detached = new AbortController();
  #ray: RayRecord;
  #work: Promise<void> = Promise.resolve();
  #fetched = -1;
  #fetching: Promise<void> | null = null;
  /** Why it must not go on, found here. */
  #refusal: Failure | null = null;
  /** What keeps this machine from following it. */
  #broken: unknown = null;

  constructor(following: Following) {
    const { folder, record, ray, events } = following;
    this.#following = following;
    this.folder = folder;
    this.#ray = ray;
    this.#storage = openStorage(ray.place);
    this.#sink = new FolderSink(folder, record, events);
    this.#log = new RunLog(folder, this.#sink);
    this.#output = new JobOutput((line) => {
      this.#work = this.#work.then(() => this.#handle(line)).catch((error: unknown) => this.#breakOff(error));
    });
    this.settled = this.#run().finally(async () => {
      await following.release();
      following.ended();
      this.#sink.announce();
    });
    this.settled.catch(console.error);
    this.#sink.tell(null);
  }

  get summary(): RunSummary {
    return this.#sink.summary;
  }

  is(run: string): boolean {
    return this.summary.id === run || this.folder.path === run;
  }

  pause(): Promise<RunSummary> {
    return this.#end('paused');
  }

  stop(): Promise<RunSummary> {
    return this.#end('stopped');
  }

  describe(words: RunWords): Promise<void> {
    return this.#sink.describe(words);
  }

  /** Follows it no longer; the job goes on. */
  async detach(): Promise<void> {
    this.#detached.abort();
    await this.settled.catch(() => undefined);
  }

  /** Asks the job to save and end. @throws UserError as `RayClient.stop`; the job then goes on */
  async #end(wanted: 'paused' | 'stopped'): Promise<RunSummary> {
    const before = lastJob(this.#ray).wanted;
    await this.#keep(withLastJob(this.#ray, { wanted }));
    try {
      await this.#following.client.stop(lastJob(this.#ray).id);
    } catch (error) {
      await this.#keep(withLastJob(this.#ray, { wanted: before }));
      throw error;
    }
    await this.#sink.change({ message: 'The job on the cluster saves and ends.' });
    return this.settled;
  }

  async #keep(ray: RayRecord): Promise<void> {
    this.#ray = ray;
    await writeRayRecord(this.folder.path, ray);
  }

  async #run(): Promise<RunSummary> {
    this.#fetched = (await this.folder.best().catch(() => null))?.step ?? -1;
    const info = await this.#follow();
    await this.#work;
    await this.#fetching;
    if (info !== undefined) await this.#conclude(info);
    else if (this.#broken !== null)
      await this.#sink.end('interrupted', `The job goes on on the cluster, but cannot be followed: ${wordsOf(this.#broken)}`);
    return this.summary;
  }

  #breakOff(error: unknown): void {
    this.#broken ??= error;
    this.#detached.abort();
  }

  /** Until the job has ended (`null`: the cluster has forgotten it), or it is no longer followed (`undefined`). */
  async #follow(): Promise<JobInfo | null | undefined> {
    const { client } = this.#following;
    const { signal } = this.#detached;
    const { id } = lastJob(this.#ray);
    let wait = shortest;
    while (!signal.aborted) {
      try {
        const info = await client.job(id);
        wait = shortest;
        await this.#reached(info);
        if (info === null || hasEnded(info)) return info;
        if (info.status === 'RUNNING') {
          this.#output.restart();
          await tailLogs(client, id, (text) => this.#output.push(text), signal);
          await this.#work;
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        wait = Math.min(longest, wait * 2);
        await this.#say(`${error.failure.message} The job goes on there, and is looked for again. ${error.failure.hint ?? ''}`);
      }
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  #lost = false;

  async #reached(info: JobInfo | null): Promise<void> {
    if (info?.status === 'PENDING') await this.#say(waitingWords(info));
    else if (this.#lost && lastJob(this.#ray).wanted === null) await this.#say(null);
  }

  async #say(message: string | null): Promise<void> {
    this.#lost = message !== null;
    if (this.summary.message !== message) await this.#sink.change({ message });
  }

  async #handle(line: JobLine): Promise<void> {
    if ('started' in line) await this.#started(line.started);
    else if ('waiting' in line) await this.#say(roomWords(line.waiting));
    else if ('examples' in line) await this.#compare(line.examples);
    else if ('begins' in line) {
      await this.#log.begin(line, lastJob(this.#ray).began !== null);
      if (lastJob(this.#ray).began === null) await this.#keep(withLastJob(this.#ray, { began: line.begins }));
      if (this.#lost) await this.#say(null);
    } else if ('judged' in line) await this.#log.judged(line);
    else if ('saved' in line) this.#fetchLater(line.best?.[2] ?? -1);
    else if ('rate' in line) await this.#log.update(line);
    else if ('test' in line) await this.#sink.change({ test: withoutCount(line.test) });
    else if ('ended' in line) this.#log.end = { kind: line.ended };
    else if ('failed' in line) this.#log.end = { kind: 'failed', failure: line.failed };
  }

  async #started({ host, device, versions }: Extract<JobLine, { started: object }>['started']): Promise<void> {
    const { workers } = this.#ray.target;
    const words = `Ray · ${workers === 1 ? '' : `${workers} × `}${device} · PyTorch ${versions['torch'] ?? '?'} · ${host}`;
    if (this.summary.device !== words) await this.#sink.change({ device: words });
  }

  /** Other examples than the app reads would train another model, and nobody would see it. */
  async #compare(found: RayRecord['examples']): Promise<void> {
    const wanted = this.#ray.examples;
    if (wanted.train === found.train && wanted.validation === found.validation && wanted.test === found.test) return;
    const words = (counts: RayRecord['examples']): string =>
      `${counts.train} for training, ${counts.validation} for validation, ${counts.test} for test`;
    this.#refusal = {
      code: 'ray-other-data',
      message: `The exported project reads other examples than the app: ${words(found)}; expected ${words(wanted)}.`,
      hint: 'Train it on this machine, and please report the data’s format.',
    };
    await this.#following.client.stop(lastJob(this.#ray).id).catch(() => undefined);
  }

  /** Brings newer weights here while the job goes on. */
  #fetchLater(step: number): void {
    if (step <= this.#fetched || this.#fetching !== null) return;
    this.#fetching = this.#fetch()
      .catch(() => undefined) // Tried again at the next, and told at the end.
      .finally(() => {
        this.#fetching = null;
      });
  }

  /** @throws UserError where there are none, or the storage cannot be read */
  async #fetch(): Promise<void> {
    const bytes = await this.#storage.get('trained.safetensors');
    if (bytes === null) throw noWeights(this.#storage.address);
    const { tensors, metadata } = decodeSafetensors(bytes);
    const step = Number(metadata['step']);
    if (step === this.#fetched) return;
    const { document, facts } = this.#sink.record;
    const compiled = compilePlan(document, facts);
    if (!compiled.ok) throw new Error('the run’s graph does not compile');
    await this.folder.saveBest(fromStateDict(compiled.plan, tensors), step);
    this.#fetched = step;
  }

  /** The run's end. @param info `null` where the cluster knows no such job any more */
  async #conclude(info: JobInfo | null): Promise<void> {
    await this.#readAll(info);
    const { end } = this.#log;
    const { wanted } = lastJob(this.#ray);
    const fetched = await this.#fetch().then(
      () => null,
      (error: unknown) => error,
    );
    if (this.#refusal !== null) return this.#fail(this.#refusal);
    if (end?.kind === 'done') {
      if (fetched !== null) return this.#sink.end('interrupted', `Training is done on the cluster. ${wordsOf(fetched)}`);
      await this.#sink.change({ message: 'Judging the weights that came back.' });
      await this.#evaluate();
      await this.#sink.end('done', null);
      return this.#tidy();
    }
    if (end?.kind === 'failed') return this.#fail(failureFrom(end.failure));
    if (end?.kind === 'stopped' || info?.status === 'STOPPED') {
      return this.#sink.end(wanted ?? 'stopped', wanted === null ? 'The job was stopped on the cluster.' : null);
    }
    if (info === null) return this.#sink.end('interrupted', forgotten(this.#following.client.address));
    return this.#fail(failureOf(info, this.#output.words));
  }

  /** The output once more, whole: the connection may have ended before its last line. What the cluster has forgotten, the storage keeps. */
  async #readAll(info: JobInfo | null): Promise<void> {
    const { id } = lastJob(this.#ray);
    const read = async (text: string | null): Promise<void> => {
      if (text === null || this.#log.end !== null) return;
      this.#output.restart();
      this.#output.push(`${text}\n`);
      await this.#work;
    };
    if (info !== null) await read(await this.#following.client.logs(id).catch(() => null));
    const kept = this.#log.end === null ? await this.#storage.get(`events-${id}.jsonl`).catch(() => null) : null;
    if (kept !== null) await read(new TextDecoder().decode(kept).replace(/^(?=\{)/gm, '@unroll '));
  }

  /** As for a run of this machine: confusion, classes and examples, by the app's own code. */
  async #evaluate(): Promise<void> {
    try {
      await this.#sink.evaluation(await this.#following.evaluate(this.folder.path));
    } catch (error) {
      await this.#note(`The weights could not be judged here: ${wordsOf(error)}`);
    }
  }

  /** All is here, and nothing goes on from the storage any more: package, checkpoint and lines go. */
  async #tidy(): Promise<void> {
    try {
      await this.#storage.clear();
    } catch (error) {
      await this.#note(`The run’s files are still in the storage: ${wordsOf(error)}`);
    }
  }

  #note(words: string): Promise<void> {
    return this.#sink.change({ notes: [...(this.summary.notes ?? []), words] });
  }

  #fail(failure: Failure): Promise<void> {
    return this.#sink.end('failed', failureText(failure), failure.code);
  }
}

const withoutCount = ({ weight: _count, ...values }: Readonly<Record<string, number>>): Record<string, number> => values;

const wordsOf = (error: unknown): string =>
  error instanceof UserError ? failureText(error.failure) : error instanceof Error ? error.message : String(error);

const waitingWords = ({ message }: JobInfo): string =>
  `The job waits on the cluster${message ? `: ${message.trim().slice(0, 300)}` : '.'}`;

const roomWords = ({ workers, cpus, gpus }: { workers: number; cpus: number; gpus: number }): string =>
  `Waiting for ${workers} more ${workers === 1 ? 'worker' : 'workers'} to start, or for room: the cluster has ${cpus} CPUs and ${gpus} GPUs in all.`;

const forgotten = (address: string): string =>
  `The cluster at ${address} does not know this job any more: it was restarted, or the job was deleted. Resume goes on from its last checkpoint in the storage.`;

const noWeights = (address: string): UserError =>
  new UserError({
    code: 'ray-no-weights',
    message: `The weights are not in the storage ${address}.`,
    hint: 'Look whether the folder is there and can be read; resume looks for them again.',
  });
