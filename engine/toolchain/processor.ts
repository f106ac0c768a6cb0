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

/** What the processor can do, by Linux's names for it; only Linux tells without a program. */
function flags(): ReadonlySet<string> {
  try {
    const [, found = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? [];
    return new Set(found.trim().split(/\s+/));
  } catch {
    return new Set();
  }
}

/** Whether it multiplies bfloat16 numbers in the way that our kernels know. */
export const hasBfloat16 = (): boolean => flags().has('avx512_bf16');

/** Widest vector instructions of the processor. */
function vectorExtension(): string | null {
  const found = flags();
  const has = (flag: string): boolean => found.has(flag);
  if (has('avx512f')) return 'AVX-512';
  if (has('avx2')) return 'AVX2';
  if (has('avx')) return 'AVX';
  return has('asimd') ? 'NEON' : null;
}
