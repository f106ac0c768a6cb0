import { z } from 'zod';
import { hashData, type SentData, zipData } from './sent-data.ts';
import { openStorage, type Storage } from './storage.ts';

/** Data that lies once in a storage for the runs of a sweep; as it stands in their records. */
export const sharedData = z.strictObject({
  /** The folder in the storage, which is the sweep's. */
  place: z.string(),
  /** Digest of the data, and name of its archive. */
  content: z.string().regex(/^[0-9a-f]{40}$/),
});
export type SharedData = z.infer<typeof sharedData>;

/** The folder of a sweep's data in a storage. */
export const sharedPlace = ({ address }: Storage, sweep: string): Storage =>
  openStorage(`${address.replace(/[\\/]+$/, '')}/${sweep}-data`);

/** Is written when the archive is whole: not every kind of storage brings a file there at once. */
const whole = (content: string): string => `${content}.json`;

/** Sends data where it does not lie already. @throws UserError the storage's */
export async function shareData(folder: Storage, data: SentData): Promise<SharedData> {
  const shared = { place: folder.address, content: hashData(data) };
  if (!(await isShared(shared))) {
    await folder.put(`${shared.content}.zip`, zipData(data));
    await folder.put(whole(shared.content), Buffer.from(JSON.stringify({ bytes: data.bytes })));
  }
  return shared;
}

/** Whether it is there. @throws UserError the storage's */
export async function isShared({ place, content }: SharedData): Promise<boolean> {
  return (await openStorage(place).get(whole(content))) !== null;
}
