import { UserError } from '../protocol/envelope.ts';
import type { Film } from '../protocol/film.ts';
import type { InspectedInput } from '../protocol/inspect.ts';
import { RunFilm } from './run-film.ts';
import type { RunManager } from './run-manager.ts';

/** Films of runs: of kept ones, and of one that trains. */
export class RunFilms {
  readonly #manager: RunManager;

  constructor(manager: RunManager) {
    this.#manager = manager;
  }

  /** @throws UserError `run-not-found`, `run-damaged` */
  async get(run: string): Promise<Film> {
    return (this.#manager.film(run) ?? (await this.#saved(run)).film).get();
  }

  /**
   * Keeps the weights of each validation from now on; with `null` no more.
   *
   * @throws UserError `already-done`, `film-too-large`, `run-busy` where another process trains it, and the disk's
   */
  async keep(run: string, input: InspectedInput | null): Promise<Film> {
    const training = this.#manager.film(run);
    if (training !== null) return change(training, input);
    const { film, done } = await this.#saved(run);
    if (done && input !== null) throw alreadyDone;
    return this.#manager.folder(run).alone(() => change(film, input));
  }

  async #saved(run: string): Promise<{ readonly film: RunFilm; readonly done: boolean }> {
    const folder = this.#manager.folder(run);
    const { status, parameters } = (await folder.read()).summary;
    return { film: new RunFilm(folder, parameters), done: status === 'done' };
  }
}

async function change(film: RunFilm, input: InspectedInput | null): Promise<Film> {
  await (input === null ? film.end() : film.begin(input));
  return film.get();
}

const alreadyDone = new UserError({
  code: 'already-done',
  message: 'This run has done all its epochs: there is nothing left to keep a film of.',
  hint: 'Begin the film before the next run, or while it trains.',
});
