import { z } from 'zod';
import { UserError } from '../protocol/envelope.ts';
import { refused } from './failures.ts';
import { ask, type RayAnswer, type RayRequest } from './request.ts';

export const jobStatus = z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']);
export type JobStatus = z.infer<typeof jobStatus>;

/** The part of a job's description that is used. */
export const jobInfo = z.object({
  status: jobStatus,
  message: z.string().nullish(),
  error_type: z.string().nullish(),
  driver_exit_code: z.number().int().nullish(),
});
export type JobInfo = z.infer<typeof jobInfo>;

export const hasEnded = ({ status }: Pick<JobInfo, 'status'>): boolean =>
  status === 'STOPPED' || status === 'SUCCEEDED' || status === 'FAILED';

export interface NewJob {
  readonly id: string;
  readonly entrypoint: string;
  /** Address that `putPackage` gave. */
  readonly package: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly cpus: number;
  readonly gpus: number;
  readonly metadata: Readonly<Record<string, string>>;
}

const version = z.object({ version: z.coerce.number(), ray_version: z.string() });
/** Of the job interface: since Ray 2.0. */
const oldestInterface = 1;
const oldestRay = 2;
/** A package takes a while to send. */
const uploadTimeout = 300_000;

/** Ray's job interface over HTTP: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html */
export class RayClient {
  readonly address: string;
  readonly #token: () => Promise<string | undefined>;

  /** @param token asked for anew at each request, so that one that is given later counts */
  constructor(address: string, token: () => Promise<string | undefined>) {
    this.address = address;
    this.#token = token;
  }

  get token(): Promise<string | undefined> {
    return this.#token();
  }

  /** The cluster's version of Ray. @throws UserError `ray-unreachable`, `ray-not-found`, `ray-too-old`, `ray-token-…` */
  async version(): Promise<string> {
    const answer = await this.#ask('/api/version', 'asking for its version');
    const found = version.safeParse(parsed(answer.text)).data;
    if (found === undefined) throw refused(this.address, 'asking for its version', { status: 404, text: '' });
    const old = found.version < oldestInterface || Number.parseInt(found.ray_version, 10) < oldestRay;
    if (!old) return found.ray_version;
    throw new UserError({
      code: 'ray-too-old',
      message: `The cluster at ${this.address} runs Ray ${found.ray_version}; jobs over HTTP need Ray ${oldestRay} or newer.`,
      hint: 'Update Ray on the cluster: pip install -U "ray[default]".',
    });
  }

  /**
   * Sends a zip, once: one of the same name is there already.
   *
   * @param hash of the content
   * @returns the address to run it from
   * @throws UserError `ray-too-large` and as `version`
   */
  async putPackage(hash: string, zip: Uint8Array): Promise<string> {
    const name = `_ray_pkg_${hash}.zip`;
    const path = `/api/packages/gcs/${name}`;
    const there = await this.#send(path);
    if (there.status !== 200) {
      if (there.status !== 404) throw refused(this.address, 'asking for the package', there);
      await this.#ask(path, 'sending the package', { method: 'PUT', body: zip, timeout: uploadTimeout });
    }
    return `gcs://${name}`;
  }

  /** @throws UserError as `version` */
  async submit(job: NewJob): Promise<void> {
    await this.#ask('/api/jobs/', 'submitting the job', {
      method: 'POST',
      json: {
        entrypoint: job.entrypoint,
        submission_id: job.id,
        entrypoint_num_cpus: job.cpus,
        ...(job.gpus > 0 ? { entrypoint_num_gpus: job.gpus } : {}),
        metadata: job.metadata,
        runtime_env: { working_dir: job.package, env_vars: job.environment },
      },
    });
  }

  /** `null` where the cluster knows no such job: it was restarted, or the job deleted. @throws UserError as `version` */
  async job(id: string): Promise<JobInfo | null> {
    const path = `/api/jobs/${encodeURIComponent(id)}`;
    const answer = await this.#send(path);
    if (answer.status === 404 && /does not exist/.test(answer.text)) return null;
    if (answer.status !== 200) throw refused(this.address, 'asking for the job', answer);
    const found = jobInfo.safeParse(parsed(answer.text));
    if (found.success) return found.data;
    throw refused(this.address, 'asking for the job', { status: 404, text: '' });
  }

  /** All that the job has printed. @throws UserError as `version` */
  async logs(id: string): Promise<string> {
    const { text } = await this.#ask(`/api/jobs/${encodeURIComponent(id)}/logs`, 'reading the job’s output');
    return z.object({ logs: z.string() }).safeParse(parsed(text)).data?.logs ?? '';
  }

  /** Asks it to end; it does so when it has saved. @throws UserError as `version` */
  async stop(id: string): Promise<void> {
    await this.#ask(`/api/jobs/${encodeURIComponent(id)}/stop`, 'stopping the job', { method: 'POST' });
  }

  async #send(path: string, request: RayRequest = {}): Promise<RayAnswer> {
    return ask(this.address, path, { ...request, token: await this.#token() });
  }

  async #ask(path: string, doing: string, request: RayRequest = {}): Promise<RayAnswer> {
    const answer = await this.#send(path, request);
    if (answer.status === 200) return answer;
    throw refused(this.address, doing, answer);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
