import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, powerMonitor, session } from 'electron';
import { registerAppScheme, serveApp } from './app-protocol.ts';
import { ChosenPaths } from './chosen-paths.ts';
import { installDialogs, questions } from './dialogs.ts';
import { EngineProcess } from './engine-process.ts';
import { installUpdates } from './install-updates.ts';
import { receive } from './ipc.ts';
import { installMenu } from './menu.ts';
import { documentArgument } from './security.ts';
import { createWindow, guardPermissions } from './window.ts';

/** This file is `dist/electron/main.js` when it runs. */
const dist = join(dirname(fileURLToPath(import.meta.url)), '..');
const chosen = new ChosenPaths(questions);
let window: BrowserWindow | null = null;
let pending = documentArgument(process.argv);
/** Opens a window once the app can; nothing before that. */
let open = (): void => undefined;

app.enableSandbox();
registerAppScheme();
if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  app.on('second-instance', (_event, args, folder) => {
    const path = documentArgument(args);
    if (path !== null) openDocument(resolve(folder, path));
    window?.show();
    window?.focus();
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openDocument(path);
  });
  app.on('web-contents-created', (_event, contents) => contents.setWindowOpenHandler(() => ({ action: 'deny' })));
  await app.whenReady();

  serveApp(session.defaultSession, join(dist, 'renderer'));
  guardPermissions(session.defaultSession);
  const opened = pending === null ? process.env['UNROLL_OPEN'] : resolve(pending);
  if (opened) chosen.add(opened);
  const environment = opened ? { ...process.env, UNROLL_OPEN: opened } : process.env;
  const scripts = {
    engine: join(dist, 'engine.js'),
    check: join(dist, 'verify-native.js'),
    trial: join(dist, 'trial-process.js'),
  };
  const engine = new EngineProcess(scripts, environment, chosen);
  pending = null;
  engine.start();
  installDialogs(chosen);
  receive('document:dropped', (_event, path) => {
    if (typeof path === 'string') chosen.add(path);
  });
  installUpdates();
  receive('engine:attach', ({ sender }) => engine.attach(sender));

  open = (): void => {
    const opening = createWindow(join(dist, 'electron', 'preload.cjs'), session.defaultSession);
    window = opening;
    opening.on('closed', () => {
      window = null;
    });
    const path = pending;
    pending = null;
    if (path !== null) opening.webContents.once('did-finish-load', () => opening.webContents.send('document:open', path));
    installMenu(opening);
  };
  open();
  app.on('activate', () => {
    if (window === null) open();
  });
  app.on('window-all-closed', () => app.quit());
  let saved = false;
  app.on('will-quit', (event) => {
    if (saved) return;
    event.preventDefault();
    void engine.stop().then(() => {
      saved = true;
      app.quit();
    });
  });
  // Waking up may have lost the window's drawing surface; the engine's process is merely frozen and goes on by itself.
  powerMonitor.on('resume', () => window?.webContents.invalidate());
}

/** A document from outside: shown by the window, or by a new one where the last was closed and the app lives on (macOS). */
function openDocument(path: string): void {
  chosen.add(path);
  app.addRecentDocument(path);
  if (window !== null) {
    window.webContents.send('document:open', path);
    return;
  }
  pending = path;
  open();
}
