import { readdir } from 'node:fs/promises';
import { errorCode } from '../files/error-code.ts';

/** Of a file that is named after its training step; a write that a crash cut off leaves a temporary one beside it. */
export const ownStepFile = /^\.?step-\d{9,}\.safetensors(\.[0-9a-z]+\.tmp)?$/;

const whole = /^step-\d{9,}\.safetensors$/;

export const stepFileName = (step: number): string => `step-${String(step).padStart(9, '0')}.safetensors`;

/** Steps of which a folder has a file, the newest first; by number: from a thousand million steps on, names are longer. */
export async function stepsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return [];
    throw error;
  });
  return names
    .filter((name) => whole.test(name))
    .map((name) => Number(/\d+/.exec(name)?.[0]))
    .sort((a, b) => b - a);
}
