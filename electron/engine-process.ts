import { MessageChannelMain, safeStorage, type UtilityProcess, utilityProcess, type WebContents } from 'electron';
import type { ChosenPaths } from './chosen-paths.ts';
import { serveNativeChecks } from './native-check.ts';
import { serveSecrets } from './secrets.ts';
import { serveTrials } from './trials.ts';

/** How long the end of the app waits for the engine to save a run that trains, in milliseconds. */
const savingTime = 20_000;

/** A crash this soon after the start is not answered by another start at once: the pause doubles, up to 10 s. */
const stableAfter = 10_000;

/** macOS loads TensorFlow's libraries and a binding compiled there, which Unroll's signature does not cover, only with this. */
const foreignLibraries = { allowLoadingUnsignedLibraries: process.platform === 'darwin' };

/** Paths of what runs in processes of their own. */
interface EngineScripts {
  readonly engine: string;
  /** Loads a native library for the first time. */
  readonly check: string;
  /** Trains a trial of a sweep. */
  readonly trial: string;
}

/** The engine as Electron's utility process: one MessagePort for each window, started again whenever it ends by itself. */
export class EngineProcess {
  readonly #scripts: EngineScripts;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #chosen: ChosenPaths;
  readonly #windows = new Set<WebContents>();
  #child: UtilityProcess | null = null;
  #stopping = false;
  #pause = 250;

  /** @param chosen what the engine is told of when it asks */
  constructor(scripts: EngineScripts, environment: NodeJS.ProcessEnv, chosen: ChosenPaths) {
    this.#scripts = scripts;
    this.#environment = environment;
    this.#chosen = chosen;
  }

  start(): void {
    const started = Date.now();
    const child = utilityProcess.fork(this.#scripts.engine, [], {
      serviceName: 'Unroll engine',
      env: this.#environment,
      stdio: 'inherit',
      ...foreignLibraries,
    });
    this.#serveChecks(child);
    serveTrials(child, (environment) => this.#startTrial(environment));
    this.#chosen.serve(child);
    serveSecrets(child, safeStorage);
    child.on('spawn', () => {
      this.#child = child;
      for (const window of this.#windows) this.#connect(window, child);
    });
    child.on('exit', (code) => {
      this.#child = null;
      if (this.#stopping) return;
      console.error(`The engine ended (code ${code}); it is started again.`);
      for (const window of this.#windows) window.send('engine:closed');
      this.#pause = Date.now() - started > stableAfter ? 250 : Math.min(10_000, this.#pause * 2);
      setTimeout(() => this.start(), this.#pause);
    });
  }

  /** Gives the window a port now, and again after each restart. A page that was reloaded asks again. */
  attach(window: WebContents): void {
    if (!this.#windows.has(window)) {
      this.#windows.add(window);
      window.once('destroyed', () => this.#windows.delete(window));
    }
    if (this.#child !== null) this.#connect(window, this.#child);
  }

  /** Resolves when the engine has saved what trains, and ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    const waited = new Promise((resolve) => setTimeout(resolve, savingTime));
    await Promise.race([ended, waited]);
  }

  #serveChecks(child: UtilityProcess): void {
    serveNativeChecks(child, (args) =>
      utilityProcess.fork(this.#scripts.check, [...args], {
        serviceName: 'Unroll check of a native library',
        env: this.#environment,
        stdio: 'pipe',
        ...foreignLibraries,
      }),
    );
  }

  #startTrial(environment: Readonly<Record<string, string>>): UtilityProcess {
    const child = utilityProcess.fork(this.#scripts.trial, [], {
      serviceName: 'Unroll trial of a sweep',
      env: { ...this.#environment, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...foreignLibraries,
    });
    this.#serveChecks(child);
    return child;
  }

  #connect(window: WebContents, child: UtilityProcess): void {
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage('window', [port1]);
    window.postMessage('engine:port', null, [port2]);
  }
}
