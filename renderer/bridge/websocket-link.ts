import type { Link } from './reconnecting-transport.ts';

/** The engine's WebSocket on this page's own host; the token came in the page's address after `#`. */
export function websocketLink(address: Location): Link {
  const fragment = address.hash.slice(1);
  const token = new URLSearchParams(fragment).get('token') ?? fragment;
  const scheme = address.protocol === 'https:' ? 'wss' : 'ws';
  const url = `${scheme}://${address.host}/engine?token=${encodeURIComponent(token)}`;
  return {
    reopens: false,
    open(handlers) {
      const socket = new WebSocket(url);
      // Between the engine's end and the close event a message has nowhere to go; its call is answered when the close arrives.
      const send = (message: string): void => {
        if (socket.readyState === WebSocket.OPEN) socket.send(message);
      };
      socket.addEventListener('open', () => handlers.opened(send));
      socket.addEventListener('message', (event) => {
        if (typeof event.data === 'string') handlers.received(event.data);
      });
      socket.addEventListener('close', () => handlers.closed());
    },
  };
}
