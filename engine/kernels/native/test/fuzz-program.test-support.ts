import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../toolchain/cache-folder.ts';
import type { Instructions } from '../../../toolchain/compile-ops.ts';
import { opsSources } from '../../../toolchain/ops-sources.ts';
import type { Command } from '../../../toolchain/tools.ts';

const run = promisify(execFile);
const folderOfTests = fileURLToPath(new URL('.', import.meta.url));

/** How the ops and `fuzz.cc` become a program of their own, outside TensorFlow (`fake_tensorflow.cc`). */
export interface FuzzBuild {
  /** Part of the program's file name. */
  readonly name: string;
  readonly compiler: Command;
  /** Of a prepared native TensorFlow, whose headers are read. */
  readonly runtimeFolder: string;
  /** Of every call of the compiler. */
  readonly options: readonly string[];
  /** Those that this processor lacks are absent: there for the linker's sake alone (`absent.cc`), as nothing could run them. */
  readonly instructionSets: readonly (Instructions & { readonly absent?: boolean })[];
}

/** Compiling takes up to a minute, so the program is kept in the cache until a source or an option changes. */
export async function fuzzProgram(build: FuzzBuild): Promise<string> {
  const hash = createHash('sha256').update(opsSources().hash).update(JSON.stringify(build));
  for (const name of (await readdir(folderOfTests)).sort()) hash.update(await readFile(join(folderOfTests, name)));
  const folder = join(cacheFolder(), 'tests');
  const program = join(folder, `fuzz-${build.name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(folder, 'building-'));
  try {
    await compile(build, staging);
    for (const old of await readdir(folder)) if (old.startsWith(`fuzz-${build.name}-`)) await rm(join(folder, old));
    await rename(join(staging, 'fuzz'), program);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return program;
}

async function compile({ compiler, runtimeFolder, options, instructionSets }: FuzzBuild, folder: string): Promise<void> {
  const [program, ...first] = compiler;
  const sources = opsSources();
  const common = [
    ...['-std=c++17', '-w', '-pthread', ...options],
    ...['-isystem', join(sources.folder, 'shim'), '-isystem', join(runtimeFolder, 'tensorflow', 'include')],
  ];
  const units = [
    ...instructionSets.flatMap(({ name, options: own, absent = false }) =>
      (absent
        ? [join(folderOfTests, 'absent.cc')]
        : sources.files.filter((file) => file.endsWith('_isa.cc')).map((file) => join(sources.folder, file))
      ).map((file) => ({ file, object: `${name}-${basename(file)}.o`, flags: [`-DUNROLL_ISA=${name}`, ...own] })),
    ),
    // All but the entry for Node, and what is compiled for each instruction set.
    ...sources.files
      .filter((name) => name !== 'addon.cc' && !name.endsWith('_isa.cc'))
      .map((name) => ({ file: join(sources.folder, name), object: `${basename(name)}.o`, flags: ['-O1'] })),
    { file: join(folderOfTests, 'fake_tensorflow.cc'), object: 'fake_tensorflow.o', flags: ['-O1'] },
    // What asks and judges, in double precision, is not under test: without sanitizers it takes a fraction of the time. Those find what the
    // ops do with its memory all the same.
    ...['fuzz', 'fuzz_programs', 'fuzz_step'].map((name) => ({
      file: join(folderOfTests, `${name}.cc`),
      object: `${name}.o`,
      flags: ['-O2', '-fno-sanitize=all'],
    })),
  ];
  const waiting = [...units];
  const worker = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift())
      await run(program, [...first, ...common, ...unit.flags, '-c', unit.file, '-o', join(folder, unit.object)]);
  };
  await Promise.all([worker(), worker()]);
  await run(program, [...first, ...common, ...units.map(({ object }) => join(folder, object)), '-o', join(folder, 'fuzz')]);
}
