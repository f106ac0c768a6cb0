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
      socket.addEventListener('open', () => handlers.opened((message) => socket.send(message)));
      socket.addEventListener('message', (event) => {
        if (typeof event.data === 'string') handlers.received(event.data);
      });
      socket.addEventListener('close', () => handlers.closed());
    },
  };
}
