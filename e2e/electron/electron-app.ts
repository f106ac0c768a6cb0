import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { DevTools } from './devtools.ts';
import type { ElectronProgram } from './find-electron.ts';

export interface ElectronApp {
  /** The page in its window. */
  readonly page: DevTools;
  /** The value of an expression in the main process, with the module at hand as `electron`. */
  inMain(expression: string): Promise<unknown>;
  readonly ended: Promise<number | null>;
  /** Starts the program a second time, as opening another document does, and waits until that one has left. */
  second(args: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** A display of its own where there is none. */
export async function startDisplay(): Promise<{ readonly name: string; stop(): void }> {
  const given = process.env['DISPLAY'];
  if (given) return { name: given, stop: () => undefined };
  const number = 90 + (process.pid % 100);
  const server = spawn('Xvfb', [`:${number}`, '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], { stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => server.once('error', reject));
  const up = async (): Promise<void> => {
    while (!existsSync(`/tmp/.X11-unix/X${number}`)) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await Promise.race([up(), failed]);
  return { name: `:${number}`, stop: () => void server.kill() };
}

/** Started in front of the app's main script: answers questions of the test. */
const driver = (main: string): string => `
const electron = require('electron');
process.on('message', ({ id, expression }) => {
  try {
    process.send({ id, value: new Function('electron', 'return ' + expression)(electron) });
  } catch (error) {
    process.send({ id, error: String(error.stack) });
  }
});
${main.endsWith('.cjs') ? `require(${JSON.stringify(main)});` : `import(${JSON.stringify(pathToFileURL(main).href)});`}
`;

const reply = z.object({ id: z.number(), value: z.unknown().optional(), error: z.string().optional() });

/** Starts the app whose main script is given with a folder of its own, and attaches to its window and its main process. */
export async function startElectron(
  program: ElectronProgram,
  script: string,
  scratch: string,
  display: string,
): Promise<ElectronApp> {
  const home = join(scratch, 'home');
  const folder = join(scratch, 'driver');
  mkdirSync(home, { recursive: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "unroll", "main": "driver.cjs" }');
  writeFileSync(join(folder, 'driver.cjs'), driver(script));
  const environment = {
    ...process.env,
    DISPLAY: display,
    HOME: home,
    UNROLL_HOME: join(home, 'unroll'),
    UNROLL_NODE: process.execPath,
  };
  const launch = (args: readonly string[]): ChildProcess =>
    spawn(program.path, ['--no-sandbox', ...args], { env: environment, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const child = launch(['--remote-debugging-port=0', folder]);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));

  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr?.on('data', (data: Buffer) => {
      output += data.toString();
      const found = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    void ended.then((code) => reject(new Error(`Electron ended with code ${code}: ${output}`)));
  });
  const page = await DevTools.ofWindow(port);

  let next = 1;
  const inMain = async (expression: string): Promise<unknown> => {
    const id = next++;
    const answered = new Promise<z.infer<typeof reply>>((resolve, reject) => {
      setTimeout(() => reject(new Error(`no answer in 15 s: ${expression}`)), 15_000).unref();
      const read = (message: unknown): void => {
        const answer = reply.parse(message);
        if (answer.id !== id) return;
        child.off('message', read);
        resolve(answer);
      };
      child.on('message', read);
    });
    child.send({ id, expression });
    const { value, error } = await answered;
    if (error !== undefined) throw new Error(`${expression}: ${error}`);
    return value;
  };
  return {
    page,
    inMain,
    ended,
    second: async (args) => {
      const other = launch([folder, ...args]);
      await new Promise((resolve) => other.once('exit', resolve));
    },
    stop: async () => {
      page.close();
      child.kill('SIGKILL');
      await ended;
    },
  };
}
