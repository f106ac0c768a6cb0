import { resolve } from 'node:path';
import { type ChosenPathAnswer, chosenPathRequest } from '../engine/protocol/chosen-path.ts';

interface Engine {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  postMessage(message: ChosenPathAnswer): void;
}

/** Paths that a person has named to the shell since it started: in its dialogs, by a drop, or from outside. Documents are saved nowhere else. */
export class ChosenPaths {
  readonly #paths = new Set<string>();

  add(path: string): void {
    this.#paths.add(resolve(path));
  }

  /** Of a dialog that asked where to save: the window gives a document its ending where the person gave none. */
  addForSaving(path: string): void {
    this.add(/\.json$/i.test(path) ? path : `${path}.unroll.json`);
  }

  /** Answers the engine, which asks before it saves a document. */
  serve(engine: Engine): void {
    engine.on('message', (message) => {
      const request = chosenPathRequest.safeParse(message).data;
      if (request) engine.postMessage({ kind: 'path-chosen', id: request.id, chosen: this.#paths.has(resolve(request.path)) });
    });
  }
}
