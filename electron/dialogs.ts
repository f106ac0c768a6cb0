import { BrowserWindow, dialog, type WebContents } from 'electron';
import { z } from 'zod';
import type { ChosenPaths, Questions } from './chosen-paths.ts';
import { handle } from './ipc.ts';

const title = z.string().max(200);
const openOptions = z.strictObject({
  title,
  endings: z.array(z.string().regex(/^[a-z0-9.]{1,20}$/)).max(40),
  several: z.boolean().default(false),
});
const saveOptions = z.strictObject({ title, suggested: z.string().max(4096) });
const directoryOptions = z.strictObject({ title });

/** Windows and GTK match the part after the last dot only. */
const lastEnding = (ending: string): string => ending.slice(ending.lastIndexOf('.') + 1);

function windowOf(sender: WebContents): BrowserWindow {
  const window = BrowserWindow.fromWebContents(sender);
  if (window === null) throw new Error('a dialog was asked for by no window');
  return window;
}

/** Native dialogs of the window. Each answers with a path, or `null` when cancelled; that for opening with all that were chosen. What they give may be written to. */
export function installDialogs(chosen: ChosenPaths): void {
  handle('dialog:open', async ({ sender }, argument) => {
    const { title, endings, several } = openOptions.parse(argument);
    const filters = [
      { name: title, extensions: [...new Set(endings.map(lastEnding))] },
      { name: 'All files', extensions: ['*'] },
    ];
    const properties = several ? (['openFile', 'multiSelections'] as const) : (['openFile'] as const);
    const result = await dialog.showOpenDialog(windowOf(sender), { title, filters, properties: [...properties] });
    for (const path of result.filePaths) chosen.add(path);
    return result.filePaths;
  });
  handle('dialog:save', async ({ sender }, argument) => {
    const { title, suggested } = saveOptions.parse(argument);
    const result = await dialog.showSaveDialog(windowOf(sender), { title, defaultPath: suggested });
    if (result.canceled || result.filePath === '') return null;
    chosen.addForSaving(result.filePath);
    return result.filePath;
  });
  handle('dialog:directory', async ({ sender }, argument) => {
    const { title } = directoryOptions.parse(argument);
    const result = await dialog.showOpenDialog(windowOf(sender), { title, properties: ['openDirectory', 'createDirectory'] });
    for (const path of result.filePaths) chosen.addFolder(path);
    return result.filePaths[0] ?? null;
  });
}

/** Asked by the main process, which no page can answer for. */
export const questions: Questions = {
  export: (folder) => ask({ title: 'Export', message: 'Export to this folder?', detail: folder, yes: 'Export' }),
  machine: (host) =>
    ask({
      title: 'Connect to a machine',
      message: `Connect to ${host} by ssh?`,
      detail: 'What you send, train and ask there goes to that machine.',
      yes: 'Connect',
    }),
};

interface Question {
  readonly title: string;
  readonly message: string;
  readonly detail: string;
  readonly yes: string;
}

async function ask({ title, message, detail, yes }: Question): Promise<boolean> {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) return false;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title,
    message,
    detail,
    buttons: [yes, 'Cancel'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}
