import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from './cache-folder.ts';
import { compiledOps } from './compile-ops.ts';
import { chooseDistribution, type Distribution, type Machine, thisMachine } from './distribution.ts';

const manifest = z.strictObject({
  key: z.string(),
  kind: z.enum(['cpu', 'cuda']),
  tensorflow: z.string(),
  /** Largest relative gradient error of the check that ended its preparation. */
  selfCheckError: z.number(),
  prepared: z.string(),
});
type Manifest = z.infer<typeof manifest>;

/** A prepared native TensorFlow: verified, complete, ready to load. */
export interface NativeRuntime {
  readonly folder: string;
  readonly binding: string;
  /** Our fused kernels, compiled for it; `null` where there was no compiler, or not since the last update. */
  readonly ops: string | null;
  readonly manifest: Manifest;
}

export const manifestFile = 'manifest.json';
export const bindingFile = 'tfjs_binding.node';

export const runtimesFolder = (cache = cacheFolder()): string => join(cache, 'native');
export const runtimeFolder = (distribution: Distribution, cache = cacheFolder()): string =>
  join(runtimesFolder(cache), distribution.key);

/**
 * The native TensorFlow prepared for this machine, or `null`. A folder has its final name only when it is complete, so this is
 * one look at its manifest. On a machine with a GPU, a CPU runtime prepared earlier is taken until the other is ready.
 */
export function nativeRuntime(cache = cacheFolder(), machine: Machine = thisMachine()): NativeRuntime | null {
  for (const candidate of machine.gpu === null ? [machine] : [machine, { ...machine, gpu: null }]) {
    const choice = chooseDistribution(candidate);
    const found = choice.ok ? readRuntime(runtimeFolder(choice.distribution, cache), choice.distribution) : null;
    if (found !== null) return found;
  }
  return null;
}

export function readRuntime(folder: string, distribution: Distribution): NativeRuntime | null {
  try {
    const parsed = manifest.safeParse(JSON.parse(readFileSync(join(folder, manifestFile), 'utf8')));
    if (!parsed.success || parsed.data.key !== distribution.key) return null;
    return { folder, binding: join(folder, bindingFile), ops: compiledOps(folder), manifest: parsed.data };
  } catch {
    return null;
  }
}

export const manifestText = (content: Manifest): string => `${JSON.stringify(manifest.parse(content), null, 2)}\n`;
