import { randomBytes } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { Answer, Connections } from '../links/connections.ts';
import { type EngineLine, hear, isSame, ownVersion, type SessionLine, say, sessionLine, words } from './greeting.ts';
import { readLines } from './lines.ts';
import { servedWindows } from './served-windows.ts';
import { Session } from './session.ts';

/** ms for which a session is kept whose connection is gone. */
const keptFor = 24 * 60 * 60 * 1000;
/** ms between two signs of life; after three that did not come a connection counts as lost. */
export const beatEvery = 10_000;

interface ServeOptions {
  /** Unroll's home on this machine. */
  readonly home: string;
  readonly connections: Connections;
  readonly answer: Answer;
  isTraining(): boolean;
  /** Saves what trains, and ends the process. */
  end(): void;
  /** Instead of `beatEvery`; tests give their own. */
  readonly beat?: number;
}

export interface Served {
  /** Sessions whose connection is there. */
  readonly connected: number;
  close(): Promise<void>;
}

interface Kept {
  readonly session: Session;
  readonly windows: ReturnType<typeof servedWindows>;
  socket: Socket | null;
  /** ms since the epoch; when its connection went. */
  left: number;
  /** The same, of the last line that came. */
  heard: number;
}

/**
 * Serves engines' clients on a Unix socket that its user alone can open. A client is a session of an engine elsewhere, with that engine's
 * windows; it goes on when it comes back on another connection.
 */
export async function serveSocket(path: string, options: ServeOptions): Promise<Served> {
  const { beat = beatEvery } = options;
  const engine = randomBytes(9).toString('base64url');
  const sessions = new Map<string, Kept>();
  const open = new Set<Socket>();
  const connected = (): number => [...sessions.values()].filter(({ socket }) => socket !== null).length;

  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    let kept: Kept | null = null;
    const read = readLines((line) => {
      if (kept !== null) {
        kept.heard = Date.now();
        if (kept.socket === socket && !kept.session.receive(line)) socket.destroy();
        return;
      }
      if (line === 'status') {
        socket.end(
          `${say(words.status, { ...ownVersion(), pid: process.pid, training: options.isTraining(), connected: connected() })}\n`,
        );
      } else if (line === 'stop') {
        socket.end();
        options.end();
      } else {
        const asked = hear(words.session, sessionLine, line);
        if (asked === null) socket.destroy();
        else kept = begin(socket, asked);
      }
    });
    socket.on('data', (piece: Buffer) => {
      try {
        read(piece);
      } catch (error) {
        console.error('serve: a connection was closed', error);
        socket.destroy();
      }
    });
  });

  function begin(socket: Socket, asked: SessionLine): Kept | null {
    const write = (line: string): void => void socket.write(`${line}\n`);
    const told = (resumed: boolean, received: number): EngineLine => ({
      ...ownVersion(),
      engine,
      resumed,
      received,
      hostname: hostname(),
      platform: process.platform,
      home: options.home,
      documents: join(homedir(), 'Documents'),
    });
    if (!isSame(asked, ownVersion())) {
      socket.end(`${say(words.engine, told(false, 0))}\n`);
      return null;
    }
    const found = sessions.get(asked.id);
    const resumed = found?.session.continues(asked.received) === true;
    if (found !== undefined && !resumed) forget(asked.id, found);
    const kept = resumed ? found : create(asked.id);
    // One that is still thought to be there: its other end has gone without a word.
    kept.socket?.destroy();
    write(say(words.engine, told(resumed, kept.session.received)));
    kept.socket = socket;
    kept.session.attach(write, resumed ? asked.received : 0);
    kept.heard = Date.now();
    const beating = setInterval(() => {
      if (Date.now() - kept.heard > 3 * beat) socket.destroy();
      else kept.session.beat();
    }, beat);
    socket.on('close', () => {
      clearInterval(beating);
      if (kept.socket !== socket) return;
      kept.socket = null;
      kept.left = Date.now();
      kept.session.detach();
    });
    return kept;
  }

  function create(id: string): Kept {
    const windows = servedWindows(options.connections, options.answer, (message) => session.send(message));
    const session = new Session(windows.receive, id);
    const kept = { session, windows, socket: null, left: Date.now(), heard: Date.now() };
    sessions.set(id, kept);
    return kept;
  }

  function forget(id: string, kept: Kept): void {
    sessions.delete(id);
    kept.session.detach();
    kept.windows.close();
  }

  const sweep = setInterval(() => {
    for (const [id, kept] of sessions) {
      if (kept.socket === null && (kept.session.overflowed || Date.now() - kept.left > keptFor)) forget(id, kept);
    }
  }, 60_000);
  sweep.unref();

  await listen(server, path);
  return {
    get connected() {
      return connected();
    },
    close: async () => {
      clearInterval(sweep);
      server.close();
      for (const socket of open) socket.destroy();
      await rm(path, { force: true });
    },
  };
}

/** Nobody but this user can open the socket, from its first moment on. */
async function listen(server: Server, path: string): Promise<void> {
  // Of an engine that was killed: the caller has the lock.
  await rm(path, { force: true });
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(mask);
  }
  await chmod(path, 0o600);
}
