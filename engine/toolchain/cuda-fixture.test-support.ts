import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chooseDistribution, tensorflowVersion, thisMachine } from './distribution.ts';
import { manifestFile, manifestText, runtimeFolder } from './runtime.ts';

/**
 * For tests: a machine whose driver shows an NVIDIA GPU, and where TensorFlow for it seems to be prepared. Nothing can compute there.
 *
 * @returns the environment of a process that is to find it; `null` where TensorFlow for NVIDIA GPUs is not published.
 */
export function pretendCuda(folder: string): Record<string, string | undefined> | null {
  const choice = chooseDistribution({ ...thisMachine(), gpu: 'NVIDIA L4' });
  if (!choice.ok || choice.distribution.kind !== 'cuda') return null;
  writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "NVIDIA L4, 23034"\n', { mode: 0o755 });
  const runtime = runtimeFolder(choice.distribution, folder);
  mkdirSync(runtime, { recursive: true });
  const { key, kind } = choice.distribution;
  const content = { key, kind, tensorflow: tensorflowVersion, selfCheckError: 1e-6, prepared: new Date(0).toISOString() };
  writeFileSync(join(runtime, manifestFile), manifestText(content));
  return { UNROLL_CACHE: folder, PATH: `${folder}${delimiter}${process.env['PATH']}`, CUDA_VISIBLE_DEVICES: undefined };
}
