import { lstat, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../files/error-code.ts';
import { UserError } from '../protocol/envelope.ts';

/** Where the one engine of a user on a machine is reached. A home may lie on a disk of many machines: each has its own, by its name. */
export interface ServePlace {
  readonly folder: string;
  readonly socket: string;
  /** Held by the engine as long as it lives. */
  readonly lock: string;
  /** What the engine writes to its standard output. */
  readonly log: string;
}

/** Bytes of a socket's address that every system takes. */
const longestAddress = 103;

/**
 * Makes the folder, which nobody else may look into.
 *
 * @param root Unroll's home
 * @throws UserError `no-unix-sockets`, `home-too-deep`, `serve-folder-open`
 */
export async function servePlace(root: string): Promise<ServePlace> {
  if (process.platform === 'win32' || process.getuid === undefined)
    throw new UserError({
      code: 'no-unix-sockets',
      message: 'An engine that is reached over ssh runs on Linux and macOS only.',
      hint: 'Install Unroll in the Windows Subsystem for Linux, and connect to that.',
    });
  const folder = join(root, 'serve');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await requireOwn(folder);
  const name = hostname().replaceAll(/[^\w.-]/g, '-') || 'here';
  const socket = join(folder, `${name}.sock`);
  if (Buffer.byteLength(socket) > longestAddress)
    throw new UserError({
      code: 'home-too-deep',
      message: `${socket} is too long for the address of a socket.`,
      hint: 'Set UNROLL_HOME to a folder with a shorter path, where this machine’s shell sets variables for commands.',
    });
  return { folder, socket, lock: join(folder, `${name}.lock`), log: join(folder, `${name}.log`) };
}

/**
 * A folder or socket that is this user's, and which others may not use; `false` where there is nothing.
 *
 * @throws UserError `serve-folder-open`
 */
export async function requireOwn(path: string): Promise<boolean> {
  try {
    const { uid, mode } = await lstat(path);
    if (uid === process.getuid?.() && (mode & 0o077) === 0) return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  throw new UserError({
    code: 'serve-folder-open',
    message: `${path} is not yours alone: others could speak with your engine.`,
    hint: `Run: chmod -R go-rwx ${path}`,
  });
}
