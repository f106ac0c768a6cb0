import type { UnrollShell } from '../../electron/preload-api.ts';
import type { Link } from './reconnecting-transport.ts';

/** The desktop shell, or `null` in a browser window. */
export const shell: UnrollShell | null = typeof window === 'undefined' ? null : (window.unroll ?? null);

/** The engine's MessagePort as the desktop shell hands it over; the shell restarts a crashed engine, then a new port is asked for. */
export function shellLink(desktop: UnrollShell): Link {
  return {
    open(handlers) {
      let port: MessagePort | null = null;
      const receive = (event: MessageEvent): void => {
        const [received] = event.ports;
        if (event.source !== window || event.data !== 'unroll:engine' || received === undefined) return;
        port = received;
        port.addEventListener('message', (message) => {
          if (typeof message.data === 'string') handlers.received(message.data);
        });
        port.start();
        handlers.opened((message) => received.postMessage(message));
      };
      window.addEventListener('message', receive);
      const unsubscribe = desktop.onEngineExit(() => {
        window.removeEventListener('message', receive);
        unsubscribe();
        port?.close();
        handlers.closed();
      });
      desktop.connectEngine();
    },
  };
}
