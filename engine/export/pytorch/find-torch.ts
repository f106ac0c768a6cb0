import { execFileSync } from 'node:child_process';

export interface FoundTorch {
  readonly python: string;
  readonly version: string;
  /** Whether it can import Pillow, too. */
  readonly pillow: boolean;
}

/** Says `1.13.0 pillow`, without the second word where Pillow is missing. */
const versions = `import importlib.util, torch
print(torch.__version__, "pillow" if importlib.util.find_spec("PIL") else "")`;

/** A Python that can import torch, for the tests that run real PyTorch; or why there is none. */
export function findTorch(): FoundTorch | { readonly reason: string } {
  const candidates = [process.env['UNROLL_PYTHON'], '/usr/bin/python3', 'python3', 'python'].filter((name) => name !== undefined);
  for (const python of candidates) {
    try {
      const said = execFileSync(python, ['-c', versions], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [version = '', pillow] = said.trim().split(' ');
      return { python, version, pillow: pillow === 'pillow' };
    } catch {
      // Not this one.
    }
  }
  return { reason: `no Python with torch among ${candidates.join(', ')}: install python3-torch, or set UNROLL_PYTHON` };
}
