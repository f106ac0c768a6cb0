import { createHash } from 'node:crypto';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding } from '../data/dataset.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { pythonFile } from '../export/python-file.ts';
import { trainingFiles } from '../export/pytorch/export.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { UserError } from '../protocol/envelope.ts';
import { bytesOf, dataFolder, dataToSend, mostPressed, ofLines, zip, zipData } from './sent-data.ts';
import { type SharedData, shareData } from './shared-data.ts';
import type { Storage } from './storage.ts';

/** What Ray takes over HTTP. */
const mostBytes = 100 * 1024 * 1024;

/** What the data is in the storage, where it lies there. */
export const archive = `${dataFolder}.zip`;

export interface Project {
  readonly zip: Uint8Array;
  /** What `train.py` is given: the files of the data. */
  readonly dataArguments: readonly string[];
  /** Archives that lie in the storage, since they are too large for the package. */
  readonly stored: readonly string[];
  /** The data, where several runs have it in common. */
  readonly shared: SharedData | null;
}

/** What does not lie in the package. */
interface Places {
  readonly storage: Storage;
  /** The folder in which runs have their data in common; `null`: this one has its own. */
  readonly shared?: Storage | null;
  /** Bytes of a package. */
  readonly most?: number;
}

interface Packed {
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly encoding: DataEncoding;
  /** What training starts from. */
  readonly weights: ReadonlyMap<string, NamedTensor>;
}

/**
 * The exported PyTorch project with its data, as one zip: tables, and the pictures and recordings that their rows name. Data that makes it
 * larger than Ray takes goes to the storage, and so does data that several runs have in common, once.
 *
 * @throws UserError `ray-data` for data that cannot leave this machine, `too-much-named`, the disk's, the storage's
 */
export async function packProject(run: Packed, { storage, shared = null, most = mostBytes }: Places): Promise<Project> {
  const { encoding } = run;
  const made = encoding.binding.source.kind === 'template';
  const files = trainingFiles({ ...run, encoding: made ? { ...encoding, reading: ofLines } : encoding, parameters: run.weights });
  for (const name of ['ray_job.py', 'storage.py']) files.set(name, pythonFile(name));
  const code = Object.fromEntries([...files].map(([name, content]) => [name, bytesOf(content)]));
  const data = await dataToSend(encoding);
  const own = { dataArguments: data.arguments, stored: [], shared: null };
  if (shared === null && data.bytes <= mostPressed) {
    const whole = zip({ ...code, [dataFolder]: data.files });
    if (whole.byteLength <= most) return { ...own, zip: whole };
  }
  const small = zip(code);
  if (small.byteLength > most) throw tooLarge(small.byteLength);
  if (shared !== null) return { ...own, zip: small, shared: await shareData(shared, data) };
  await storage.put(archive, zipData(data));
  return { ...own, zip: small, stored: [archive] };
}

const tooLarge = (bytes: number): UserError =>
  new UserError({
    code: 'ray-too-large',
    message: `The model is ${Math.round(bytes / 2 ** 20)} MiB packed; Ray takes 100 MiB over HTTP.`,
    hint: 'Make the network smaller, or export it and train the folder on the cluster by hand.',
  });

/** Of a package's content: one that is on the cluster already is not sent again. */
export const packageHash = (zipped: Uint8Array): string => createHash('sha256').update(zipped).digest('hex').slice(0, 40);
