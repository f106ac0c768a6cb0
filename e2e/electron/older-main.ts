/**
 * The Electron API as `electron/` uses it, on Electron 9: the newest whose program is in a package registry. What that version
 * lacks is filled in here, so that the shell's own code (window, menus, dialogs, protocol, rules, IPC) runs as it is. Only the
 * end-to-end test bundles this file in place of the module `electron`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import * as electron from 'electron';

export const { app, BrowserWindow, dialog, Menu, nativeTheme, protocol, session, shell } = electron;

/** The sandbox of 2020 ends its processes on today's system libraries, so the test starts with `--no-sandbox`, and this would undo it. */
Object.assign(app, { enableSandbox: () => undefined });

type Listener = (...args: never[]) => unknown;
interface OlderEvent {
  readonly sender: electron.WebContents;
  senderFrame?: { readonly url: string; readonly parent: null };
}

/** Electron 9 names the frame by a number; the main frame's address is the page's. */
function withFrame<E extends OlderEvent>(event: E): E {
  event.senderFrame = { url: event.sender.getURL(), parent: null };
  return event;
}

export const ipcMain = {
  handle(channel: string, listener: (event: OlderEvent, argument: unknown) => unknown): void {
    electron.ipcMain.handle(channel, (event, argument) => listener(withFrame(event as unknown as OlderEvent), argument));
  },
  on(channel: string, listener: (event: OlderEvent, argument: unknown) => void): void {
    electron.ipcMain.on(channel, (event, argument) => listener(withFrame(event as unknown as OlderEvent), argument));
  },
};

/** Electron 9 has no key store: secrets go to the file that only their owner may read. */
export const safeStorage = {
  isEncryptionAvailable: (): boolean => false,
  encryptString: (): Buffer => Buffer.alloc(0),
  decryptString: (): string => '',
};

/** `powerMonitor` cannot be touched before the app is ready. */
export const powerMonitor = { on: (event: 'resume', listener: () => void): unknown => electron.powerMonitor.on(event, listener) };

class OlderResponse {
  readonly body: Uint8Array | string;
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(body: Uint8Array | string, options: { status?: number; headers?: Record<string, string> } = {}) {
    this.body = body;
    this.status = options.status ?? 200;
    this.headers = options.headers ?? {};
  }
}
Object.assign(globalThis, { Response: OlderResponse });

interface OlderProtocol {
  registerBufferProtocol(
    scheme: string,
    handler: (
      request: { url: string },
      answer: (response: { statusCode: number; headers: Record<string, string>; data: Buffer }) => void,
    ) => void,
  ): void;
}

void app.whenReady().then(() => {
  const { defaultSession } = electron.session;
  const older = defaultSession.protocol as unknown as OlderProtocol;
  Object.assign(defaultSession.protocol, {
    handle: (scheme: string, handler: (request: { url: string }) => Promise<OlderResponse>): void =>
      older.registerBufferProtocol(scheme, (request, answer) => {
        void handler(request).then(({ status, headers, body }) =>
          answer({ statusCode: status, headers, data: Buffer.from(body as Uint8Array) }),
        );
      }),
  });
  Object.assign(defaultSession, { setDevicePermissionHandler: () => undefined });
});

const ports = new Map<number, OlderPort>();
let nextPort = 1;

/** One end of a channel: to the window through IPC, to the engine through Node's channel to its process. */
class OlderPort {
  readonly number = nextPort++;
  #child: ChildProcess | null = null;
  #window: electron.WebContents | null = null;
  partner: OlderPort | null = null;

  toChild(child: ChildProcess): void {
    this.#child = child;
    child.send({ kind: 'open', window: this.number });
    child.on('message', (message: { kind: string; window: number; text: string }) => {
      if (message.kind === 'message' && message.window === this.number) this.partner?.toPage(message.text);
    });
  }

  toWindow(window: electron.WebContents): void {
    this.#window = window;
    ports.set(this.number, this);
    window.send('older:port', this.number);
  }

  toPage(text: string): void {
    if (this.#window?.isDestroyed() === false) this.#window.send('older:message', this.number, text);
  }

  toEngine(text: string): void {
    if (this.#child?.connected === true) this.#child.send({ kind: 'message', window: this.number, text });
  }
}

electron.ipcMain.on('older:message', (_event, number: number, text: string) => ports.get(number)?.partner?.toEngine(text));

export class MessageChannelMain {
  readonly port1 = new OlderPort();
  readonly port2 = new OlderPort();
  constructor() {
    this.port1.partner = this.port2;
    this.port2.partner = this.port1;
  }
}

/** The engine as a plain Node process: this Electron's own Node is older than the engine supports. */
export const utilityProcess = {
  fork(script: string, _args: readonly string[], options: { env: NodeJS.ProcessEnv }): EventEmitter {
    const child = fork(script, [], {
      env: options.env,
      execPath: process.env['UNROLL_NODE'] ?? 'node',
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const utility = Object.assign(new EventEmitter(), {
      kill: () => child.kill(),
      postMessage(data: unknown, [port]: readonly OlderPort[] = []) {
        if (port) port.toChild(child);
        else child.send({ kind: 'shell', data });
      },
    });
    child.on('message', (message: { kind: string; data?: unknown }) => {
      if (message.kind === 'ready') utility.emit('spawn');
      else if (message.kind === 'shell') utility.emit('message', message.data);
    });
    child.on('exit', (code) => utility.emit('exit', code));
    return utility;
  },
};

/** Navigation events carry their address as an argument here, and new windows are an event. */
app.on('web-contents-created', (_event, contents) => {
  const older = contents as unknown as { on(name: string, listener: Listener): unknown; send(channel: string): void };
  const on = older.on.bind(older);
  Object.assign(contents, {
    on: (name: string, listener: (event: unknown, ...rest: unknown[]) => unknown) =>
      on(name, (event: { url?: string }, ...rest: unknown[]) => {
        if (typeof rest[0] === 'string' && name.startsWith('will-')) event.url = rest[0];
        return listener(event, ...rest);
      }),
    setWindowOpenHandler: (handler: (details: { url: string }) => { action: string }) =>
      on('new-window', (event: { preventDefault(): void }, url: string) => {
        if (handler({ url }).action === 'deny') event.preventDefault();
      }),
    postMessage: (_channel: string, _message: unknown, [port]: readonly OlderPort[]) => port?.toWindow(contents),
  });
});
