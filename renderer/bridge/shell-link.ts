import type { ShellBridge } from '../../engine/protocol/shell.ts';
import type { Link } from './reconnecting-transport.ts';

declare global {
  interface Window {
    readonly unroll?: ShellBridge;
  }
}

/** The desktop shell, or `null` in a browser window. */
export const shell: ShellBridge | null = typeof window === 'undefined' ? null : (window.unroll ?? null);

/** The engine's port as the desktop shell hands it over; the shell itself restarts a crashed engine. */
export function shellLink(bridge: ShellBridge): Link {
  return {
    open(handlers) {
      bridge.engine.onMessage((message) => handlers.received(message));
      bridge.engine.onClose(() => handlers.closed());
      bridge.engine.onOpen(() => handlers.opened((message) => bridge.engine.send(message)));
    },
    reconnects: true,
  };
}
