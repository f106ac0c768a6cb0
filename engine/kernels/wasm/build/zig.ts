import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../toolchain/cache-folder.ts';
import { lastLines, runCommand } from '../../../toolchain/run-command.ts';
import { findPip } from '../../../toolchain/tools.ts';

/** Clang, its linker and a C++ library for WebAssembly in one package of PyPI. The same version makes the same bytes everywhere. */
export const zigVersion = '0.15.1';

export type Zig = { readonly ok: true; readonly program: string } | { readonly ok: false; readonly reason: string };

/** Zig's program, put into the cache by pip the first time. */
export async function prepareZig(): Promise<Zig> {
  const folder = join(cacheFolder(), `zig-${zigVersion}`);
  const program = join(folder, 'ziglang', process.platform === 'win32' ? 'zig.exe' : 'zig');
  const works = async (): Promise<boolean> => {
    const { ok, output } = await runCommand(program, ['version']);
    return ok && output.trim() === zigVersion;
  };
  if (await works()) return { ok: true, program };
  const pip = await findPip();
  if (!pip.ok) return { ok: false, reason: pip.reason };
  await rm(folder, { recursive: true, force: true });
  const [name, ...first] = pip.command;
  const { output } = await runCommand(name, [
    ...first,
    'install',
    '--quiet',
    '--no-deps',
    '--target',
    folder,
    `ziglang==${zigVersion}`,
  ]);
  if (await works()) return { ok: true, program };
  return { ok: false, reason: `pip could not install ziglang ${zigVersion}: ${lastLines(output)}` };
}
