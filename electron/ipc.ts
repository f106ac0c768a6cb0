import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { isTrustedSender } from './security.ts';

function check(event: IpcMainEvent | IpcMainInvokeEvent, channel: string): void {
  if (!isTrustedSender(event.senderFrame))
    throw new Error(`${channel}: refused a message from ${event.senderFrame?.url ?? 'a closed frame'}`);
}

/** `ipcMain.handle`, for messages of the window's main frame only. */
export function handle<T>(channel: string, listener: (event: IpcMainInvokeEvent, argument: unknown) => Promise<T>): void {
  ipcMain.handle(channel, (event, argument: unknown) => {
    check(event, channel);
    return listener(event, argument);
  });
}

/** `ipcMain.on`, for messages of the window's main frame only. */
export function receive(channel: string, listener: (event: IpcMainEvent, argument: unknown) => void): void {
  ipcMain.on(channel, (event, argument: unknown) => {
    check(event, channel);
    listener(event, argument);
  });
}
