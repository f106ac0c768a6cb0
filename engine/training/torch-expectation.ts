import { spawnSync } from 'node:child_process';

const python = '/usr/bin/python3';

/** Why real PyTorch cannot be asked here, or `null`. With UNROLL_REQUIRE_ALL=1 its absence is a failure, not a skip. */
export function torchMissing(): string | null {
  const found = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  if (found.status === 0) return null;
  const reason = `PyTorch cannot be imported by ${python}: ${(found.stderr ?? found.error?.message ?? '').trim().split('\n').at(-1)}`;
  if (process.env['UNROLL_REQUIRE_ALL'] === '1') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return reason;
}

/** Runs a script with JSON on its standard input, and parses the JSON it prints. */
export function askTorch(script: string, input: unknown): unknown {
  const result = spawnSync(python, ['-c', script], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`python: ${result.stderr}`);
  return JSON.parse(result.stdout);
}
