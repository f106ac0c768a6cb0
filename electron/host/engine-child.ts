import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { z } from 'zod';

const fromEngineProcess = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('message'), window: z.number().int(), text: z.string() }),
]);

/** A crash this soon after the start is not answered by another start at once: the pause doubles, up to 10 s. */
const stableAfter = 10_000;

/** A run that trains is saved before the engine ends; in milliseconds. */
const savingTime = 20_000;

/**
 * The engine as a Node child process, started again whenever it ends by itself.
 * Events: `ready`, `message` (window, text), `exit` (words for the log).
 */
export class EngineChild extends EventEmitter<{ ready: []; message: [number, string]; exit: [string] }> {
  readonly #script: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;
  #ready = false;
  #stopping = false;
  #pause = 250;
  #restart: NodeJS.Timeout | null = null;

  constructor(script: string, environment: NodeJS.ProcessEnv) {
    super();
    this.#script = script;
    this.#environment = environment;
  }

  get ready(): boolean {
    return this.#ready;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const started = Date.now();
    const child = fork(this.#script, {
      env: this.#environment,
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('message', (raw) => {
      const message = fromEngineProcess.parse(raw);
      if (message.kind === 'message') {
        this.emit('message', message.window, message.text);
        return;
      }
      this.#ready = true;
      this.emit('ready');
    });
    child.on('error', (error) => console.error('The engine could not be started.', error));
    child.on('exit', (code, signal) => {
      this.#child = null;
      this.#ready = false;
      if (this.#stopping) return;
      this.emit('exit', signal === null ? `code ${code}` : `signal ${signal}`);
      this.#pause = Date.now() - started > stableAfter ? 250 : Math.min(10_000, this.#pause * 2);
      this.#restart = setTimeout(() => this.start(), this.#pause);
    });
  }

  /** Messages to an engine that is not running are dropped: the windows were told that it ended. */
  send(message: { kind: 'open' | 'close'; window: number } | { kind: 'message'; window: number; text: string }): void {
    // One that ended a moment ago may still seem connected; `exit` tells of it.
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // Windows has no signal that a process could answer.
    if (process.platform === 'win32') child.disconnect();
    else child.kill();
    const killed = setTimeout(() => child.kill('SIGKILL'), savingTime);
    await ended;
    clearTimeout(killed);
  }
}
