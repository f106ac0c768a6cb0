import type { Answer, Connections } from './connections.ts';
import type { ParentPort } from './parent-port.ts';

/** Talks to each window over the MessagePort that the shell hands over for it. */
export function serveUtilityProcess(parent: ParentPort, connections: Connections, answer: Answer): void {
  parent.on('message', ({ ports }) => {
    for (const port of ports) {
      const window = (message: string): void => port.postMessage(message);
      const end = connections.add(window);
      port.on('close', end);
      port.on('message', ({ data }) => {
        if (typeof data !== 'string') return;
        void answer(data, window).then((reply) => {
          if (reply !== null) window(reply);
        });
      });
      port.start();
    }
  });
}
