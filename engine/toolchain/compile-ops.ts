import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { UserError } from '../protocol/envelope.ts';
import type { Distribution } from './distribution.ts';
import { nodeHeaders } from './node-headers.ts';
import { opsSources } from './ops-sources.ts';
import { prebuilt } from './prebuilt.ts';
import { lastLines, runCommand } from './run-command.ts';
import type { Command } from './tools.ts';

const addonFile = 'unroll_ops.node';

/** The compiled ops within a prepared runtime's folder: one folder for each state of the sources. */
const opsFile = (): string => join(`ops-${opsSources().hash}`, addonFile);

/** The compiled ops of a runtime, or those that the package carries for it; `null` where they have not been compiled. */
export function compiledOps(runtimeFolder: string): string | null {
  const addon = join(runtimeFolder, opsFile());
  return existsSync(addon) ? addon : prebuilt(basename(runtimeFolder), opsFile());
}

/** A set of instructions that the recurrence is compiled for, with the compiler's options for it. */
export interface Instructions {
  readonly name: string;
  readonly options: readonly string[];
  /** Left out where the compiler does not know them (GCC before 10). */
  readonly optional?: boolean;
}

/** The kernels read no floating-point flags, and a sum of products may be one instruction. */
export const optimization = ['-O3', '-fno-math-errno', '-fno-trapping-math', '-ffp-contract=fast'] as const;

/** The instruction sets that the recurrence is compiled for; the addon takes the best that the processor has. */
export function instructionSets(arch: string = process.arch): readonly Instructions[] {
  // GCC's first scheduler would load a tile's factors so early that its sums lose their registers.
  if (arch !== 'x64') return [{ name: 'portable', options: ['-fno-schedule-insns'] }];
  const wide = ['-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512bw', '-mfma', '-mprefer-vector-width=512'];
  return [
    { name: 'avx512', options: wide },
    { name: 'avx512bf16', options: [...wide, '-mavx512bf16', '-DUNROLL_BFLOAT16'], optional: true },
    { name: 'avx2', options: ['-mavx2', '-mfma'] },
    { name: 'portable', options: [] },
  ];
}

/**
 * Compiles our TensorFlow ops against an unpacked TensorFlow, in under a minute. The addon gets its final name only after `check`
 * has passed, so a killed compilation leaves nothing that could be taken for it.
 *
 * @param folder the prepared runtime: holds `tensorflow/` as in the wheel
 * @throws UserError `compile-failed` with the compiler's last words; what `check` throws.
 */
export async function compileOps(
  folder: string,
  compiler: Command,
  distribution: Distribution,
  check: (addon: string) => Promise<unknown>,
  signal?: AbortSignal,
): Promise<string> {
  const target = join(folder, opsFile());
  const staging = join(folder, `.ops-${process.pid}-${Date.now().toString(36)}`);
  await mkdir(staging);
  try {
    await compile(folder, staging, compiler, distribution, signal);
    await check(join(staging, addonFile));
    signal?.throwIfAborted();
    const ready = join(target, '..');
    await rm(ready, { recursive: true, force: true });
    await rename(staging, ready);
    return target;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function compile(
  folder: string,
  staging: string,
  compiler: Command,
  distribution: Distribution,
  signal: AbortSignal | undefined,
): Promise<void> {
  const sources = opsSources();
  const [program, ...first] = compiler;
  const run = async (args: readonly string[]): Promise<void> => {
    const { ok, output, ending } = await runCommand(program, [...first, ...args], signal === undefined ? {} : { signal });
    if (ok) return;
    throw new UserError({
      code: 'compile-failed',
      message: `The fused kernels did not compile (${compiler.join(' ')} ${ending}): ${lastLines(output)}`,
      hint: 'Training works without them, slower. Update the compiler, or name another one in CXX, then run “unroll setup” again.',
    });
  };
  const common = [
    ...['-std=c++17', '-fPIC', '-w', '-fvisibility=hidden', '-pthread', ...optimization],
    ...['-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=unroll_ops', '-DBUILDING_NODE_EXTENSION'],
    ...['-isystem', nodeHeaders(), '-isystem', join(sources.folder, 'shim')],
    ...['-isystem', join(folder, 'tensorflow', 'include')],
  ];
  const objects: { readonly object: string; readonly set: string | null }[] = [];
  const units = sources.files.flatMap((file) =>
    file.endsWith('_isa.cc')
      ? instructionSets().map(({ name, options, optional = false }) => ({
          file,
          object: `${name}-${basename(file)}.o`,
          options: [`-DUNROLL_ISA=${name}`, ...options],
          set: optional ? name : null,
        }))
      : [{ file, object: `${basename(file)}.o`, options: [], set: null }],
  );
  // The units that take longest are begun first.
  const waiting = units.sort((a, b) => b.options.length - a.options.length);
  const unknown = new Set<string>();
  const worker = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      const object = join(staging, unit.object);
      try {
        await run([...common, ...unit.options, '-c', join(sources.folder, unit.file), '-o', object]);
        objects.push({ object, set: unit.set });
      } catch (error) {
        if (unit.set === null || signal?.aborted === true) throw error;
        unknown.add(unit.set);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 8) }, worker));
  const libraries = distribution.libraries
    .filter((library) => library.includes('framework'))
    .map((library) => join(folder, library));
  const linked = objects.filter(({ set }) => set === null || !unknown.has(set)).map(({ object }) => object);
  const link = (own: readonly string[]): Promise<void> =>
    run([...linkOptions(), ...own, '-pthread', ...linked, ...libraries, '-o', join(staging, addonFile)]);
  // Not every compiler comes with the archive of the C++ library.
  await (process.platform === 'linux' ? link(ownLibrary).catch(() => link([])) : link([]));
  await Promise.all(objects.map(({ object }) => rm(object)));
}

/** With these the addon carries its own C++ library, and runs where the system's is older than the compiler's. */
const ownLibrary = ['-static-libstdc++', '-static-libgcc', '-Wl,--exclude-libs,ALL'];

function linkOptions(): string[] {
  if (process.platform === 'darwin') return ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../tensorflow'];
  return ['-shared', '-Wl,-rpath,$ORIGIN/../tensorflow'];
}
