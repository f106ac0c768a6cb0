import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledScript } from '../cli/built.test-support.ts';
import { acquireLock, isLocked, type Lock } from './lock.ts';

let root = '';
let path = '';
const children: ChildProcess[] = [];
const script = bundledScript(new URL('./lock-child.test-support.ts', import.meta.url));
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-lock-'));
  path = join(root, 'lock');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

const got = async (at = path): Promise<Lock> => {
  const lock = await acquireLock(at);
  if ('heldBy' in lock) throw new Error(`held by ${lock.heldBy.pid}`);
  return lock;
};

interface Racer {
  readonly child: ChildProcess;
  say(line: string): Promise<string>;
}

async function racer(): Promise<Racer> {
  const child = spawn(process.execPath, [script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  if (!child.stdout || !child.stdin) throw new Error('no pipes');
  const lines: Interface = createInterface({ input: child.stdout });
  const next = (): Promise<string> => new Promise((resolve) => lines.once('line', resolve));
  await next();
  return {
    child,
    say: (line) => {
      const answer = next();
      child.stdin?.write(`${line}\n`);
      return answer;
    },
  };
}

/** As a process left it that is gone, or a machine that lost its power. */
const leftBehind: readonly (readonly [what: string, content: string])[] = [
  ['nothing', ''],
  ['a part of a lock', '{"pid":12'],
  ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, started: null })],
  ['one that is gone, on this host', JSON.stringify({ pid: 2 ** 22 + 1, started: null, host: hostname() })],
];

describe('of many processes that want a lock', () => {
  it('one gets it, whether it is free, left empty or left by the dead, and each time it is taken over', {
    timeout: 60_000,
  }, async () => {
    const racers = await Promise.all(Array.from({ length: 6 }, racer));
    const winners = async (): Promise<Racer[]> => {
      const answers = await Promise.all(racers.map((one) => one.say('take')));
      return racers.filter((_, i) => answers[i] === 'got it');
    };
    for (const content of [null, ...leftBehind.map(([, text]) => text)]) {
      for (let round = 0; round < 5; round++) {
        if (content !== null) await writeFile(path, content);
        const [winner, ...others] = await winners();
        expect(others).toEqual([]);
        expect(await winner?.say('release')).toBe('released');
      }
    }
    const [killed] = await winners();
    if (!killed) throw new Error('nobody got it');
    killed.child.kill('SIGKILL');
    await new Promise((resolve) => killed.child.once('exit', resolve));
    racers.splice(racers.indexOf(killed), 1);
    expect(await winners()).toHaveLength(1);
    expect(await readdir(root)).toEqual(['lock']);
  });
});

it.each(leftBehind)('a lock that names %s is nobody’s, and is taken over', async (_what, content) => {
  await writeFile(path, content);
  expect(await isLocked(path)).toBe(false);
  const lock = await got();
  expect(await isLocked(path)).toBe(true);
  expect(await acquireLock(path)).toEqual({ heldBy: { pid: process.pid, host: hostname() } });
  await lock.release();
  expect(await readdir(root)).toEqual([]);
});

it.skipIf(process.platform !== 'linux')('another process with the same number has nothing', async () => {
  await writeFile(path, JSON.stringify({ pid: process.pid, started: '1' }));
  await (await got()).release();
});

it('a process of another machine is believed to live', async () => {
  await writeFile(path, JSON.stringify({ pid: 1, started: null, host: 'elsewhere' }));
  expect(await acquireLock(path)).toEqual({ heldBy: { pid: 1, host: 'elsewhere' } });
});

it('a lock that went with its folder, moved or copied, is nobody’s; releasing it leaves others alone', async () => {
  const [old, moved, copied] = [join(root, 'old'), join(root, 'moved'), join(root, 'copied')];
  await mkdir(old);
  const lock = await got(join(old, 'lock'));
  await cp(old, copied, { recursive: true });
  await rename(old, moved);
  expect(await lock.inPlace()).toBe(false);
  const others = [await got(join(moved, 'lock')), await got(join(copied, 'lock'))];
  await mkdir(old);
  const next = await got(join(old, 'lock'));
  await lock.release();
  expect(await next.inPlace()).toBe(true);
  for (const other of others) expect(await other.inPlace()).toBe(true);
});

it('a folder in its place is told by name', async () => {
  await mkdir(path);
  expect(await isLocked(path)).toBe(false);
  await expect(acquireLock(path)).rejects.toMatchObject({
    failure: { code: 'lock-in-the-way', message: expect.stringContaining(path), hint: expect.stringContaining('Delete') },
  });
});
