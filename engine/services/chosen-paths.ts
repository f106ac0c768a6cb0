import { basename } from 'node:path';
import { UserError } from '../protocol/envelope.ts';
import { isRecent } from './recent-files.ts';

/**
 * Where the window may have documents saved: under paths that a person has chosen, now or, of the recent documents, before. Only chosen
 * paths become recent ones, so that a window cannot open its way to another.
 */
export class ChosenPaths {
  readonly #recent: string;
  readonly #ask: (path: string) => Promise<boolean>;
  readonly #known = new Set<string>();

  /**
   * @param recent file that lists the recent documents
   * @param ask whether a person has named the path to the shell
   */
  constructor(recent: string, ask: (path: string) => Promise<boolean>) {
    this.#recent = recent;
    this.#ask = ask;
  }

  async has(path: string): Promise<boolean> {
    const chosen = this.#known.has(path) || (await isRecent(this.#recent, path)) || (await this.#ask(path));
    if (chosen) this.#known.add(path);
    return chosen;
  }

  /** @throws UserError `path-not-chosen` */
  async require(path: string): Promise<void> {
    if (await this.has(path)) return;
    throw new UserError({
      code: 'path-not-chosen',
      message: `${basename(path)} was not chosen in a dialog of Unroll, and is not among the recent documents: nothing was written to ${path}.`,
      hint: 'Choose where to save it with “Save as…”.',
    });
  }
}
