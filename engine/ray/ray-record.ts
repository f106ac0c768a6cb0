import { join } from 'node:path';
import { z } from 'zod';
import { readTextFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { UserError } from '../protocol/envelope.ts';
import { rayTarget } from '../protocol/ray.ts';
import { sharedData } from './shared-data.ts';

const count = z.number().int().min(0);

const rayJob = z.strictObject({
  /** Its submission id on the cluster. */
  id: z.string(),
  /** The step that it began at, once it did; what was logged after it by earlier jobs is then gone. */
  began: count.nullable(),
  /** What a person here has asked of it. */
  wanted: z.enum(['paused', 'stopped']).nullable(),
});
export type RayJob = z.infer<typeof rayJob>;

/** `ray.json` in a run's folder: all that it takes to find its jobs again. Holds no token. */
export const rayRecord = z.strictObject({
  format: z.literal('unroll-ray'),
  version: z.literal(1),
  target: rayTarget,
  /** The run's own folder in the storage. */
  place: z.string(),
  /** Stands in the storage, too: the cluster sees the same folder if it reads the same there. */
  mark: z.string(),
  dataArguments: z.array(z.string()),
  stored: z.array(z.string()),
  /** The data of a sweep's run, which lies beside it in the storage. */
  shared: sharedData.optional(),
  /** Of each split, as the app reads the data. */
  examples: z.strictObject({ train: count, validation: count, test: count }),
  /** Updates that a line about training covers. */
  every: z.number().int().min(1),
  jobs: z.array(rayJob).min(1),
});
export type RayRecord = z.infer<typeof rayRecord>;

const pathOf = (folder: string): string => join(folder, 'ray.json');

export const writeRayRecord = (folder: string, record: RayRecord): Promise<void> =>
  writeAtomically(pathOf(folder), `${JSON.stringify(record, null, 1)}\n`);

/** @throws UserError `ray-record` */
export async function readRayRecord(folder: string): Promise<RayRecord> {
  try {
    return rayRecord.parse(JSON.parse(await readTextFile(pathOf(folder))));
  } catch (cause) {
    throw new UserError(
      {
        code: 'ray-record',
        message: `${pathOf(folder)} cannot be read: it says which job on the cluster trains this run.`,
        hint: 'Put it back from a backup. What the job saves is in the storage that it was given.',
      },
      { cause },
    );
  }
}

/** The newest job of the run. */
export const lastJob = ({ jobs }: RayRecord): RayJob => {
  const job = jobs.at(-1);
  if (job === undefined) throw new Error('a run on a cluster has a job');
  return job;
};

/** The record with its newest job changed. */
export const withLastJob = (record: RayRecord, part: Partial<RayJob>): RayRecord => ({
  ...record,
  jobs: [...record.jobs.slice(0, -1), { ...lastJob(record), ...part }],
});
