import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonFile } from '../export/python-file.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { errorCode } from '../files/error-code.ts';
import { readWholeFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { UserError } from '../protocol/envelope.ts';
import { lastLine } from '../toolchain/run-command.ts';

/** A folder that this machine and the cluster both see. */
export interface Storage {
  /** What the cluster is told. */
  readonly address: string;
  /** @throws UserError */
  put(name: string, content: Uint8Array): Promise<void>;
  /** `null` where there is no such file. @throws UserError */
  get(name: string): Promise<Uint8Array | null>;
  /** Removes the folder, with all that it holds; nothing where there is none. @throws UserError */
  clear(): Promise<void>;
}

/**
 * @param address a path, `file://` and a path, or what fsspec opens: `s3://BUCKET/FOLDER`
 * @throws UserError `ray-storage`
 */
export function openStorage(address: string): Storage {
  const text = address.trim();
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') return folderStorage(scheme === undefined ? text : fileURLToPath(text), address);
  return fsspecStorage(text.replace(/\/+$/, ''));
}

function folderStorage(path: string, given: string): Storage {
  if (!isAbsolute(path)) {
    throw new UserError({
      code: 'ray-storage',
      message: `The storage “${given}” is no whole path.`,
      hint: 'Name a folder from its root, as this machine and the cluster both see it (/mnt/shared/runs), or an address like s3://BUCKET/FOLDER.',
    });
  }
  return {
    address: path,
    put: async (name, content) => {
      try {
        await mkdir(path, { recursive: true });
        await writeAtomically(join(path, name), content);
      } catch (error) {
        throw describeFileError(error, path);
      }
    },
    get: async (name) => {
      try {
        return await readWholeFile(join(path, name));
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
        throw describeFileError(error, join(path, name));
      }
    },
    clear: () =>
      rm(path, { recursive: true, force: true }).catch((error: unknown) => {
        throw describeFileError(error, path);
      }),
  };
}

/** Through a Python that has fsspec, and with it whatever the address needs. */
function fsspecStorage(address: string): Storage {
  // As text: a packed app's files lie in an archive that Python cannot look into.
  const script = pythonFile('storage.py');
  const run = async (args: readonly string[], input: Uint8Array | null): Promise<Uint8Array> => {
    let last: UserError | null = null;
    for (const python of pythons()) {
      const ended = await runPython(python, ['-c', script, ...args], input);
      if (ended === null) continue;
      if (ended.code === 0) return ended.output;
      last = notOpened(address, python, ended.words);
      if (!/No module named 'fsspec'/.test(ended.words)) break;
    }
    throw last ?? notOpened(address, 'python3', 'there is no Python here');
  };
  return {
    address,
    put: async (name, content) => {
      await run(['put', address, name], content);
    },
    get: (name) =>
      run(['get', address, name], null).catch((error: unknown) => {
        if (error instanceof UserError && /FileNotFoundError/.test(error.failure.message)) return null;
        throw error;
      }),
    clear: async () => {
      await run(['clear', address], null);
    },
  };
}

const pythons = (): string[] => [
  ...new Set([process.env['UNROLL_PYTHON'], 'python3', 'python'].filter((name) => name !== undefined)),
];

const notOpened = (address: string, python: string, words: string): UserError =>
  new UserError({
    code: 'ray-storage',
    message: `The storage ${address} cannot be opened with ${python}: ${words}.`,
    hint: 'It is read through Python’s fsspec: pip install fsspec, and s3fs, gcsfs or adlfs for its kind, here and on the cluster. UNROLL_PYTHON names the Python to use. A folder that both see needs nothing.',
  });

interface Ended {
  readonly code: number | null;
  readonly output: Uint8Array;
  /** The last line of its errors. */
  readonly words: string;
}

/** `null` where there is no such program. */
function runPython(python: string, args: readonly string[], input: Uint8Array | null): Promise<Ended | null> {
  return new Promise((resolve) => {
    const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
    const output: Buffer[] = [];
    let errors = '';
    child.stdout.on('data', (part: Buffer) => output.push(part));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(output), words: lastLine(errors) }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? undefined);
  });
}
