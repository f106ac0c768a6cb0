import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { startApp } from './start-app.ts';

/** The app as `npm start -- --no-open` runs it, with a home of its own. */
export interface App {
  readonly home: string;
  /** The newest that was printed: each lets one browser in. */
  readonly address: string;
  /** Pid of the engine's process. */
  enginePid(): number;
  /** Ends everything at once, as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again on the same home, and on the same port where that is asked for. */
  start(port?: string): Promise<void>;
}

/** What runs beneath a process: each with its command line. */
function childrenOf(parent: number): { readonly pid: number; readonly command: string }[] {
  const [program, args] =
    process.platform === 'win32'
      ? (['powershell', ['-NoProfile', '-Command', windowsProcesses]] as const)
      : (['ps', ['-A', '-o', 'pid=,ppid=,args=']] as const);
  return [...execFileSync(program, args, { encoding: 'utf8' }).matchAll(/^\s*(\d+)\s+(\d+)\s+(.*?)\s*$/gm)]
    .filter(([, , of]) => Number(of) === parent)
    .map(([, pid, , command = '']) => ({ pid: Number(pid), command }));
}
const windowsProcesses =
  'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CommandLine)" }';

interface Fixtures {
  /** What the app's process finds in its environment besides this one's. */
  readonly environment: NodeJS.ProcessEnv;
  readonly app: App;
  /** A page on the app, connected; the test fails when the page reports an error. */
  readonly window: Page;
}

export const test = base.extend<Fixtures>({
  environment: [{}, { option: true }],
  app: async ({ environment }, use) => {
    const home = mkdtempSync(join(tmpdir(), 'unroll-e2e-'));
    let running = await startApp(home, environment, '0');
    const app: App = {
      home,
      get address() {
        return running.address();
      },
      enginePid: () => {
        // Others may run beside the engine, such as the one that builds what is out of date.
        const pid = childrenOf(running.child.pid ?? 0).find(({ command }) => /engine\.js"?$/.test(command))?.pid;
        if (pid === undefined) throw new Error('the engine is not running');
        return pid;
      },
      kill: async () => {
        const ended = new Promise((resolve) => running.child.once('exit', resolve));
        for (const { pid } of childrenOf(running.child.pid ?? 0)) process.kill(pid, 'SIGKILL');
        running.child.kill('SIGKILL');
        await ended;
      },
      start: async (port = '0') => {
        running = await startApp(home, environment, port);
      },
    };
    await use(app);
    await running.end();
    rmSync(home, { recursive: true, force: true });
  },
  window: async ({ app, page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !expectedNoise.test(message.text())) errors.push(message.text());
    });
    await page.goto(app.address);
    await use(page);
    expect(errors, 'errors in the page').toEqual([]);
  },
});

/** For `test.use`: what moves, moves, as for most people. */
export const moving = { contextOptions: { reducedMotion: 'no-preference' } } as const;

/** What cannot be reached while the engine or all of the app starts again is reported by the browser itself. */
const expectedNoise = /WebSocket connection to .* failed|ERR_CONNECTION_(REFUSED|RESET)/;

export { expect };
