import { UserError } from '../protocol/envelope.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { archive } from './project.ts';
import type { RayRecord } from './ray-record.ts';
import { dataToSend, hashData, zipData } from './sent-data.ts';
import { isShared } from './shared-data.ts';
import type { Storage } from './storage.ts';

/** The sweep that had the data may be done since: the run then has its own. @throws UserError `ray-data-changed`, and as `dataToSend` */
export async function withData(folder: RunFolder, ray: RayRecord, place: Storage): Promise<RayRecord> {
  const { shared, ...rest } = ray;
  if (shared === undefined || (await isShared(shared))) return ray;
  const data = await dataToSend(await folder.encoding());
  if (hashData(data) !== shared.content) throw dataChanged;
  await place.put(archive, zipData(data));
  return { ...rest, stored: [archive] };
}

const dataChanged = new UserError({
  code: 'ray-data-changed',
  message: 'The data has changed since the sweep of this run, whose copy in the storage is gone.',
  hint: 'Put the data back as it was, or train on from the weights that are here: unroll train --from RUN.',
});
