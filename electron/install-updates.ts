import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';
import { z } from 'zod';
import { handle } from './ipc.ts';
import { noUpdateChannel } from './update-channel.ts';
import { Updates } from './updates.ts';

/** Answers the window's questions about updates, and looks for one once the app has long started. */
export function installUpdates(): void {
  const updates = new Updates({
    version: app.getVersion(),
    settings: join(app.getPath('userData'), 'updates.json'),
    unavailable: noUpdateChannel(app.isPackaged, process.resourcesPath),
    load: async () => (await import('electron-updater')).default.autoUpdater,
    changed: (status) => {
      for (const { webContents } of BrowserWindow.getAllWindows()) webContents.send('updates:changed', status);
    },
  });
  handle('updates:status', async () => updates.status);
  handle('updates:set-enabled', async (_event, argument) => updates.setEnabled(z.boolean().parse(argument)));
  handle('updates:check', () => updates.check());
  updates.start();
}
