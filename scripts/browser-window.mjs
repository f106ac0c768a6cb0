// The window of a Chromium-like browser: a process tree of our own, with a profile of its own, that ends with us.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** ms in which a browser must have shown a page, and in which it must have closed. */
const patience = { open: 30_000, close: 5000 };

/**
 * Opens `origin` as an app window and then lets it in by `address()`. The address goes through a pipe that only this process and the
 * browser hold (`--remote-debugging-pipe`): a command line can be read by every user of the machine. The browser ends when the pipe
 * does, so that it goes even if this process is killed.
 *
 * @returns `shown`: resolves when the window was let in, rejects with the reason why not; `ended`: resolves when the browser is gone;
 *   `isOpen()`; `close()`: ends it
 */
export function openBrowserWindow(path, { origin, address, flags = [] }) {
  // Only this user can read it. Nothing in it is kept: the window's origin is another one at the next start.
  const profile = mkdtempSync(join(tmpdir(), 'unroll-window-'));
  const own = [`--user-data-dir=${profile}`, '--no-first-run', '--no-default-browser-check', '--remote-debugging-pipe'];
  const browser = spawn(path, [`--app=${origin}/`, ...own, ...flags], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // A group of its own: the terminal's Ctrl+C comes to us, and all of its processes can be ended together.
    detached: process.platform !== 'win32',
  });
  const pipe = devtools(browser.stdio[3], browser.stdio[4]);
  const ended = new Promise((resolve) => {
    browser.once('error', resolve);
    browser.once('exit', resolve);
  }).then(() => removeProfile(profile));
  const started = new Promise((_, reject) => {
    browser.once('error', (error) => reject(new Error(`it did not start: ${error.message}`)));
    browser.once('exit', (code) => reject(new Error(`it ended at once (code ${code})`)));
  });
  const shown = Promise.race([letIn(pipe, address), started, after(patience.open, 'it did not answer')]);
  const isOpen = () => browser.pid !== undefined && browser.exitCode === null && browser.signalCode === null;
  return { shown, ended, isOpen, close: () => close(browser, pipe, ended) };
}

async function letIn(pipe, address) {
  const page = pipe.once('Target.targetCreated', ({ targetInfo }) => targetInfo.type === 'page');
  await pipe.call('Target.setDiscoverTargets', { discover: true });
  const { targetId } = (await page).targetInfo;
  const { sessionId } = await pipe.call('Target.attachToTarget', { targetId, flatten: true });
  const { errorText } = await pipe.call('Page.navigate', { url: address() }, sessionId);
  if (errorText) throw new Error(`it did not load the window: ${errorText}`);
  await pipe.call('Target.detachFromTarget', { sessionId });
}

async function close(browser, pipe, ended) {
  pipe.call('Browser.close').catch(() => undefined);
  const timer = setTimeout(() => endTree(browser), patience.close);
  await ended;
  clearTimeout(timer);
  endTree(browser);
}

/** Whatever is left of the browser's own processes. */
function endTree(browser) {
  try {
    if (process.platform === 'win32') browser.kill('SIGKILL');
    else if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

/** The last of its processes may still write for a moment. */
function removeProfile(profile) {
  try {
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch (error) {
    console.error(`${profile} was left behind: ${error.message}`);
  }
}

const after = (ms, reason) => new Promise((_, reject) => setTimeout(() => reject(new Error(reason)), ms).unref());

/** The DevTools protocol over two pipes: JSON messages, each ended by a zero byte. */
function devtools(toBrowser, fromBrowser) {
  const waiting = new Map();
  const listeners = new Set();
  let rest = '';
  let last = 0;
  fromBrowser.setEncoding('utf8');
  fromBrowser.on('data', (data) => {
    const messages = (rest + data).split('\0');
    rest = messages.pop();
    for (const { id, method, params, result, error } of messages.map((text) => JSON.parse(text))) {
      if (id === undefined) for (const listener of [...listeners]) listener(method, params);
      else if (error) waiting.get(id)?.reject(new Error(error.message));
      else waiting.get(id)?.resolve(result);
      waiting.delete(id);
    }
  });
  // The browser may end at any time; that it did is told by its exit.
  fromBrowser.on('error', () => undefined);
  toBrowser.on('error', () => undefined);
  return {
    call(method, params = {}, sessionId = undefined) {
      const id = ++last;
      toBrowser.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    once(event, fits) {
      return new Promise((resolve) => {
        const listener = (method, params) => {
          if (method !== event || !fits(params)) return;
          listeners.delete(listener);
          resolve(params);
        };
        listeners.add(listener);
      });
    },
  };
}
