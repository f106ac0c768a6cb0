import type { ShellBridge } from '../../engine/protocol/shell.ts';
import type { Link } from './reconnecting-transport.ts';

declare global {
  interface Window {
    /** Present in the desktop shell only. */
    readonly unroll?: ShellBridge;
  }
}

/** The desktop shell, or `null` in a browser window. */
export const shell: ShellBridge | null = typeof window === 'undefined' ? null : (window.unroll ?? null);

/** The engine's port as the desktop shell holds it; the shell restarts a crashed engine and tells when it is there again. */
export function shellLink(desktop: ShellBridge): Link {
  return {
    reopens: true,
    open(handlers) {
      desktop.engine.onMessage((message) => handlers.received(message));
      desktop.engine.onClose(() => handlers.closed());
      desktop.engine.onOpen(() => handlers.opened((message) => desktop.engine.send(message)));
    },
  };
}
