import { z } from 'zod';
import type { Answer, Connections } from './connections.ts';

/** Shell → engine. Each window has a number. */
const fromShell = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), window: z.number().int() }),
  z.strictObject({ kind: z.literal('message'), window: z.number().int(), text: z.string() }),
  z.strictObject({ kind: z.literal('close'), window: z.number().int() }),
]);

/** Talks to the plain shell over Node's own channel between parent and child. @param orphaned called when the shell is gone */
export function serveChildProcess(connections: Connections, answer: Answer, orphaned: () => void): void {
  const windows = new Map<number, { send(text: string): void; end(): void }>();
  const post = (message: unknown): void => {
    if (process.connected) process.send?.(message);
  };
  process.on('message', (raw: unknown) => {
    const message = fromShell.parse(raw);
    if (message.kind === 'open') {
      const send = (text: string): void => post({ kind: 'message', window: message.window, text });
      windows.set(message.window, { send, end: connections.add(send) });
    } else if (message.kind === 'close') {
      windows.get(message.window)?.end();
      windows.delete(message.window);
    } else {
      const window = windows.get(message.window);
      if (window === undefined) return;
      void answer(message.text, window.send).then((reply) => {
        if (reply !== null) windows.get(message.window)?.send(reply);
      });
    }
  });
  process.on('disconnect', orphaned);
  // The shell may have gone while the engine was loading.
  if (!process.connected) orphaned();
  post({ kind: 'ready' });
}
