import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { decodeSafetensors, encodeSafetensors } from '../files/safetensors.ts';
import type { ServedJob } from './ray-server.test-support.ts';

interface Server {
  readonly packages: ReadonlyMap<string, Buffer>;
}

/** What a job brings to the storage: the weights that it was sent, as those of a step. */
export function leaveWeights(server: Server, job: ServedJob, step: number): void {
  const { working_dir: name } = job.request['runtime_env'] as { working_dir: string };
  const zip = server.packages.get(name.replace('gcs://', ''));
  const sent = unzipSync(zip ?? new Uint8Array())['model.safetensors'];
  const { tensors } = decodeSafetensors(sent ?? new Uint8Array());
  writeFileSync(join(job.given.storage, 'trained.safetensors'), encodeSafetensors(tensors, { step: String(step) }));
}

interface Told {
  /** Updates, from one after `from` on. */
  readonly to: number;
  readonly from: number;
  /** Updates between two judgements; the weights are better at each. */
  readonly every: number;
  readonly examples?: Readonly<Record<string, number>>;
}

/** What `ray_job.py` tells of a training up to an update. */
export function tellUpTo(server: Server, job: ServedJob, { to, from, every, examples }: Told): void {
  job.tell({ started: { host: 'node-1', device: 'CPU x', versions: { torch: '2.9.1', python: '3.12' } } });
  if (examples !== undefined) job.tell({ examples });
  job.tell({ begins: from, best: from >= every ? [0.5, 0.7, every] : null });
  tellUpdates(server, job, { to, from, every });
}

/** Another one for a job that began elsewhere. */
export const lossOf = (step: number, from: number): number => 1 / step + from / 100;

export function tellUpdates(server: Server, job: ServedJob, { to, from, every }: Told): void {
  for (let step = from + 1; step <= to; step++) {
    job.tell({ step, loss: lossOf(step, from), rate: 0.01 });
    if (step % every !== 0) continue;
    const figures = { loss: 0.7 - step / 100, weight: 8, 'log-loss': 0.7, accuracy: 0.5 + step / 100, 'macro-f1': 0.4 };
    job.tell({ judged: step, split: 'validation', best: true, figures });
    leaveWeights(server, job, step);
    job.tell({ saved: step, best: [figures.accuracy, figures.loss, step] });
  }
}

/** That it is done, with the weights of its last judgement. */
export function tellEnd(job: ServedJob, kept = 8): void {
  job.tell({ kept, accuracy: 0.58 });
  job.tell({ test: { loss: 0.6, weight: 4, accuracy: 0.75 } });
  job.tell({ ended: 'done' });
}
