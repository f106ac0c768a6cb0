// Which window `npm start` can open here, and why.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Electron's program, or the reason there is none. Looks only at the disk: its download is never waited for. */
export function findElectron(root, environment = process.env) {
  const folder = join(root, 'node_modules', 'electron');
  if (!existsSync(folder)) return { path: null, reason: 'Electron is not installed' };
  const name = existsSync(join(folder, 'path.txt')) ? readFileSync(join(folder, 'path.txt'), 'utf8').trim() : platformName();
  const path = join(environment.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name);
  if (existsSync(path)) return { path, reason: null };
  return { path: null, reason: 'Electron’s program is not downloaded (`npm start -- --electron` tries to)' };
}

function platformName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
];
const macPrograms = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'Brave Browser.app/Contents/MacOS/Brave Browser',
];
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
];

/** A Chromium-like browser that has app windows, or `null`. */
export function findBrowser(environment = process.env, platform = process.platform) {
  return candidates(environment, platform).find(isProgram) ?? null;
}

function candidates(environment, platform) {
  if (platform === 'darwin') {
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) => macPrograms.map((name) => join(folder, name)));
  }
  if (platform === 'win32') {
    const folders = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA].filter(Boolean);
    return folders.flatMap((folder) => windowsPrograms.map((name) => join(folder, name)));
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a window can be shown at all. */
export const hasDisplay = (environment = process.env, platform = process.platform) =>
  platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);

/**
 * The shell to use, with one line that says which and why.
 * `{ kind: 'electron' | 'browser' | 'address', path, line }`
 */
export function chooseShell({ electron, browser, display, root: asRoot, noOpen }) {
  if (noOpen) return { kind: 'address', path: null, line: 'No window is opened (--no-open).' };
  if (!display) return { kind: 'address', path: null, line: 'No window is opened: there is no display here.' };
  if (electron.path !== null) return { kind: 'electron', path: electron.path, line: 'Opening the Electron window.' };
  if (browser === null) {
    return {
      kind: 'address',
      path: null,
      line: `${electron.reason}, and no Chromium, Chrome or Edge was found: open the address in a browser.`,
    };
  }
  if (asRoot) {
    return {
      kind: 'address',
      path: null,
      line: `${electron.reason}, and a browser’s sandbox does not start as root: open the address in a browser.`,
    };
  }
  return { kind: 'browser', path: browser, line: `${electron.reason}: opening the same app in a window of ${browser}.` };
}
