import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, runCommand } from '../../../toolchain/run-command.ts';
import { zigVersion } from './zig.ts';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Where the binaries are kept, in the repository: a user's machine need not have a compiler. */
export const binariesFolder = folder('..');
const native = folder('../../native/src');
const host = folder('../src');

/** Each binary, and what it needs of WebAssembly beyond the first version. */
const features = {
  'kernels.wasm': 'generic+simd128+atomics+bulk_memory',
  'kernels-relaxed.wasm': 'generic+simd128+relaxed_simd+atomics+bulk_memory',
} as const;
export type Binary = keyof typeof features;
export const binaries = Object.keys(features) as readonly Binary[];

const sharedSources = [
  ...['cells.cc', 'program_isa.cc', 'program_parser.cc', 'recurrence_isa.cc', 'schedule.cc', 'stages.cc', 'op_inputs.cc'],
  ...['adam_op.cc', 'rows_op.cc', 'cross_entropy_op.cc', 'correct_op.cc'],
  ...[
    'chain.cc',
    'functions.cc',
    'linear_op.cc',
    'losses_op.cc',
    'pool_op.cc',
    'program_layer.cc',
    'step_isa.cc',
    'step_op.cc',
  ].map((name) => join('step', name)),
];
const exportedNames = [
  ...['__stack_pointer', '_initialize', 'take', 'address', 'give_back', 'cell_number', 'saved_numbers'],
  ...['use_threads', 'tasks_of_workers', 'work', 'forward', 'backward', 'multiply'],
  ...['program_forward', 'program_backward', 'op_number', 'run_op', 'blocks_used', 'give_back_beyond'],
];
const options = [
  ...['--target=wasm32-wasi', '-mexec-model=reactor', '-nostartfiles', '-std=c++17', '-O3', '-w', '-DUNROLL_ISA=portable'],
  ...['-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-fno-math-errno', '-fno-trapping-math', '-ffp-contract=fast'],
  // The C++ library would write why it gives up to a file.
  '-D_LIBCPP_VERBOSE_ABORT(...)=__builtin_trap()',
  ...['no-entry', 'import-memory', 'shared-memory', 'max-memory=2147483648', 'strip-all', 'gc-sections'].map(
    (name) => `-Wl,--${name}`,
  ),
  ...['-Wl,-z,stack-size=262144', ...exportedNames.map((name) => `-Wl,--export=${name}`)],
];

const filesIn = (path: string, ending: RegExp): string[] =>
  readdirSync(path)
    .filter((name) => ending.test(name))
    .sort()
    .map((name) => join(path, name));

const sources = (): string[] => [...sharedSources.map((name) => join(native, name)), ...filesIn(host, /\.cc$/)];

/** Of everything that decides what the binaries are. */
export function sourcesHash(): string {
  const hash = createHash('sha256').update(JSON.stringify([zigVersion, options, features]));
  for (const path of [
    ...sources(),
    ...filesIn(native, /\.h$/),
    ...filesIn(join(native, 'step'), /\.h$/),
    ...filesIn(host, /\.h$/),
  ]) {
    hash.update(`\0${basename(path)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

const sectionName = 'unroll-sources';
/** Of SHA-256, in hexadecimal digits. */
const hashLength = 64;

/** The hash of the sources that a binary was made of, which it carries at its end; `null` without one. */
export function hashIn(binary: Uint8Array): string | null {
  const end = Buffer.from(binary.subarray(-sectionName.length - hashLength)).toString('latin1');
  return end.startsWith(sectionName) ? end.slice(sectionName.length) : null;
}

/** Section 0: its size, then its name's size, its name and its text. A size below 128 is one byte. */
function customSection(name: string, text: string): Buffer {
  const content = Buffer.concat([Buffer.from([name.length]), Buffer.from(name + text)]);
  return Buffer.concat([Buffer.from([0, content.length]), content]);
}

/**
 * Compiles one of the binaries.
 *
 * @throws Error with the compiler's last words
 */
export async function buildBinary(zig: string, binary: Binary, to: string): Promise<void> {
  const { ok, output } = await runCommand(zig, ['c++', ...options, `-mcpu=${features[binary]}`, ...sources(), '-o', to]);
  if (!ok) throw new Error(`${binary} did not compile: ${lastLines(output)}`);
  writeFileSync(to, Buffer.concat([readFileSync(to), customSection(sectionName, sourcesHash())]));
}
