import { spawnSync } from 'node:child_process';
import { findTorch } from '../export/pytorch/find-torch.ts';

const torch = findTorch();

/** Why real PyTorch cannot be asked here, or `null`. With UNROLL_REQUIRE_ALL=1 its absence is a failure, not a skip. */
export function torchMissing(): string | null {
  if (!('reason' in torch)) return null;
  if (process.env['UNROLL_REQUIRE_ALL'] === '1') throw new Error(torch.reason);
  console.warn(`skipped: ${torch.reason}`);
  return torch.reason;
}

/** Runs a script with JSON on its standard input, and parses the JSON it prints. */
export function askTorch(script: string, input: unknown): unknown {
  if ('reason' in torch) throw new Error(torch.reason);
  const options = { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const result = spawnSync(torch.python, ['-c', script], options);
  if (result.status !== 0) throw new Error(`python: ${result.stderr}`);
  return JSON.parse(result.stdout);
}
