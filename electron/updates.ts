import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type UpdateState, type UpdateStatus, updateSettings } from '../engine/protocol/updates.ts';

/** The parts of electron-updater that are used. It compares each download with the SHA-512 that its channel names. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  on(
    event: 'update-available' | 'update-not-available' | 'update-downloaded',
    listener: (info: { version: string }) => void,
  ): unknown;
  on(event: 'download-progress', listener: (progress: { percent: number }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** `null` where this kind of installation cannot be updated. */
  checkForUpdates(): Promise<{ readonly cancellationToken?: { cancel(): void } | undefined } | null>;
}

export interface UpdateOptions {
  readonly version: string;
  /** Where the choice is kept. */
  readonly settings: string;
  /** Why this copy cannot update itself, or `null`. */
  readonly unavailable: string | null;
  /** Loads the updater the first time that it is needed. */
  load(): Promise<Updater>;
  /** Called with each change. */
  changed(status: UpdateStatus): void;
}

/** The first look waits until the app has long started. */
const firstCheck = 60_000;
const nextCheck = 24 * 3_600_000;

/**
 * Looks for a newer version, downloads it, and leaves it to be installed when the app is quit: nothing is ever restarted, so nothing
 * that trains is interrupted. Whatever goes wrong is a line where the user looks for it, and no message.
 */
export class Updates {
  readonly #options: UpdateOptions;
  #enabled: boolean;
  #state: UpdateState;
  #updater: Updater | null = null;
  #version = '';
  #cancel: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: UpdateOptions) {
    this.#options = options;
    this.#enabled = options.unavailable === null && chosen(options.settings);
    this.#state = this.#resting(null);
  }

  get status(): UpdateStatus {
    return { version: this.#options.version, enabled: this.#enabled, state: this.#state };
  }

  /** Looks after a while, then once a day. */
  start(): void {
    this.#schedule(firstCheck);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Keeps the choice. Off, nothing is looked for, and what has been downloaded is not installed. */
  setEnabled(enabled: boolean): void {
    if (this.#options.unavailable !== null) return;
    keep(this.#options.settings, enabled);
    this.#enabled = enabled;
    if (this.#updater !== null) this.#updater.autoInstallOnAppQuit = enabled;
    if (!enabled) {
      this.#cancel?.();
      this.#cancel = null;
    }
    this.#become(this.#resting(null));
    if (enabled) this.#schedule(0);
    else this.stop();
  }

  async check(): Promise<void> {
    if (!this.#enabled || this.#busy()) return;
    this.#become({ kind: 'checking' });
    try {
      this.#updater ??= this.#listen(await this.#options.load());
      const found = await this.#updater.checkForUpdates();
      if (found === null) this.#become({ kind: 'unavailable', reason: 'This kind of installation cannot update itself.' });
      else this.#cancel = this.#enabled ? () => found.cancellationToken?.cancel() : null;
      if (!this.#enabled) found?.cancellationToken?.cancel();
    } catch (error) {
      this.#failed(error);
    }
    this.#schedule(nextCheck);
  }

  #listen(updater: Updater): Updater {
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = true;
    updater.on('update-available', ({ version }) => {
      this.#version = version;
      this.#become({ kind: 'downloading', version, percent: 0 });
    });
    updater.on('download-progress', ({ percent }) => this.#become({ kind: 'downloading', version: this.#version, percent }));
    updater.on('update-not-available', () => this.#become(this.#resting(null, new Date().toISOString())));
    updater.on('update-downloaded', ({ version }) => this.#become({ kind: 'ready', version }));
    updater.on('error', (error) => this.#failed(error));
    return updater;
  }

  #failed(error: unknown): void {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    this.#become(this.#resting(line.slice(0, 300)));
  }

  /** Late events of what was switched off change nothing. */
  #become(state: UpdateState): void {
    this.#state = this.#enabled || state.kind === 'unavailable' ? state : this.#resting(null);
    this.#options.changed(this.status);
  }

  #resting(problem: string | null, checked: string | null = null): UpdateState {
    const { unavailable } = this.#options;
    if (unavailable !== null) return { kind: 'unavailable', reason: unavailable };
    return this.#enabled ? { kind: 'waiting', checked, problem } : { kind: 'off' };
  }

  #busy(): boolean {
    return ['checking', 'downloading', 'ready', 'unavailable'].includes(this.#state.kind);
  }

  #schedule(delay: number): void {
    this.stop();
    if (!this.#enabled) return;
    this.#timer = setTimeout(() => void this.check(), delay);
    this.#timer.unref();
  }
}

/** On where nothing was chosen; off where the choice cannot be read, because it may have been off. */
function chosen(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
  try {
    return updateSettings.parse(JSON.parse(text)).enabled;
  } catch {
    return false;
  }
}

function keep(path: string, enabled: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify({ enabled })}\n`);
  renameSync(`${path}.new`, path);
}
