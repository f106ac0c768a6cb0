import { execFileSync } from 'node:child_process';

export interface FoundTorch {
  readonly python: string;
  /** Whether it has Pillow, too. */
  readonly pillow: boolean;
}

/** Fails without torch; says whether there is Pillow. Imports neither: that takes a second. */
const installed = `from importlib.util import find_spec
assert find_spec("torch")
print(find_spec("PIL") is not None)`;

/** A Python that has torch, for the tests that run real PyTorch; or why there is none. */
export function findTorch(): FoundTorch | { readonly reason: string } {
  const candidates = [process.env['UNROLL_PYTHON'], '/usr/bin/python3', 'python3', 'python'].filter((name) => name !== undefined);
  for (const python of candidates) {
    try {
      const said = execFileSync(python, ['-c', installed], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return { python, pillow: said.trim() === 'True' };
    } catch {
      // Not this one.
    }
  }
  return { reason: `no Python with torch among ${candidates.join(', ')}: install python3-torch, or set UNROLL_PYTHON` };
}
