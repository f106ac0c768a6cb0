import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { cellLibrary } from '../../cells/library.ts';
import { instructionSets, optimization } from '../../toolchain/compile-ops.ts';
import { runCommand } from '../../toolchain/run-command.ts';
import { nativeRuntime } from '../../toolchain/runtime.ts';
import { fuzzProgram } from './test/fuzz-program.test-support.ts';
import { innerLoops } from './test/inner-loops.ts';
import { programsFile } from './test/programs.test-support.ts';

/*
 * The kernels as they are compiled for a 64-bit ARM processor, run by QEMU. It follows x86's order of memory accesses, so a missing
 * barrier between threads would not be seen here.
 */
const run = promisify(execFile);
const compiler = 'aarch64-linux-gnu-g++';
const emulator = 'qemu-aarch64';
const disassembler = 'aarch64-linux-gnu-objdump';
const runtime = nativeRuntime();
const missing: string[] = [];
for (const tool of [compiler, emulator, disassembler]) if (!(await runCommand(tool, ['--version'])).ok) missing.push(tool);
if (runtime === null) missing.push('native TensorFlow');
if (missing.length > 0) console.warn(`the native ops are not tested for ARM here: ${missing.join(', ')} not found`);
const skipped = missing.length > 0 && process.env['UNROLL_REQUIRE_ALL'] !== '1';

describe.skipIf(skipped)('the native ops on ARM', () => {
  let program = '';
  beforeAll(async () => {
    if (runtime === null) throw new Error('native TensorFlow is not prepared');
    program = await fuzzProgram({
      name: 'arm64',
      compiler: [compiler],
      runtimeFolder: runtime.folder,
      // Static: so the emulator needs no folder of ARM libraries.
      options: ['-static'],
      instructionSets: instructionSets('arm64').map(({ name, options }) => ({ name, options: [...optimization, ...options] })),
    });
  }, 600_000);

  it('have right values and gradients, and refuse wrong shapes', async () => {
    const { stdout } = await run(emulator, [program, '4', programsFile(4), '10'], {
      env: { ...process.env, TF_NUM_INTRAOP_THREADS: '2' },
    });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ instructions: 'portable' });
    expect(result.problems).toBeGreaterThan(0);
    // What `simd.h` promises.
    expect(result.tanhError).toBeLessThan(3.5e-7);
    expect(result.sigmoidError).toBeLessThan(2.5e-7);
    expect(result.functionsError).toBeLessThan(4e-7);
    expect(result.programs).toBe(cellLibrary.length + 4);
  }, 600_000);

  it('keep the sums of a tile in registers', async () => {
    const { stdout } = await run(disassembler, ['-d', '--no-show-raw-insn', program], { maxBuffer: 2 ** 29 });
    const fused = (loop: readonly string[]): number => loop.filter((line) => /^fmla\s+v\d+\.4s/.test(line)).length;
    // Six rows of four vectors.
    const products = innerLoops(stdout).filter((loop) => fused(loop) === 24);
    expect(products.length).toBeGreaterThan(4);
    expect(products.filter((loop) => loop.some((line) => line.includes('[sp')))).toEqual([]);
  }, 60_000);
});
