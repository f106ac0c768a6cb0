import { resolve } from 'node:path';
import { sizeOf } from '../data/named-files.ts';
import type { DataBinding } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RayTarget } from '../protocol/ray.ts';
import { sentWords } from '../protocol/transfer.ts';
import { rayAddress } from '../ray/address.ts';
import { tablesToSend } from '../ray/sent-data.ts';
import { tellNotes } from './findings.ts';
import type { Output } from './output.ts';

/** How a training, or a sweep's trainings, are given to a cluster. */
export interface ClusterOptions {
  readonly on?: string;
  readonly workers?: number;
  readonly gpus?: number;
  readonly storage?: string;
  readonly detach?: boolean;
  readonly device?: string;
}

/** The cluster to train on; `null` for this machine. @throws UserError `ray-options`, `ray-address` */
export function clusterOf({ on, workers, gpus, storage, detach, device }: ClusterOptions): RayTarget | null {
  const wrong = (message: string, hint: string): UserError => new UserError({ code: 'ray-options', message, hint });
  if (on === undefined) {
    const [lone] = Object.entries({ workers, gpus, storage, detach }).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );
    if (lone !== undefined)
      throw wrong(`--${lone} says how to train on a cluster, and none is named.`, 'Name it: --on ray:http://HOST:8265.');
    return null;
  }
  if (!on.startsWith('ray:')) {
    const meant = /^https?:/i.test(on) ? `ray:${on.slice(0, 200)}` : 'ray:http://HOST:8265';
    throw wrong(`--on: expected ray:http://HOST:8265, got “${on.slice(0, 200)}”.`, `Only Ray clusters are known: --on ${meant}.`);
  }
  if (device !== undefined)
    throw wrong('--device chooses among what this machine has.', 'Leave it out; --gpus asks the cluster for GPUs.');
  if (storage === undefined) {
    throw wrong(
      'No storage is named: weights and checkpoints come back through a folder that the cluster and this machine both see.',
      'Name it: --storage /mnt/shared/runs, or an address like s3://BUCKET/FOLDER. Where Ray runs on this very machine, any folder will do.',
    );
  }
  const given = isAddress(storage) ? storage : resolve(storage);
  return { address: rayAddress(on), workers: workers ?? gpus ?? 1, gpus: gpus ?? 0, storage: given };
}

const isAddress = (storage: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(storage);

/** Says how much goes to the cluster with a training on that data. @throws UserError as `tablesToSend` */
export async function tellSent(output: Output, data: DataBinding | null | undefined): Promise<void> {
  const found = data ? await tablesToSend({ binding: data }) : null;
  if (found !== null) tellNotes(output, [`To the cluster goes: ${sentWords(sizeOf(found)).join(' ')}`]);
}
