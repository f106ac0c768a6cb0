import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

interface PythonRequest {
  readonly folder: string;
  /** As after `python`: a script's path, or `-c` and a program, with what it is given. */
  readonly arguments: readonly string[];
  /** Standard input. */
  readonly input: string;
}
interface PythonResult {
  /** The exit code; `null` where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Server {
  readonly process: ChildProcess;
  readonly requests: Socket;
  readonly answers: Interface;
}

/** Forks are for Linux alone: macOS ends a process that forks after it has loaded Accelerate, and Windows knows none. */
const forks = process.platform === 'linux';
const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
/** Warnings are errors. */
const always = ['-W', 'error'];

/**
 * Python programs in processes of their own that need not import the same large modules anew each time. The process that they are
 * forked from starts with the first of them, and ends with this one.
 */
class WarmPython {
  readonly #python: string;
  readonly #modules: readonly string[];
  #server: Server | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(python: string, modules: readonly string[]) {
    this.#python = python;
    this.#modules = modules;
  }

  /** One after another, in the order of the calls. */
  run(request: PythonRequest): Promise<PythonResult> {
    const result = this.#last.then(() => (forks ? this.#fork(request) : this.#spawn(request)));
    this.#last = result.catch(() => undefined);
    return result;
  }

  #spawn({ folder, arguments: given, input }: PythonRequest): PythonResult {
    const options = { cwd: folder, input, encoding: 'utf8', maxBuffer: 2 ** 28, env: environment } as const;
    return spawnSync(this.#python, [...always, ...given], options);
  }

  #fork(request: PythonRequest): Promise<PythonResult> {
    this.#server ??= this.#start();
    const { process: server, requests, answers } = this.#server;
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`${this.#python} ended before it answered`));
      server.once('exit', ended);
      answers.once('line', (line) => {
        server.off('exit', ended);
        resolve(JSON.parse(line) as PythonResult);
      });
      requests.write(`${JSON.stringify(request)}\n`);
    });
  }

  #start(): Server {
    const script = join(import.meta.dirname, 'warm_python.py');
    const server = spawn(this.#python, [...always, script, ...this.#modules], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'],
      env: environment,
    });
    const [requests, answers] = [server.stdio[3] as Socket, server.stdio[4] as Socket];
    server.once('exit', () => {
      this.#server = null;
    });
    // It reads the end of the requests when this process ends, which need not wait for it.
    for (const handle of [server, requests, answers]) handle.unref();
    return { process: server, requests, answers: createInterface({ input: answers }) };
  }
}

const known = new Map<string, WarmPython>();

/**
 * One for all files of tests that run in this process.
 *
 * @param modules what every program imports
 */
export function warmPython(python: string, modules: readonly string[]): WarmPython {
  const key = JSON.stringify([python, modules]);
  const warm = known.get(key) ?? new WarmPython(python, modules);
  known.set(key, warm);
  return warm;
}
