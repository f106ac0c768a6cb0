import { execFileSync } from 'node:child_process';

/** A Python that can import torch, for the tests that run real PyTorch; or why there is none. */
export function findTorch(): { readonly python: string; readonly version: string } | { readonly reason: string } {
  const candidates = [process.env['UNROLL_PYTHON'], '/usr/bin/python3', 'python3', 'python'].filter((name) => name !== undefined);
  for (const python of candidates) {
    try {
      const version = execFileSync(python, ['-c', 'import torch; print(torch.__version__)'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return { python, version: version.trim() };
    } catch {
      // Not this one.
    }
  }
  return { reason: `no Python with torch among ${candidates.join(', ')}: install python3-torch, or set UNROLL_PYTHON` };
}
