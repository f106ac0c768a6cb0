import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { thisMachine } from '../engine/backends/native/distribution.ts';
import { bindingFile, manifestFile, nativeRuntime } from '../engine/backends/native/runtime.ts';

/*
 * What electron-builder packs, run from where it lies: the engine, native TensorFlow and the fused kernels, on a system without a
 * compiler. Node takes the place of Electron, which reads inside the archive: here the archive is a folder of the same name.
 */
const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'unroll-package-'));
const resources = join(scratch, 'linux-unpacked', 'resources');
const archive = join(resources, 'app.asar');
const unpacked = join(resources, 'app.asar.unpacked');
const runtime = nativeRuntime(undefined, { ...thisMachine(), gpu: null });

test.skip(runtime === null, 'native TensorFlow is not prepared (unroll setup)');
test.skip(
  lstatSync(join(root, 'node_modules')).isSymbolicLink(),
  'electron-builder finds no packages behind a link node_modules',
);

/** No GPU, no programs: nothing can be compiled. */
const bare = {
  CUDA_VISIBLE_DEVICES: '',
  HOME: scratch,
  PATH: join(scratch, 'nothing'),
  UNROLL_CACHE: join(scratch, 'cache'),
  UNROLL_HOME: join(scratch, 'home'),
};
const unroll = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [join(archive, 'dist', 'unroll.js'), ...args], { env: bare })).stdout;

/** Trains one epoch; the description of what did it. */
async function trainedOn(device: string): Promise<unknown> {
  const events = await unroll('train', 'syllables', '--device', device, '--epochs', '1', '--json');
  const last = JSON.parse(events.trim().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({ event: 'done', epochs: 1 });
  return last.device;
}

test.beforeAll(async () => {
  test.setTimeout(600_000);
  if (runtime === null) return;
  await pack();
  prepare(runtime.folder);
});

test.afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('a package trains on native TensorFlow with the fused kernels that it carries', async () => {
  expect(await unroll('devices')).toMatch(/^\* tensorflow .* · fused kernels$/m);
  expect(await trainedOn('tensorflow')).toContain('· fused kernels');
});

test('a package trains on WASM', async () => {
  expect(await trainedOn('wasm')).toContain('WASM');
});

test('a package can compile what it does not carry', () => {
  for (const folder of [
    'engine/kernels/native/src',
    'node_modules/@tensorflow/tfjs-node/binding',
    'node_modules/node-api-headers/include',
  ])
    expect(sources(join(unpacked, folder))).toEqual(sources(join(root, folder)));
});

test('a package has the engine that its window starts', async () => {
  const engine = fork(join(archive, 'dist', 'engine.js'), { env: bare, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  expect(await once(engine, 'message')).toMatchObject([{ kind: 'ready' }]);
  engine.disconnect();
  await once(engine, 'exit');
});

/** Packs as `npm run package` does, round a program that does nothing in place of Electron's, and turns the archive into a folder. */
async function pack(): Promise<void> {
  const electron = join(scratch, 'electron');
  mkdirSync(electron);
  writeFileSync(join(electron, 'electron'), '', { mode: 0o755 });
  // Fuses are switches inside Electron's program.
  const { electronFuses, ...shipped } = JSON.parse(readFileSync(join(root, 'electron-builder.json'), 'utf8'));
  expect(electronFuses).toMatchObject({ onlyLoadAppFromAsar: true });
  const config = join(scratch, 'builder.json');
  writeFileSync(config, JSON.stringify({ ...shipped, electronDist: electron, directories: { output: scratch } }));
  const program = (...path: string[]): string => join(root, 'node_modules', ...path);
  const builder = [program('electron-builder', 'cli.js'), '--linux', 'dir', '--publish', 'never', '--config', config];
  await run(process.execPath, builder, { cwd: root, env: { ...process.env, CUDA_VISIBLE_DEVICES: '' }, maxBuffer: 2 ** 26 });
  const folder = join(scratch, 'extracted');
  await run(process.execPath, [program('@electron', 'asar', 'bin', 'asar.js'), 'extract', archive, folder]);
  rmSync(archive);
  renameSync(folder, archive);
}

/** What `unroll setup` leaves in an empty cache when it has the package's binding: without our kernels. */
function prepare(prepared: string): void {
  const target = join(bare.UNROLL_CACHE, 'native', basename(prepared));
  mkdirSync(target, { recursive: true });
  symlinkSync(join(prepared, 'tensorflow'), join(target, 'tensorflow'));
  copyFileSync(join(prepared, manifestFile), join(target, manifestFile));
  copyFileSync(join(unpacked, 'dist', 'native', basename(prepared), bindingFile), join(target, bindingFile));
}

const sources = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(cc|h)$/.test(name))
        .sort()
    : [];
