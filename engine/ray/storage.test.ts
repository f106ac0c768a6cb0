import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import { findRay } from './ray-cluster.test-support.ts';
import { openStorage } from './storage.ts';

const ray = findRay();
const has = (python: string): boolean => spawnSync(python, ['-c', 'import fsspec'], { stdio: 'ignore' }).status === 0;
const python = 'reason' in ray || !has(ray.python) ? null : ray.python;
if (python === null) console.warn('no storage is opened through fsspec: the Python with Ray has none; npm test prepares it');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unroll-storage-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256);

/** Writes, reads, and finds nothing where nothing is. */
async function keeps(address: string): Promise<void> {
  const storage = openStorage(address);
  expect(await storage.get('weights')).toBeNull();
  await storage.put('weights', bytes);
  await storage.put('weights', bytes);
  expect(Buffer.compare(Buffer.from((await storage.get('weights')) ?? []), Buffer.from(bytes))).toBe(0);
  expect(readdirSync(join(root, 'shared'))).toEqual(['weights']);
  writeFileSync(join(root, 'other'), '');
  await storage.clear();
  await storage.clear();
  expect(readdirSync(root)).toEqual(['other']);
}

describe('a storage', () => {
  it('is a folder', () => keeps(join(root, 'shared')));

  it('is a folder by its address', () => keeps(pathToFileURL(join(root, 'shared')).href));

  it.skipIf(python === null && process.env['UNROLL_REQUIRE_ALL'] !== '1')('is what fsspec opens', async () => {
    vi.stubEnv('UNROLL_PYTHON', python ?? 'python3');
    await keeps(`local://${join(root, 'shared')}`);
  });

  it('that no Python here can open says what is missing', async () => {
    vi.stubEnv('UNROLL_PYTHON', python ?? 'python3');
    const failure = await failureOf(openStorage('nosuch://bucket/folder').put('x', bytes));
    expect(failure).toMatchObject({
      code: 'ray-storage',
      message: expect.stringMatching('nosuch://bucket/folder cannot be opened'),
    });
    expect(failure.hint).toMatch('pip install fsspec');
  });

  it('is named from its root', () => {
    expect(() => openStorage('shared')).toThrow('no whole path');
    expect(existsSync(join(root, 'shared'))).toBe(false);
  });
});
