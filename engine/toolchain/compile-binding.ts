import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../protocol/envelope.ts';
import type { Distribution } from './distribution.ts';
import { nodeHeaders } from './node-headers.ts';
import { onDisk } from './on-disk.ts';
import { lastLines, runCommand } from './run-command.ts';
import { bindingFile } from './runtime.ts';
import type { Command } from './tools.ts';

/**
 * Compiles tfjs-node's binding against the unpacked TensorFlow, without node-gyp: Node-API's headers come from a package, so
 * nothing is downloaded, and the result loads in every Node and Electron (Node-API 8).
 *
 * @param folder holds `tensorflow/` as in the wheel; the binding is put beside it.
 * @throws UserError `compile-failed` with the compiler's last words.
 */
export async function compileBinding(
  folder: string,
  compiler: Command,
  distribution: Distribution,
  signal?: AbortSignal,
): Promise<void> {
  const require = createRequire(import.meta.url);
  const sources = join(dirname(onDisk(require.resolve('@tensorflow/tfjs-node/package.json'))), 'binding');
  const files = (await readdir(sources)).filter((file) => file.endsWith('.cc')).map((file) => join(sources, file));
  const [program, ...first] = compiler;
  const args = [
    ...first,
    ...[
      '-std=c++17',
      '-O2',
      '-fPIC',
      '-w',
      '-DNAPI_VERSION=8',
      '-DNODE_GYP_MODULE_NAME=tfjs_binding',
      '-DBUILDING_NODE_EXTENSION',
    ],
    ...['-I', nodeHeaders(), '-I', join(folder, 'tensorflow', 'include')],
    ...files,
    ...distribution.libraries.map((library) => join(folder, library)),
    ...linkOptions(),
    ...['-o', join(folder, bindingFile)],
  ];
  const { ok, output, ending } = await runCommand(program, args, signal === undefined ? {} : { signal });
  if (!ok)
    throw new UserError({
      code: 'compile-failed',
      message: `The binding did not compile (${compiler.join(' ')} ${ending}): ${lastLines(output)}`,
      hint: 'Update the compiler, or name another one in the environment variable CXX, then try again.',
    });
}

function linkOptions(): string[] {
  if (process.platform === 'darwin')
    return ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/tensorflow', '-stdlib=libc++'];
  return ['-shared', '-Wl,-rpath,$ORIGIN/tensorflow'];
}
