import { BrowserWindow, dialog, nativeTheme, type Session, shell } from 'electron';
import { z } from 'zod';
import { receive } from './ipc.ts';
import { allowsPermission, appStart, isAppAddress, isOutsideLink } from './security.ts';

/** One window, with nothing of Node in it, that can go nowhere but the app. */
export function createWindow(preload: string, session: Session): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#131417' : '#f7f7f8',
    webPreferences: {
      preload,
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  guardNavigation(window);
  guardClose(window);
  void window.loadURL(appStart);
  return window;
}

/** Denies what a page may ask of the system. Set once for the session. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(allowsPermission(permission)));
  session.setPermissionCheckHandler((_contents, permission) => allowsPermission(permission));
  session.setDevicePermissionHandler(() => false);
}

function guardNavigation({ webContents }: BrowserWindow): void {
  webContents.setWindowOpenHandler(({ url }) => {
    if (isOutsideLink(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (!isAppAddress(event.url)) event.preventDefault();
  };
  webContents.on('will-navigate', stay);
  webContents.on('will-redirect', stay);
  webContents.on('will-frame-navigate', stay);
  webContents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Closing with unsaved changes asks first. */
function guardClose(window: BrowserWindow): void {
  let unsaved = false;
  receive('document:unsaved', ({ sender }, argument) => {
    if (sender !== window.webContents) return;
    unsaved = z.boolean().parse(argument);
    window.setDocumentEdited(unsaved);
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    // The last autosave is offered again by the window that loads now.
    unsaved = false;
    window.reload();
  });
  window.on('close', (event) => {
    if (!unsaved) return;
    const choice = dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: 'Close without saving?',
      detail: 'The changes since the last save would be lost.',
      buttons: ['Keep editing', 'Close without saving'],
      defaultId: 0,
      cancelId: 0,
    });
    if (choice === 0) event.preventDefault();
  });
}
