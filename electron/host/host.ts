import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Access, refusal } from './access.ts';
import { answer } from './answer.ts';
import { EngineChild } from './engine-child.ts';

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
  /** A browser was let in: the address is spent, and this one takes its place. */
  onAdmitted?(address: string): void;
}

export interface Host {
  /** The window's place, which by itself lets nobody in. */
  readonly origin: string;
  /** Lets the browser in that opens it first; another address takes its place then. */
  readonly address: string;
  readonly engine: EngineChild;
  stop(): Promise<void>;
}

/**
 * The shell without Electron: serves the window on loopback and connects it with the engine, for browsers that were
 * let in (`Access`). Whatever is sent to it, by whomever, it serves on.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const access = new Access();
  const engine = new EngineChild(options.engine, options.environment);
  const sockets = new Map<number, WebSocket>();
  let port = options.port;
  let nextWindow = 1;
  const origin = (): string => `http://127.0.0.1:${port}`;
  const address = (): string => `${origin()}/#code=${access.code}`;

  const server = createServer(httpLimits, (request, response) => {
    const onAdmitted = (): void => options.onAdmitted?.(address());
    answer(request, response, { renderer: options.renderer, access, port, onAdmitted }).catch((error: unknown) => {
      console.error('A request could not be answered.', error);
      response.destroy();
    });
  });
  server.maxConnections = mostConnections;
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false });

  server.on('upgrade', (request, socket, head) => {
    // The other side may vanish while it is being refused; without a listener that would end the shell.
    socket.on('error', () => socket.destroy());
    const refused = refusal(request, access, port);
    if (refused !== null) return refuse(socket, refused);
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
  server.on('error', (error) => console.error(`A connection could not be accepted: ${error.message}`));
  port = (server.address() as AddressInfo).port;
  engine.start();

  return {
    origin: origin(),
    get address() {
      return address();
    },
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

/** Closed from this side too: one who never reads the answer would keep the connection. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
