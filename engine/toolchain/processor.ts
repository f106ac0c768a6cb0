import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { thisMachine } from './distribution.ts';

/** e.g. 'CPU AVX-512', 'CPU Apple M3', 'CUDA NVIDIA GeForce RTX 4090'. */
export function describeProcessor(onGpu: boolean): string {
  if (onGpu) return `CUDA ${thisMachine().gpu ?? 'GPU'}`;
  const extension = vectorExtension();
  if (extension !== null) return `CPU ${extension}`;
  const model = process.platform === 'darwin' ? cpus()[0]?.model : undefined;
  return model === undefined ? 'CPU' : `CPU ${model}`;
}

/** Widest vector instructions of the processor; only Linux tells without a program. */
function vectorExtension(): string | null {
  let flags = '';
  try {
    flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  } catch {
    return null;
  }
  const has = (flag: string): boolean => ` ${flags} `.includes(` ${flag} `);
  if (has('avx512f')) return 'AVX-512';
  if (has('avx2')) return 'AVX2';
  if (has('avx')) return 'AVX';
  return has('asimd') ? 'NEON' : null;
}
