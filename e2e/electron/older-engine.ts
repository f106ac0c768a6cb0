import { EventEmitter } from 'node:events';

/**
 * The engine of the test with Electron 9, and each trial of a sweep, is a plain Node process: its parent port and the windows' ports are made of Node's channel to
 * `older-main.ts`, so that the engine runs as in Electron's utility process.
 */
type FromMain =
  | { readonly kind: 'open' | 'close'; readonly window: number }
  | { readonly kind: 'message'; readonly window: number; readonly text: string }
  | { readonly kind: 'shell'; readonly data: unknown };

const send = (message: unknown): void => void (process.connected && process.send?.(message));
const parent = Object.assign(new EventEmitter(), { postMessage: (data: unknown) => send({ kind: 'shell', data }) });
const ports = new Map<number, EventEmitter>();

process.on('message', (message: FromMain) => {
  if (message.kind === 'shell') parent.emit('message', { data: message.data, ports: [] });
  else if (message.kind === 'message') ports.get(message.window)?.emit('message', { data: message.text });
  else if (message.kind === 'close') ports.get(message.window)?.emit('close');
  else {
    const { window } = message;
    const postMessage = (text: string): void => send({ kind: 'message', window, text });
    const port = Object.assign(new EventEmitter(), { postMessage, start: () => undefined });
    ports.set(window, port);
    parent.emit('message', { data: 'window', ports: [port] });
  }
});
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));

Object.assign(process, { parentPort: parent });
void import(process.env['UNROLL_BUILT_ENGINE'] ?? '').then(() => send({ kind: 'ready' }));
