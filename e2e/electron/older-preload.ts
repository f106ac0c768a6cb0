/** What `electron/preload.ts` uses, on Electron 9: see `older-main.ts`. */
import { contextBridge, ipcRenderer as older } from 'electron';

export { contextBridge };

/** Paths stand on the file itself here. */
export const webUtils = { getPathForFile: (file: File & { readonly path?: string }): string => file.path ?? '' };

type Listener = (event: { readonly ports: readonly MessagePort[] }, ...args: never[]) => void;

export const ipcRenderer = {
  invoke: (channel: string, argument: unknown): Promise<unknown> => older.invoke(channel, argument),
  send: (channel: string, argument?: unknown): void => older.send(channel, argument),
  on(channel: string, listener: Listener): void {
    if (channel === 'engine:port') {
      older.on('older:port', (_event, number: number) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }): void => older.send('older:message', number, data);
        older.on('older:message', (_message, to: number, text: string) => {
          if (to === number) port1.postMessage(text);
        });
        listener({ ports: [port2] });
      });
    } else older.on(channel, (event, ...args) => listener(event, ...(args as never[])));
  },
};
