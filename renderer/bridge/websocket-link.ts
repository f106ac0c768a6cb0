import { engineAddress, entranceKey, isRefused, notLetIn } from './entrance.ts';
import type { Link } from './reconnecting-transport.ts';

/** The engine's WebSocket on this page's own host. */
export function websocketLink(page: Window): Link {
  return {
    reopens: false,
    open(handlers) {
      const connect = (key: string | null): void => {
        if (key === null) {
          handlers.closed(notLetIn);
          return;
        }
        const socket = new WebSocket(engineAddress(page, key));
        let opened = false;
        // Between the engine's end and the close event a message has nowhere to go; its call is answered when the close arrives.
        const send = (message: string): void => {
          if (socket.readyState === WebSocket.OPEN) socket.send(message);
        };
        socket.addEventListener('open', () => {
          opened = true;
          handlers.opened(send);
        });
        socket.addEventListener('message', (event) => {
          if (typeof event.data === 'string') handlers.received(event.data);
        });
        socket.addEventListener('close', () => {
          if (opened) handlers.closed();
          // A browser does not tell why: the engine may be starting, or this browser is not let in.
          else void isRefused(page, key).then((refused) => handlers.closed(refused ? notLetIn : undefined));
        });
      };
      // A browser that keeps nothing for this page cannot be let in.
      entranceKey(page).then(connect, () => handlers.closed(notLetIn));
    },
  };
}
