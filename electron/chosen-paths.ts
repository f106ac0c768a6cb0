import { dirname, resolve } from 'node:path';
import { type ChosenPathAnswer, type ChosenPathRequest, chosenPathRequest } from '../engine/protocol/chosen-path.ts';

interface Engine {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  postMessage(message: ChosenPathAnswer): void;
}

/** What the person is asked. */
export interface Questions {
  /** Whether a project may be exported to a folder that no dialog has given. */
  export(folder: string): Promise<boolean>;
  /** Whether a machine may be reached over ssh that never was. */
  machine(host: string): Promise<boolean>;
}

/** Paths that a person has named to the shell since it started: in its dialogs, by a drop, or from outside. Nothing is written elsewhere. */
export class ChosenPaths {
  readonly #paths = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #ask: Questions;
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(ask: Questions) {
    this.#ask = ask;
  }

  add(path: string): void {
    this.#paths.add(resolve(path));
  }

  /** Of a dialog that asked for a folder: what is written goes there, or into folders inside. */
  addFolder(path: string): void {
    this.#folders.add(resolve(path));
  }

  /** Of a dialog that asked where to save: the window gives a document its ending where the person gave none. */
  addForSaving(path: string): void {
    this.add(/\.json$/i.test(path) ? path : `${path}.unroll.json`);
  }

  /** Answers the engine, which asks before it writes where a window wants it. */
  serve(engine: Engine): void {
    engine.on('message', (message) => {
      const request = chosenPathRequest.safeParse(message).data;
      if (request === undefined) return;
      void this.#isChosen(request).then((chosen) => engine.postMessage({ kind: 'path-chosen', id: request.id, chosen }));
    });
  }

  async #isChosen({ path, purpose }: ChosenPathRequest): Promise<boolean> {
    if (purpose === 'machine') return this.#ask.machine(path);
    const full = resolve(path);
    if (purpose === 'document') return this.#paths.has(full);
    if (this.#isInside(full)) return true;
    return purpose === 'export' && this.#agreed(full);
  }

  #isInside(path: string): boolean {
    if (this.#folders.has(path)) return true;
    const above = dirname(path);
    return above !== path && this.#isInside(above);
  }

  /** The export's folder is filled in from the run's name: the person is asked once for each. */
  #agreed(folder: string): Promise<boolean> {
    const asking =
      this.#asking.get(folder) ??
      this.#ask
        .export(folder)
        .then((agreed) => {
          if (agreed) this.addFolder(folder);
          return agreed;
        })
        .finally(() => this.#asking.delete(folder));
    this.#asking.set(folder, asking);
    return asking;
  }
}
