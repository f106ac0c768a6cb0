import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { cacheFolder } from '../../toolchain/cache-folder.ts';
import { type Binary, binaries, binariesFolder, buildBinary, hashIn, sourcesHash } from './build/binaries.ts';
import { prepareZig } from './build/zig.ts';
import { WasmKernels } from './kernels.ts';
import { Layout, type Place } from './layout.ts';
import { relaxedSimd } from './relaxed-simd.ts';

/** What the compiler makes, which takes it half a minute: kept in the cache until sources, options or the compiler change. @returns its path */
async function compiled(name: Binary): Promise<string> {
  const folder = join(cacheFolder(), 'tests');
  const path = join(folder, `${sourcesHash().slice(0, 16)}-${name}`);
  if (existsSync(path)) return path;
  const zig = await prepareZig();
  if (!zig.ok) throw new Error(zig.reason);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (old.endsWith(`-${name}`)) rmSync(join(folder, old));
  const staging = mkdtempSync(join(folder, 'building-'));
  await buildBinary(zig.program, name, join(staging, name));
  renameSync(join(staging, name), path);
  rmSync(staging, { recursive: true });
  return path;
}

// The values and gradients of every cell are compared by the suites that all implementations pass; here is what is special to WASM.

describe('the binaries', () => {
  it.each(binaries)('%s was compiled from the sources beside it', (name) => {
    expect(hashIn(readFileSync(join(binariesFolder, name)))).toBe(sourcesHash());
  });

  // A compiler of 80 MB is fetched only where every test must run, or where it has been before.
  const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
  if (!required)
    console.warn(
      'whether the WASM kernels are what the compiler makes of their sources is tested with UNROLL_REQUIRE_ALL=1 only',
    );
  it.skipIf(!required)(
    'are byte for byte what the compiler makes of them',
    async () => {
      for (const name of binaries) {
        const made = readFileSync(await compiled(name));
        expect(made.equals(readFileSync(join(binariesFolder, name)))).toBe(true);
      }
    },
    900_000,
  );

  it('give the same numbers; the one with relaxed SIMD is for Node from 21 on', () => {
    expect(relaxedSimd()).toBe(Number(process.versions.node.split('.')[0]) >= 21);
    const plain = lstm(new WasmKernels('kernels.wasm'));
    // Older versions have it, too, but not unasked.
    if (!relaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
    const relaxed = lstm(new WasmKernels('kernels-relaxed.wasm'));
    for (const name of ['sequence', 'dx', 'dHiddenWeight'] as const)
      expect(farthest(relaxed[name], plain[name])).toBeLessThan(1e-5);
  });
});

const [T, B, I, H] = [12, 24, 5, 19] as const;
const lengths = Int32Array.from({ length: B }, (_, row) => 1 + ((row * 7) % T));
const random = (stream: string, count: number): Float32Array => {
  const source = new Random(3, stream);
  return Float32Array.from({ length: count }, () => source.normal() * 0.5);
};
const x = random('x', T * B * I);
const dSequence = random('dSequence', T * B * H);
const inputWeight = random('input', 4 * H * I);
const hiddenWeight = random('hidden', 4 * H * H);
const bias = random('bias', 4 * H);

/** h of every step, and the gradients of x and of the recurrent weight, of an LSTM. */
function lstm(kernels: WasmKernels) {
  const { number, saved } = kernels.cell('lstm');
  const pairs = lengths.reduce((sum, length) => sum + length, 0);
  const array = (count: number) => new Float32Array(count);
  const kept = { sequence: array(T * B * H), gates: array(pairs * saved * 32), cells: array(pairs * 32) };
  const d = { x: array(T * B * I), inputWeight: array(4 * H * I), hiddenWeight: array(4 * H * H), bias: array(4 * H) };
  const call = (backwards: boolean): void => {
    const layout = new Layout();
    const given = (data: Float32Array): Place => layout.input(data.length, () => data);
    const made = (data: Float32Array): Place => layout.output(data.length, () => data);
    const between = backwards ? given : made;
    const words = [number, 0, 1, T, B, I, H, H, given(x), layout.input(B, lengths), between(kept.sequence)];
    const gradients = backwards ? [d.inputWeight, d.hiddenWeight, d.bias, d.bias].map(made) : [null, null, null, null];
    const zeros = () => layout.input(B * H, null);
    kernels.run(backwards ? 'backward' : 'forward', layout, [
      ...[...words, ...(backwards ? [given(dSequence), made(d.x)] : [null, null])],
      ...[given(inputWeight), given(hiddenWeight), given(bias), given(bias), null, null, zeros(), zeros()],
      ...[between(kept.gates), between(kept.cells), null, null, ...gradients, null, null, null, null],
    ]);
  };
  call(false);
  call(true);
  return { sequence: kept.sequence, dx: d.x, dHiddenWeight: d.hiddenWeight };
}

const farthest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, k) => Math.max(most, Math.abs(value - (b[k] ?? Number.NaN))), 0);

describe('threads', () => {
  it('take part, and change no result but by rounding', async () => {
    const alone = new WasmKernels('kernels.wasm');
    const together = new WasmKernels('kernels.wasm');
    await together.startThreads(4);
    expect([alone.threads, together.threads]).toEqual([1, 4]);
    const expected = lstm(alone);
    expect(expected.dHiddenWeight.some((value) => Math.abs(value) > 0.1)).toBe(true);
    // A worker may come late to a piece of work as small as this; not to all of them.
    for (let run = 0; run < 500 && (run < 20 || together.tasksOfWorkers === 0); run++) {
      const found = lstm(together);
      expect(found.sequence).toEqual(expected.sequence);
      expect(found.dx).toEqual(expected.dx);
      const apart = found.dHiddenWeight.reduce(
        (most, value, k) => Math.max(most, Math.abs(value - (expected.dHiddenWeight[k] ?? 0))),
        0,
      );
      expect(apart).toBeLessThan(1e-5);
    }
    expect(together.tasksOfWorkers).toBeGreaterThan(0);
    expect(alone.tasksOfWorkers).toBe(0);
  });
});

describe('what cannot run', () => {
  it('a batch that WebAssembly has no room for is an error that says so, and the next one runs', () => {
    const kernels = new WasmKernels('kernels.wasm');
    const huge = new Layout();
    huge.room(2 ** 29);
    expect(() => kernels.run('forward', huge, [])).toThrow('out of memory: a batch needs 2147 MB in WebAssembly');
    const beside = new Layout();
    beside.room(2 ** 10);
    expect(() => kernels.run('forward', beside, [], 2e9)).toThrow('out of memory: a batch needs 2000 MB in WebAssembly');
    expect(lstm(kernels).sequence.some((value) => value !== 0)).toBe(true);
  });

  it('a cell without a kernel is an error', () => {
    expect(() => new WasmKernels('kernels.wasm').cell('lstm-of-tomorrow')).toThrow('no cell “lstm-of-tomorrow”');
  });
});
