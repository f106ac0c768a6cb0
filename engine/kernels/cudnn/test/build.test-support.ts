import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../toolchain/cache-folder.ts';
import { nodeHeaders } from '../../../toolchain/node-headers.ts';
import { opsSources } from '../../../toolchain/ops-sources.ts';
import { runCommand } from '../../../toolchain/run-command.ts';
import type { NativeRuntime } from '../../../toolchain/runtime.ts';
import type { Command } from '../../../toolchain/tools.ts';

const sources = ['kernels.cc', 'reference.cc'];

/**
 * Compiles the reference kernels of this folder into an addon, in seconds; kept in the cache until a source changes.
 *
 * @throws Error with the compiler's words.
 */
export async function buildReference(runtime: NativeRuntime, [program, ...first]: Command): Promise<string> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const ops = opsSources();
  const hash = createHash('sha256').update(ops.hash);
  for (const name of [...sources, 'half.h', 'numbers.h', 'reference.h']) hash.update(await readFile(join(here, name)));
  const folder = join(cacheFolder(), 'tests');
  const addon = join(folder, `cudnn-${hash.digest('hex').slice(0, 16)}.node`);
  if (existsSync(addon)) return addon;
  await mkdir(folder, { recursive: true });
  const staging = join(folder, `building-cudnn-${process.pid}.node`);
  const { ok, output } = await runCommand(program, [
    ...first,
    ...[
      '-std=c++17',
      '-O2',
      '-fPIC',
      '-shared',
      '-fvisibility=hidden',
      '-DNAPI_VERSION=8',
      '-DNODE_GYP_MODULE_NAME=unroll_cudnn_test',
    ],
    ...[nodeHeaders(), join(ops.folder, 'shim'), join(runtime.folder, 'tensorflow', 'include')].flatMap((path) => [
      '-isystem',
      path,
    ]),
    ...[
      '-I',
      ops.folder,
      ...['op.cc', 'op_inputs.cc'].map((name) => join(ops.folder, name)),
      ...sources.map((name) => join(here, name)),
    ],
    ...[join(runtime.folder, 'tensorflow', 'libtensorflow_framework.so.2'), `-Wl,-rpath,${join(runtime.folder, 'tensorflow')}`],
    ...['-o', staging],
  ]);
  if (!ok) {
    await rm(staging, { force: true });
    throw new Error(`the reference kernels do not compile: ${output}`);
  }
  for (const old of await readdir(folder))
    if (old.startsWith('cudnn-') && join(folder, old) !== addon) await rm(join(folder, old), { force: true });
  await rename(staging, addon);
  return addon;
}
