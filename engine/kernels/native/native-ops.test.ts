import '../../backends/gradients.tf.ts';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { cacheFolder } from '../../backends/native/cache-folder.ts';
import { opsSources } from '../../backends/native/ops-sources.ts';
import { nativeRuntime } from '../../backends/native/runtime.ts';
import { findCompiler } from '../../backends/native/tools.ts';
import { fusedOps } from '../native-ops.tf.ts';
import { nativeOp } from './ops.tf.ts';

/*
 * Compiles the ops with the address and undefined-behaviour sanitizers, outside TensorFlow (`test/fake_tensorflow.cc`), and runs
 * random problems through them. Needs a compiler and a prepared native TensorFlow, whose headers it reads.
 */
const run = promisify(execFile);
const compiler = await findCompiler();
const runtime = nativeRuntime();
const reason = compiler.ok ? (runtime === null ? 'native TensorFlow is not prepared' : null) : compiler.reason;
if (reason !== null) console.warn(`the native ops are not tested under the sanitizers here: ${reason}`);
const skipped = reason !== null && process.env['UNROLL_REQUIRE_ALL'] !== '1';

const hasAvx512 =
  process.arch === 'x64' && process.platform === 'linux' && (await readFile('/proc/cpuinfo', 'utf8')).includes('avx512dq');
const sets = process.arch === 'x64' ? [...(hasAvx512 ? ['avx512'] : []), 'avx2', 'portable'] : ['portable'];
const options: Readonly<Record<string, readonly string[]>> = {
  avx512: ['-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512bw', '-mfma'],
  avx2: ['-mavx2', '-mfma'],
  portable: [],
};

describe.skipIf(skipped)('the native ops under the address sanitizer', () => {
  let program = '';
  beforeAll(async () => {
    expect(reason).toBeNull();
    program = await fuzzProgram();
  }, 1_800_000);

  it.each(sets)(
    '%s: right values and gradients, wrong shapes refused, nothing read or written outside',
    async (set) => {
      const { stdout } = await run(program, ['20'], {
        env: { ...process.env, UNROLL_SIMD: set, UNROLL_THREADS: '2' },
      });
      const result = JSON.parse(stdout);
      expect(result).toMatchObject({ instructions: set, problems: 220 });
      // What `simd.h` promises.
      expect(result.tanhError).toBeLessThan(3.5e-7);
      expect(result.sigmoidError).toBeLessThan(2.5e-7);
    },
    600_000,
  );
});

describe.skipIf(skipped)('the native ops inside TensorFlow', () => {
  beforeAll(async () => {
    await activateBackend('tensorflow');
    expect(fusedOps()).not.toBeNull();
  });

  const cell = { kind: 'gru-cell', hidden: 5, form: 'simplified' } as const;
  const problem = { cell, steps: 4, rows: 3, lengths: Int32Array.from([4, 1, 2]), reverse: false, inputGradient: true };
  const given = (change: { readonly width?: number; readonly lengths?: Int32Array; readonly states?: number } = {}) =>
    tf.tidy(() => {
      const weights = {
        inputWeight: tf.ones<tf.Rank.R2>([10, change.width ?? 2]),
        hiddenWeight: tf.ones<tf.Rank.R2>([10, 5]),
        inputBias: tf.ones<tf.Rank.R1>([10]),
        hiddenBias: null,
        projection: null,
        peepholes: null,
      };
      const states = [tf.zeros<tf.Rank.R2>([change.states ?? 3, 5])];
      const x = tf.ones<tf.Rank.R3>([4, 3, 2]);
      const { sequence } = nativeOp.forward(
        { ...problem, lengths: change.lengths ?? problem.lengths },
        x,
        [weights],
        states,
        true,
      );
      return sequence.shape;
    });

  it('runs', () => {
    expect(given()).toEqual([4, 3, 5]);
  });

  it('tell a wrong shape, with what was expected', () => {
    expect(() => given({ width: 3 })).toThrow('the input weight must have the shape [10, 2], but has [10, 3]');
    expect(() => given({ states: 4 })).toThrow('the initial state must have the shape [3, 5], but has [4, 5]');
    expect(() => given({ lengths: Int32Array.from([4, 1]) })).toThrow('lengths must have the shape [3], but has [2]');
    expect(() => given({ lengths: Int32Array.from([4, 5, 1]) })).toThrow('lengths must be 0 … 4, but row 1 has 5');
  });
});

/** Compiling takes a minute, so the program is kept in the cache until a source changes. */
async function fuzzProgram(): Promise<string> {
  const hash = createHash('sha256').update(opsSources().hash);
  const test = fileURLToPath(new URL('./test', import.meta.url));
  for (const name of (await readdir(test)).sort()) hash.update(await readFile(join(test, name)));
  const folder = join(cacheFolder(), 'tests');
  const program = join(folder, `fuzz-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(folder, 'building-'));
  try {
    await build(staging);
    for (const old of await readdir(folder)) if (old.startsWith('fuzz-')) await rm(join(folder, old));
    await rename(join(staging, 'fuzz'), program);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return program;
}

async function build(folder: string): Promise<void> {
  if (!compiler.ok || runtime === null) return;
  const [program, ...first] = compiler.command;
  const sources = opsSources();
  const test = fileURLToPath(new URL('./test', import.meta.url));
  const common = [
    ...['-std=c++17', '-g1', '-w', '-pthread', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
    ...['-isystem', join(sources.folder, 'shim'), '-isystem', join(runtime.folder, 'tensorflow', 'include')],
  ];
  const units = [
    // Without optimization: it would take the compiler minutes under the sanitizers. Sets that this processor lacks are linked too.
    ...Object.entries(process.arch === 'x64' ? options : { portable: [] }).map(([set, flags]) => ({
      file: join(sources.folder, 'recurrence_isa.cc'),
      object: `${set}.o`,
      flags: ['-O0', '-DUNROLL_TILE_ROWS=2', `-DUNROLL_ISA=${set}`, ...flags],
    })),
    ...['op', 'recurrence_op', 'adam_op', 'rows_op', 'cross_entropy_op', 'correct_op', 'schedule', 'threads', 'dispatch'].map(
      (name) => ({
        file: join(sources.folder, `${name}.cc`),
        object: `${name}.o`,
        flags: ['-O1'],
      }),
    ),
    ...['fuzz', 'fake_tensorflow'].map((name) => ({ file: join(test, `${name}.cc`), object: `${name}.o`, flags: ['-O1'] })),
  ];
  const waiting = [...units];
  const worker = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift())
      await run(program, [...first, ...common, ...unit.flags, '-c', unit.file, '-o', join(folder, unit.object)]);
  };
  await Promise.all([worker(), worker()]);
  await run(program, [...first, ...common, ...units.map(({ object }) => join(folder, object)), '-o', join(folder, 'fuzz')]);
}
