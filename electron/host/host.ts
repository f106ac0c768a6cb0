import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { securityHeaders } from '../content-security-policy.ts';
import { staticFile } from '../static-file.ts';
import { EngineChild } from './engine-child.ts';
import { requestPath } from './request-path.ts';

/** Close code of a WebSocket whose engine ended; the window connects again. */
const engineEnded = 4001;

/** Bytes of one message of a window; a compressed one is refused, so nothing inflates to more. */
const largestMessage = 64 * 2 ** 20;
const mostWindows = 32;
/** A browser opens six connections to a host, and a page may ask for hundreds: those beyond are closed at once. */
const mostConnections = 256;
/** ms that a connection may take to say what it wants, and the size of what it says. */
const httpLimits = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16 * 1024,
};

export interface HostOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Folder of the built window. */
  readonly renderer: string;
  /** Script of the engine's process. */
  readonly engine: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface Host {
  /** With the token, for the one window. Whoever has it may use the engine. */
  readonly address: string;
  readonly engine: EngineChild;
  stop(): Promise<void>;
}

/**
 * The shell without Electron: serves the window on loopback and connects it with the engine. A page of another site cannot use it:
 * the `Host` header must be loopback (no DNS rebinding), the `Origin` must be this server, and the token must be right.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const token = randomBytes(24).toString('base64url');
  const engine = new EngineChild(options.engine, options.environment);
  const sockets = new Map<number, WebSocket>();
  let port = options.port;
  let nextWindow = 1;

  const server = createServer(httpLimits, (request, response) => {
    serveFile(request, response, options.renderer, port).catch((error: unknown) => {
      console.error('A request could not be answered.', error);
      response.destroy();
    });
  });
  server.maxConnections = mostConnections;
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false });

  server.on('upgrade', (request, socket, head) => {
    // The other side may vanish while it is being refused; without a listener that would end the shell.
    socket.on('error', () => socket.destroy());
    const refusal = refuseUpgrade(request, port, token);
    if (refusal !== null) return refuse(socket, refusal);
    if (!engine.ready || sockets.size >= mostWindows) return refuse(socket, '503 Service Unavailable');
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const window = nextWindow++;
      sockets.set(window, webSocket);
      engine.send({ kind: 'open', window });
      webSocket.on('message', (data, isBinary) => {
        if (!isBinary) engine.send({ kind: 'message', window, text: data.toString() });
      });
      webSocket.on('error', (error) => console.error(`The connection to the window failed: ${error.message}`));
      webSocket.on('close', () => {
        sockets.delete(window);
        engine.send({ kind: 'close', window });
      });
    });
  });

  engine.on('message', (window, text) => sockets.get(window)?.send(text));
  engine.on('exit', (how) => {
    console.error(`The engine ended (${how}); it is started again. A run that was training resumes from its last checkpoint.`);
    for (const webSocket of sockets.values()) webSocket.close(engineEnded, 'engine-crashed');
    sockets.clear();
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  engine.start();

  return {
    address: `http://127.0.0.1:${port}/#token=${token}`,
    engine,
    stop: async () => {
      for (const webSocket of sockets.values()) webSocket.terminate();
      webSockets.close();
      server.close();
      server.closeAllConnections();
      await engine.stop();
    },
  };
}

const isLoopback = (host: string | undefined, port: number): boolean =>
  host === `127.0.0.1:${port}` || host === `localhost:${port}`;

/** Why a WebSocket is refused, as an HTTP status, or `null`. */
export function refuseUpgrade(request: Pick<IncomingMessage, 'url' | 'headers'>, port: number, token: string): string | null {
  const { host, origin } = request.headers;
  if (!isLoopback(host, port)) return '421 Misdirected Request';
  if (origin !== `http://${host}`) return '403 Forbidden';
  const asked = requestPath(request.url);
  if (asked?.path !== '/engine') return '404 Not Found';
  const given = Buffer.from(asked.query.get('token') ?? '');
  const expected = Buffer.from(token);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return '401 Unauthorized';
  return null;
}

/** Closed from this side too: one who never reads the answer would keep the connection. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function serveFile(request: IncomingMessage, response: ServerResponse, root: string, port: number): Promise<void> {
  const { host } = request.headers;
  if (!isLoopback(host, port)) return void response.writeHead(421).end();
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  const asked = requestPath(request.url);
  const file = asked && (await staticFile(root, asked.path));
  if (file === null) return void response.writeHead(404, securityHeaders('')).end('Not found');
  response.writeHead(200, {
    ...securityHeaders(`ws://${host}`),
    'Content-Type': file.type,
    'Cache-Control': 'no-cache',
  });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}
