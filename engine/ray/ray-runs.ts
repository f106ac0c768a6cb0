import { randomBytes } from 'node:crypto';
import { beginLocked } from '../files/lock.ts';
import type { Elsewhere } from '../manage/elsewhere.ts';
import type { RunEvents } from '../manage/folder-sink.ts';
import { newRecord } from '../manage/new-record.ts';
import { alreadyDone, type ReadyRun, type RunManager, type StartOptions } from '../manage/run-manager.ts';
import { cancelled } from '../manage/training-turn.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RayTarget } from '../protocol/ray.ts';
import type { Evaluation, RunSummary } from '../protocol/runs.ts';
import { deleteOwnFiles } from '../runs/own-files.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { gradientRule } from '../training/gradient-free/gradient-rule.ts';
import { windowOf } from '../training/reporter.ts';
import { rayAddress } from './address.ts';
import { hasEnded, RayClient } from './client.ts';
import { withData } from './data-again.ts';
import { FollowedRun } from './followed-run.ts';
import { packageHash, packProject } from './project.ts';
import { lastJob, type RayRecord, readRayRecord, writeRayRecord } from './ray-record.ts';
import { sharedPlace } from './shared-data.ts';
import { openStorage, type Storage } from './storage.ts';
import type { RayTokens } from './tokens.ts';

/** Seconds that a job has to save before it is killed. */
const secondsToSave = 60;

export interface RayRunsOptions {
  readonly runs: RunManager;
  readonly tokens: RayTokens;
  readonly events: RunEvents;
  /** Judges the run's weights with the app's own code, on the split that it is judged on. */
  evaluate(run: string, split: 'train' | 'validation'): Promise<Evaluation>;
}

/** Runs on Ray clusters: started, followed, found again, paused, resumed. Several may train at once. */
export class RayRuns implements Elsewhere {
  readonly #options: RayRunsOptions;
  readonly #followed = new Set<FollowedRun>();
  readonly #starting = new Set<AbortController>();

  constructor(options: RayRunsOptions) {
    this.#options = options;
    options.runs.elsewhere = this;
  }

  activeAs(run: string): FollowedRun | null {
    return [...this.#followed].find((followed) => followed.is(run)) ?? null;
  }

  /**
   * Packs the project with its data, gives it to the cluster, and follows it in the background. A start that fails leaves nothing behind.
   *
   * @param sweep id of the sweep that it belongs to: its data lies once in the storage, until `dropShared`
   * @throws UserError what stands in the way here (as `RunManager.ready`) or there (`ray-…`)
   */
  async start(options: StartOptions, wanted: RayTarget, sweep?: string): Promise<RunSummary> {
    const { runs } = this.#options;
    const target = checkedTarget(wanted);
    const client = this.#client(target.address);
    const storage = openStorage(target.storage);
    await client.version();
    const control = new AbortController();
    this.#starting.add(control);
    try {
      const ready = await runs.ready(options, control.signal, 'elsewhere');
      refuseWithoutGradient(ready);
      const device = { backend: 'pytorch', description: `Ray at ${target.address}`, on: `ray:${target.address}` } as const;
      const filmed =
        options.film === undefined ? [] : ['No film is kept of a run on a cluster: its best weights alone come back.'];
      const notes = [...(ready.notes ?? []), ...filmed, ...(await this.#tokenNote(target.address))];
      const named = { ...ready, device, name: await runs.nameFor(options, ready.document) };
      const { id, tags } = options;
      const record = newRecord({ ...named, id, tags, notes: notes.length > 0 ? notes : undefined });
      control.signal.throwIfAborted();
      const folder = runs.store.folder(options.folder ?? record.summary.id);
      const ray = newRayRecord(target, storage, record, ready);
      const place = openStorage(ray.place);
      const release = await folder.lock();
      try {
        await folder.create(record, ready.data.encoding);
        const packed = { ...ready, encoding: ready.data.encoding, weights: ready.given ?? ready.initial };
        const { zip, dataArguments, stored, shared } = await packProject(packed, {
          storage: place,
          shared: sweep === undefined ? null : sharedPlace(storage, sweep),
        });
        const whole = { ...ray, dataArguments: [...dataArguments], stored: [...stored], shared: shared ?? undefined };
        await writeRayRecord(folder.path, whole);
        await place.put('storage.json', Buffer.from(JSON.stringify({ mark: ray.mark })));
        await place.put('package.zip', zip);
        control.signal.throwIfAborted();
        await submit(client, whole, zip);
        return this.#follow({ client, folder, record, ray: whole, release }).summary;
      } catch (error) {
        await place.clear().catch(() => undefined);
        await deleteOwnFiles(folder.path).catch(() => undefined);
        await release();
        throw error;
      }
    } catch (error) {
      throw control.signal.aborted ? cancelled(error) : error;
    } finally {
      this.#starting.delete(control);
    }
  }

  /** Takes away what the runs of a sweep had in common; each that goes on nevertheless has it from this machine again. @throws UserError */
  dropShared(target: RayTarget, sweep: string): Promise<void> {
    return sharedPlace(openStorage(target.storage), sweep).clear();
  }

  async forget(folder: RunFolder): Promise<string[]> {
    const place = await readRayRecord(folder.path).then(
      (ray) => ray.place,
      () => null,
    );
    if (place === null) return [];
    const failed = await openStorage(place)
      .clear()
      .catch(() => place);
    return failed === undefined ? [] : [failed];
  }

  /** Ends a start that is under way, before its job is submitted. */
  cancelStart(): void {
    for (const start of this.#starting) start.abort();
  }

  /** Finds the runs again that clusters train: those of an app that has ended since. */
  async attachAll(): Promise<void> {
    for (const { id, on, status } of await this.#options.runs.store.list()) {
      if (on === undefined || status !== 'running' || this.activeAs(id) !== null) continue;
      await this.#attach(this.#options.runs.store.folder(id)).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        if (error.failure.code !== 'run-busy') console.error(`${id}: ${error.message}`);
      });
    }
  }

  async resume(run: string): Promise<RunSummary> {
    const active = this.activeAs(run);
    if (active !== null) return active.summary;
    const folder = this.#options.runs.store.folder(run);
    const { summary } = await folder.read();
    if (summary.status === 'running') return this.#attach(folder);
    if (summary.status === 'done') throw alreadyDone;
    const ray = await readRayRecord(folder.path);
    const client = this.#client(ray.target.address);
    const job = await client.job(lastJob(ray).id);
    // It goes on there, or has ended and what it left was not fetched.
    const unseen = (job !== null && !hasEnded(job)) || (summary.status === 'interrupted' && job?.status === 'SUCCEEDED');
    return unseen ? this.#attach(folder) : this.#again(folder, client);
  }

  async detach(): Promise<void> {
    this.cancelStart();
    await Promise.all([...this.#followed].map((followed) => followed.detach()));
  }

  async #attach(folder: RunFolder): Promise<RunSummary> {
    return beginLocked(folder, async (release) => {
      const record = await folder.read();
      const ray = await readRayRecord(folder.path);
      const running = asRunning(record);
      return this.#follow({ client: this.#client(ray.target.address), folder, record: running, ray, release }).summary;
    });
  }

  /** A new job that goes on from the last checkpoint in the storage. */
  async #again(folder: RunFolder, client: RayClient): Promise<RunSummary> {
    return beginLocked(folder, async (release) => {
      const record = await folder.read();
      const saved = await readRayRecord(folder.path);
      const place = openStorage(saved.place);
      const zip = await place.get('package.zip');
      if (zip === null) throw storageGone(saved.place);
      const before = await withData(folder, saved, place);
      const job = { id: jobId(record, before.jobs.length + 1), began: null, wanted: null };
      const ray = { ...before, jobs: [...before.jobs, job] };
      await place.put('storage.json', Buffer.from(JSON.stringify({ mark: ray.mark })));
      await writeRayRecord(folder.path, ray);
      try {
        await submit(client, ray, zip);
      } catch (error) {
        await writeRayRecord(folder.path, before);
        throw error;
      }
      const running = asRunning(record);
      await folder.write(running);
      return this.#follow({ client, folder, record: running, ray, release }).summary;
    });
  }

  #follow(
    given: Pick<ConstructorParameters<typeof FollowedRun>[0], 'client' | 'folder' | 'record' | 'ray' | 'release'>,
  ): FollowedRun {
    const split = given.record.summary.judgedOn ?? 'validation';
    const run = new FollowedRun({
      ...given,
      events: this.#options.events,
      evaluate: (path) => this.#options.evaluate(path, split),
      ended: () => this.#followed.delete(run),
    });
    this.#followed.add(run);
    return run;
  }

  #client(address: string): RayClient {
    return new RayClient(address, () => this.#options.tokens.find(address));
  }

  /** Ray encrypts nothing. */
  async #tokenNote(address: string): Promise<string[]> {
    const { protocol, hostname } = new URL(address);
    const near = /^(localhost|127\.|\[::1\])/.test(hostname);
    if (protocol === 'https:' || near || (await this.#options.tokens.find(address)) === undefined) return [];
    return [`The token goes to ${hostname} unencrypted: ssh -L 8265:127.0.0.1:8265 ${hostname} makes a safe way.`];
  }
}

function checkedTarget(wanted: RayTarget): RayTarget {
  if (wanted.gpus !== 0 && wanted.gpus !== wanted.workers) {
    throw new UserError({
      code: 'ray-gpus',
      message: `${wanted.gpus} GPUs cannot be shared out to ${wanted.workers} workers: each worker uses one.`,
      hint: 'Ask for as many GPUs as workers, or for none.',
    });
  }
  return { ...wanted, address: rayAddress(wanted.address) };
}

function refuseWithoutGradient({ document }: ReadyRun): void {
  const { optimizer } = document.training;
  if (gradientRule(optimizer) !== null) return;
  throw new UserError({
    code: 'ray-optimizer',
    message: `${optimizer.kind} follows no gradient, and PyTorch has no such optimizer.`,
    hint: 'Choose another optimizer, or train it on this machine.',
  });
}

function newRayRecord(target: RayTarget, storage: Storage, record: RunRecord, { data, facts }: ReadyRun): RayRecord {
  const { train, validation, test } = data.splits;
  return {
    format: 'unroll-ray',
    version: 1,
    target: { ...target, storage: storage.address },
    place: `${storage.address.replace(/[\\/]+$/, '')}/${record.summary.id}`,
    mark: randomBytes(20).toString('hex'),
    dataArguments: [],
    stored: [],
    examples: { train: train.count, validation: validation.count, test: test.count },
    every: windowOf(facts.totalSteps),
    jobs: [{ id: jobId(record, 1), began: null, wanted: null }],
  };
}

/** Ray's own ids are free text; two apps never choose the same. */
const jobId = ({ summary }: RunRecord, attempt: number): string =>
  `unroll-${summary.id}-${attempt}-${randomBytes(3).toString('hex')}`;

async function submit(client: RayClient, ray: RayRecord, zip: Uint8Array): Promise<void> {
  const { workers, gpus } = ray.target;
  const job = lastJob(ray);
  const given = {
    id: job.id,
    arguments: [...ray.dataArguments, '--json', '--every', String(ray.every), '--device', gpus > 0 ? 'cuda' : 'cpu'],
    workers,
    gpu: gpus > 0,
    storage: ray.place,
    mark: ray.mark,
    stored: ray.stored,
    shared: ray.shared ?? null,
    resume: ray.jobs.length > 1,
  };
  await client.submit({
    id: job.id,
    entrypoint: 'python ray_job.py',
    package: await client.putPackage(packageHash(zip), zip),
    environment: {
      UNROLL_JOB: JSON.stringify(given),
      RAY_JOB_STOP_WAIT_TIME_S: String(secondsToSave),
      PYTHONUNBUFFERED: '1',
    },
    cpus: 1,
    gpus: gpus > 0 ? 1 : 0,
    metadata: { name: ray.place.split(/[\\/]/).at(-1) ?? '', by: 'unroll' },
  });
}

function asRunning(record: RunRecord): RunRecord {
  const { failure: _before, ...summary } = record.summary;
  return { ...record, summary: { ...summary, status: 'running', message: null } };
}

const storageGone = (place: string): UserError =>
  new UserError({
    code: 'ray-storage',
    message: `The storage ${place} does not hold this run any more.`,
    hint: 'Put it back, or train on from the weights that are here: unroll train --from RUN.',
  });
