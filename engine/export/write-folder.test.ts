import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFolder } from './write-folder.ts';

const files = new Map<string, Uint8Array | string>([
  ['model.py', 'é'],
  ['model.safetensors', Uint8Array.of(1, 2, 3)],
]);

describe('writeFolder', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'unroll-folder-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const failure = (code: string) => expect.objectContaining({ failure: expect.objectContaining({ code }) });

  it('makes the folder and its parents, and says what it wrote', async () => {
    const written = await writeFolder(join(root, 'a', 'b'), files, { overwrite: false });
    expect(written).toEqual({
      directory: join(root, 'a', 'b'),
      files: [
        { name: 'model.py', bytes: 2 },
        { name: 'model.safetensors', bytes: 3 },
      ],
    });
    expect(readdirSync(join(root, 'a'))).toEqual(['b']);
    expect(readFileSync(join(root, 'a', 'b', 'model.py'), 'utf8')).toBe('é');
  });

  it('uses an empty folder, also through a link', async () => {
    mkdirSync(join(root, 'real'));
    symlinkSync(join(root, 'real'), join(root, 'link'));
    await writeFolder(join(root, 'link'), files, { overwrite: false });
    expect(readdirSync(join(root, 'real')).sort()).toEqual(['model.py', 'model.safetensors']);
  });

  it('refuses a folder that holds something, and leaves it alone', async () => {
    writeFileSync(join(root, 'thesis.txt'), 'mine');
    await expect(writeFolder(root, files, { overwrite: false })).rejects.toEqual(failure('folder-not-empty'));
    expect(readdirSync(root)).toEqual(['thesis.txt']);
  });

  it('overwrites its own files only', async () => {
    writeFileSync(join(root, 'thesis.txt'), 'mine');
    writeFileSync(join(root, 'model.py'), 'old');
    await writeFolder(root, files, { overwrite: true });
    expect(readdirSync(root).sort()).toEqual(['model.py', 'model.safetensors', 'thesis.txt']);
    expect(readFileSync(join(root, 'model.py'), 'utf8')).toBe('é');
    expect(readFileSync(join(root, 'thesis.txt'), 'utf8')).toBe('mine');
  });

  it('refuses a file in place of a folder, even when told to overwrite', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(writeFolder(join(root, 'file'), files, { overwrite: true })).rejects.toEqual(failure('not-a-folder'));
    await expect(writeFolder(join(root, 'file', 'below'), files, { overwrite: true })).rejects.toEqual(failure('not-a-folder'));
  });

  it('never leaves its folder', async () => {
    await expect(writeFolder(join(root, 'x'), new Map([['../evil.py', '']]), { overwrite: true })).rejects.toThrow('not a plain');
    expect(readdirSync(root)).toEqual([]);
  });
});
