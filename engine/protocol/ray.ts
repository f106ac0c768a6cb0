import { z } from 'zod';
import { dataBinding } from '../document/data-binding.ts';
import { sentSize } from './transfer.ts';

/** How a training is given to a Ray cluster. */
export const rayTarget = z.strictObject({
  /** Of the cluster's dashboard, which has the job interface: `http://HOST:8265`. */
  address: z.string().min(1).max(2000),
  /** Processes, each with its share of every batch. */
  workers: z.number().int().min(1).max(1024),
  /** Of them, how many have a GPU each: none, or all. */
  gpus: z.number().int().min(0).max(1024),
  /** What this machine and the cluster both see: a folder, or an address that fsspec opens. */
  storage: z.string().min(1).max(4096),
});
export type RayTarget = z.infer<typeof rayTarget>;

const address = z.string().min(1).max(2000);

export const rayMethods = {
  /** Whether a cluster answers there and would take a job; `address` is the one that it is known by. */
  'ray.check': {
    params: z.strictObject({ address }),
    result: z.strictObject({ address: z.string(), version: z.string() }),
  },
  /** What would go to a cluster with a training on that data; `null` where a template makes it. Fails as a start would. */
  'ray.measure': {
    params: z.strictObject({ binding: dataBinding }),
    result: z.strictObject({ size: sentSize.nullable() }),
  },
  /** Whether a token is kept for the cluster. The token itself is never told. */
  'ray.hasToken': { params: z.strictObject({ address }), result: z.strictObject({ kept: z.boolean() }) },
  /** Keeps a token for the cluster, in the system's key store where there is one; `null` forgets it. */
  'ray.keepToken': {
    params: z.strictObject({ address, token: z.string().min(1).max(4096).nullable() }),
    result: z.strictObject({}),
  },
} as const;
