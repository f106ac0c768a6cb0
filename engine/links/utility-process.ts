import type { Answer, Connections } from './connections.ts';

/** The part of Electron's `MessagePortMain` that is used: declared here because the engine does not depend on Electron. */
interface Port {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: string): void;
  start(): void;
}

interface ParentPort {
  on(event: 'message', listener: (event: { readonly ports: readonly Port[] }) => void): unknown;
}

/** Electron's channel to the main process, or `null` in a plain Node process. */
export const parentPort: ParentPort | null = (process as unknown as { parentPort?: ParentPort }).parentPort ?? null;

/** Talks to each window over the MessagePort that the shell hands over for it. */
export function serveUtilityProcess(parent: ParentPort, connections: Connections, answer: Answer): void {
  parent.on('message', ({ ports }) => {
    for (const port of ports) {
      const end = connections.add((message) => port.postMessage(message));
      port.on('close', end);
      port.on('message', ({ data }) => {
        if (typeof data !== 'string') return;
        void answer(data).then((reply) => {
          if (reply !== null) port.postMessage(reply);
        });
      });
      port.start();
    }
  });
}
