import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';
import type { SessionOptions } from '../training/session.tf.ts';
import { pack, unpack } from './pack.ts';

/** Everything a session needs but its sink. */
export type Job = Omit<SessionOptions, 'sink'>;

/** How a job crosses: maps of tensors become safetensors. */
interface PackedJob extends Pick<Job, 'plan' | 'data' | 'settings'> {
  readonly resume: { readonly state: Checkpoint['state']; readonly tensors: Uint8Array; readonly best: Uint8Array | null } | null;
}

export function packJob({ plan, data, settings, resume }: Job): Uint8Array {
  const packed: PackedJob = {
    plan,
    data: { encoding: data.encoding, splits: data.splits },
    settings,
    resume: resume
      ? {
          state: resume.checkpoint.state,
          tensors: encodeSafetensors(resume.checkpoint.tensors),
          best: resume.best && encodeSafetensors(resume.best),
        }
      : null,
  };
  return pack(packed);
}

/** Of bytes that `packJob` made in an engine of the same version. */
export function unpackJob(bytes: Uint8Array): Job {
  const { plan, data, settings, resume } = unpack(bytes) as PackedJob;
  const tensorsOf = (encoded: Uint8Array): Map<string, NamedTensor> => decodeSafetensors(encoded).tensors;
  if (resume === null) return { plan, data, settings };
  const checkpoint = { state: resume.state, tensors: tensorsOf(resume.tensors) };
  return { plan, data, settings, resume: { checkpoint, best: resume.best && tensorsOf(resume.best) } };
}
