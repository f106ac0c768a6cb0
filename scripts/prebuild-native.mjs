// Before a package is made: puts the compiled binding and the fused kernels into dist/native/, for the machine that the package is made
// on. Where they cannot be compiled the package is made without them, and compiles them on its user's machine.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

export default async function prebuildNative() {
  const target = join(root, 'dist', 'native');
  rmSync(target, { recursive: true, force: true });
  const lines = setUp();
  const { folder, ops, opsProblem } = lines.find(({ event }) => event === 'done') ?? {};
  if (folder === undefined) return;
  if (opsProblem !== null) console.warn(`The package has no fused kernels: ${opsProblem}`);
  const own = join(target, basename(folder));
  mkdirSync(own, { recursive: true });
  cpSync(join(folder, 'tfjs_binding.node'), join(own, 'tfjs_binding.node'));
  if (ops !== null) cpSync(ops, join(own, basename(dirname(ops)), basename(ops)));
}

/** Events of `unroll setup`, which prepares and compiles what is missing. */
function setUp() {
  const program = [join(root, 'dist', 'unroll.js'), 'setup', '--json'];
  try {
    const output = execFileSync(process.execPath, program, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch (error) {
    console.warn(`The package has no compiled binding: ${error.message}`);
    return [];
  }
}
