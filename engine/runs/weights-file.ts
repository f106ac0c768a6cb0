import { createHash } from 'node:crypto';
import { readWholeFile } from '../files/open-file.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** Weights of one moment of a training. */
export interface SavedWeights {
  readonly step: number;
  readonly weights: Map<string, NamedTensor>;
}

/** Saves weights with the step that they are of as safetensors, so that they are there whole or not at all. */
export async function saveWeights(path: string, weights: ReadonlyMap<string, NamedTensor>, step: number): Promise<void> {
  const text = String(step);
  await writeAtomically(path, encodeSafetensors(weights, { step: text, sha256: checksum(text, weights) }));
}

/** @throws the file system's error, or one without a code where the file is not as it was written */
export async function readWeights(path: string): Promise<SavedWeights> {
  const { tensors, metadata } = decodeSafetensors(await readWholeFile(path));
  const text = metadata['step'] ?? '';
  if (metadata['sha256'] !== checksum(text, tensors)) throw new Error('its checksum is another');
  return { step: Number(text), weights: tensors };
}

/** Of tensors and what is said of them. */
export function checksum(text: string, tensors: ReadonlyMap<string, NamedTensor>): string {
  const hash = createHash('sha256').update(text);
  for (const [name, { data }] of tensors) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
