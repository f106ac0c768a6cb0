import { acceleratedCell } from '../../cells/registry.ts';
import '../../backends/gradients.tf.ts';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { cellLibrary } from '../../cells/library.ts';
import { hasBfloat16 } from '../../toolchain/processor.ts';
import { nativeRuntime } from '../../toolchain/runtime.ts';
import { findCompiler } from '../../toolchain/tools.ts';
import { fusedOps } from '../native-ops.tf.ts';
import { nativeOp } from './ops.tf.ts';
import { fuzzProgram } from './test/fuzz-program.test-support.ts';
import { programsFile } from './test/programs.test-support.ts';

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
const wide = ['-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512bw', '-mfma'];
/** With products in bfloat16: by its instructions, or where this processor has none by others. */
const rounded: Readonly<Record<string, readonly string[]>> = hasBfloat16()
  ? { avx512bf16: [...wide, '-mavx512bf16', '-DUNROLL_BFLOAT16'] }
  : { emulated: ['-DUNROLL_BFLOAT16'] };
const options: Readonly<Record<string, readonly string[]>> =
  process.arch === 'x64' ? { avx512: wide, avx2: ['-mavx2', '-mfma'], portable: [], ...rounded } : { portable: [], ...rounded };
const sets = Object.keys(options).filter((set) => set !== 'avx512' || hasAvx512);

describe.skipIf(skipped)('the native ops under the address sanitizer', () => {
  let program = '';
  beforeAll(async () => {
    if (!compiler.ok || runtime === null) throw new Error(reason ?? '');
    program = await fuzzProgram({
      name: 'sanitizers',
      compiler: compiler.command,
      runtimeFolder: runtime.folder,
      options: [
        ...['-g1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
        ...('emulated' in rounded ? ['-DUNROLL_EMULATED_BFLOAT16'] : []),
      ],
      // Without optimization: it would take the compiler minutes under the sanitizers.
      instructionSets: Object.entries(options).map(([name, flags]) => ({
        name,
        options: ['-O0', '-DUNROLL_TILE_ROWS=2', ...flags],
        absent: !sets.includes(name),
      })),
    });
  }, 1_800_000);

  const programs = programsFile(20);
  const sums: (readonly number[])[] = [];
  it.each(sets)(
    '%s: right values and gradients, wrong shapes and hostile programs refused, nothing read or written outside',
    async (set) => {
      const { stdout } = await run(program, ['20', programs, '150'], {
        env: { ...process.env, UNROLL_SIMD: set, TF_NUM_INTRAOP_THREADS: '2' },
      });
      const result = JSON.parse(stdout);
      expect(result).toMatchObject({ instructions: set, problems: 300 });
      // What `simd.h` promises.
      expect(result.tanhError).toBeLessThan(3.5e-7);
      expect(result.sigmoidError).toBeLessThan(2.5e-7);
      // What `functions.h` promises.
      expect(result.functionsError).toBeLessThan(4e-7);
      expect(result.programs).toBe(cellLibrary.length + 20);
      // Whole steps gave the numbers of their ops one by one, and changed ones were refused or harmless.
      expect(result.steps).toBe(60);
      expect(result.stepsCells).toBeGreaterThan(10);
      expect(result.stepsRefused).toBeGreaterThan(200);
      expect(result.refused).toBeGreaterThan(1000);
      expect(result.accepted).toBeGreaterThan(50);
      // Every instruction set gives the same numbers; one of them is compared with the composed form (`../program.test.ts`).
      sums.push(result.sums);
      // What is rounded to 8 bits is as close as that, in sums of many.
      const digits = set in rounded ? 2 : 4;
      for (const [index, sum] of result.sums.entries()) expect(sum / (sums[0]?.[index] ?? Number.NaN)).toBeCloseTo(1, digits);
    },
    600_000,
  );
});

describe.skipIf(skipped)('the native ops inside TensorFlow', () => {
  beforeAll(async () => {
    await activateBackend('tensorflow');
    expect(fusedOps()).not.toBeNull();
  });

  const cell = acceleratedCell('gru-cell', { hidden: 5, form: 'simplified' });
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

  it('tell a wrong shape of a projected cell', () => {
    const projected = (change: { readonly width?: number; readonly projection?: number; readonly states?: number }) => {
      const width = change.width ?? 2;
      const lstm = acceleratedCell('lstm-cell', { hidden: 4, projection: 2 });
      return tf.tidy(() => {
        const weights = {
          inputWeight: tf.ones<tf.Rank.R2>([16, 2]),
          hiddenWeight: tf.ones<tf.Rank.R2>([16, width]),
          inputBias: tf.ones<tf.Rank.R1>([16]),
          hiddenBias: tf.ones<tf.Rank.R1>([16]),
          projection: tf.ones<tf.Rank.R2>([change.projection ?? width, 4]),
          peepholes: null,
        };
        const states = [change.states ?? width, 4].map((size) => tf.zeros<tf.Rank.R2>([3, size]));
        const x = tf.ones<tf.Rank.R3>([4, 3, 2]);
        return nativeOp.forward({ ...problem, cell: lstm }, x, [weights], states, true).sequence.shape;
      });
    };
    expect(projected({})).toEqual([4, 3, 2]);
    expect(() => projected({ projection: 3 })).toThrow('the projection must have the shape [2, 4], but has [3, 4]');
    expect(() => projected({ states: 4 })).toThrow('the initial state must have the shape [3, 2], but has [3, 4]');
    expect(() => projected({ width: 5 })).toThrow(
      'the projected h must be 1 … 4 wide, as c is, but the recurrent weight has 5 columns',
    );
  });
});
