import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * What tests run in processes of their own is built first: it starts in a fraction of the time that loading the sources takes.
 */
const root = join(import.meta.dirname, '..', '..');

/** The built command line. */
export const program = join(root, 'dist', 'unroll.js');

/** Builds the engine and the command line where their sources are newer. */
export const buildProgram = (): void => build("buildStale({ only: ['engine'] })");

/**
 * A script of the tests with all that it imports, in one file: to be run once `buildProgram` has been called, too.
 *
 * @returns the file's path
 */
export function bundledScript(script: URL): string {
  const source = fileURLToPath(script);
  const bundle = join(
    root,
    '.cache',
    'test-scripts',
    source
      .slice(root.length + 1)
      .replaceAll(/[\\/]/g, '-')
      .replace(/\.ts$/, '.mjs'),
  );
  build(`bundleScript(${JSON.stringify(source)}, ${JSON.stringify(bundle)})`);
  return bundle;
}

function build(what: string): void {
  const built = spawnSync(process.execPath, ['-e', `import('./scripts/build.mjs').then((build) => build.${what})`], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('what the tests run could not be built');
}
