import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { errorCode } from '../files/error-code.ts';
import { readTextFile } from '../files/open-file.ts';
import { UserError } from '../protocol/envelope.ts';
import { hear, isSame, ownVersion, type StatusLine, say, statusLine, words } from './greeting.ts';
import { readLines } from './lines.ts';
import { requireOwn, type ServePlace } from './serve-place.ts';

/** ms that an engine may take to start, and to end. */
const patience = 60_000;

/**
 * Carries what comes in to the user's engine on this machine, and its answers out, until either ends. Starts the engine where there is
 * none; an older one that does not train makes room for one of this version.
 *
 * @param command starts the engine: program and arguments
 */
export async function serveStdio(
  place: ServePlace,
  command: readonly string[],
  { stdin, stdout }: { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream },
): Promise<void> {
  stdout.write(`${say(words.program, { ...ownVersion(), node: process.versions.node })}\n`);
  const found = await engineStatus(place);
  if (found !== null && !isSame(found, ownVersion()) && !found.training) await stopEngine(place);
  const socket = await reachEngine(place, command);
  await new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('error', () => socket.destroy());
    stdout.on('error', () => socket.destroy());
    stdin.on('error', () => socket.destroy());
    // What is still under way is written before the socket ends.
    stdin.pipe(socket);
    socket.pipe(stdout, { end: false });
  });
}

/** What the engine that runs says of itself; `null` where none does. */
export async function engineStatus(place: ServePlace): Promise<StatusLine | null> {
  const socket = await tryConnect(place);
  if (socket === null) return null;
  return new Promise((resolve) => {
    let status: StatusLine | null = null;
    const read = readLines((line) => {
      status ??= hear(words.status, statusLine, line);
    });
    socket.on('data', read);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(status));
    socket.setTimeout(patience, () => socket.destroy());
    socket.write('status\n');
  });
}

/** Asks the engine to save what trains and to end; resolves when it has. @returns whether there was one */
export async function stopEngine(place: ServePlace): Promise<boolean> {
  const socket = await tryConnect(place);
  if (socket === null) return false;
  socket.on('error', () => socket.destroy());
  socket.resume();
  socket.end('stop\n');
  const until = Date.now() + patience;
  for (;;) {
    const still = await tryConnect(place);
    if (still === null) return true;
    still.destroy();
    if (Date.now() > until)
      throw new UserError({
        code: 'engine-stays',
        message: 'The engine does not end.',
        hint: `What it is doing is in ${place.log}.`,
      });
    await pause(50);
  }
}

async function reachEngine(place: ServePlace, command: readonly string[]): Promise<Socket> {
  const there = await tryConnect(place);
  if (there !== null) return there;
  let ended = await startEngine(place, command);
  const until = Date.now() + patience;
  for (;;) {
    const socket = await tryConnect(place);
    if (socket !== null) return socket;
    const code = ended();
    if ((code !== null && code !== 0) || Date.now() > until) {
      const log = (await readTextFile(place.log).catch(() => '')).trim().split('\n').slice(-5).join('\n');
      throw new UserError({
        code: 'engine-did-not-start',
        message: code === null ? 'The engine does not answer.' : `The engine ended with code ${code}.`,
        hint: log === '' ? `See ${place.log}.` : log,
      });
    }
    // There was another: one that was started at the same moment, and is reached a moment later, or one that was about to end.
    if (code === 0) ended = await startEngine(place, command);
    await pause(50);
  }
}

/** In a session of its own: it goes on when the connection that started it is gone. @returns its exit code, `null` while it lives */
async function startEngine(place: ServePlace, [program = '', ...args]: readonly string[]): Promise<() => number | null> {
  const log = await open(place.log, 'w', 0o600);
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
    let code: number | null = null;
    child.on('error', () => {
      code = 127;
    });
    child.on('exit', (exit) => {
      code = exit ?? 1;
    });
    child.unref();
    return () => code;
  } finally {
    await log.close();
  }
}

/** `null` where nobody listens. */
async function tryConnect(place: ServePlace): Promise<Socket | null> {
  if (!(await requireOwn(place.socket))) return null;
  return new Promise((resolve, reject) => {
    const socket = connect(place.socket);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => {
      if (['ECONNREFUSED', 'ENOENT'].includes(errorCode(error))) resolve(null);
      else reject(error);
    });
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
