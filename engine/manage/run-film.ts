import type { NamedTensor } from '../files/safetensors.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Film } from '../protocol/film.ts';
import type { InspectedInput } from '../protocol/inspect.ts';
import { type FilmRecord, mostMoments } from '../runs/film.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { RunRecord } from '../runs/run-record.ts';

type Weights = ReadonlyMap<string, NamedTensor>;

/** The film of one run: the weights of its validations, in its folder. The folder is locked by this process where the film changes. */
export class RunFilm {
  readonly #folder: RunFolder;
  readonly #parameters: number;
  /** `undefined` before it was read. */
  #record: FilmRecord | null | undefined;
  /** One change after another. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param parameters numbers of the run's model */
  constructor(folder: RunFolder, parameters: number) {
    this.#folder = folder;
    this.#parameters = parameters;
  }

  get(): Promise<Film> {
    return this.#next(async () => {
      const record = await this.#read();
      const filmed = new Set(await this.#folder.filmed());
      return {
        on: record?.on ?? null,
        input: record?.input ?? null,
        moments: (await this.#folder.moments()).map((step) => ({ step, kept: filmed.has(step) })),
        most: mostMoments(this.#parameters),
        bytes: 4 * this.#parameters,
        dropped: record?.dropped ?? 0,
      };
    });
  }

  /**
   * Goes on, or begins with what training would soon replace: the best weights and those of the last checkpoints.
   *
   * @param start weights of a run that has taken no step yet
   * @throws UserError `film-too-large`, or the disk's
   */
  begin(input: InspectedInput, start?: Weights): Promise<void> {
    return this.#next(async () => {
      if (mostMoments(this.#parameters) < 2) throw filmTooLarge(this.#parameters);
      const before = await this.#read();
      if (start !== undefined) await this.#folder.saveMoment(start, 0);
      else if (before?.on !== true) await this.#keepWhatIsThere();
      await this.#write({ on: true, input, dropped: before?.dropped ?? 0 });
    });
  }

  /** What is kept stays. */
  end(): Promise<void> {
    return this.#next(async () => {
      const before = await this.#read();
      if (before?.on === true) await this.#write({ ...before, on: false });
    });
  }

  /** Keeps the weights of a validation while the film goes on and wants them. @returns whether they were kept */
  add(weights: () => Weights, step: number): Promise<boolean> {
    return this.#next(async () => {
      const record = await this.#read();
      if (record?.on !== true) return false;
      try {
        const { kept, dropped } = await this.#folder.saveMoment(weights(), step);
        const now = { ...record, dropped: record.dropped + dropped };
        // Validations that are passed over cost no write: they are counted with the next one that is kept.
        if (kept && now.dropped > 0) await this.#write(now);
        this.#record = now;
        return kept;
      } catch (error) {
        this.#record = { ...record, on: false };
        throw error;
      }
    });
  }

  async #keepWhatIsThere(): Promise<void> {
    for (const step of await this.#folder.moments()) {
      // A checkpoint may go while it is being read, and another come in its place.
      const weights = await this.#folder.weightsAt(step).catch(() => null);
      if (weights !== null) await this.#folder.saveMoment(weights, step);
    }
  }

  async #read(): Promise<FilmRecord | null> {
    if (this.#record === undefined) this.#record = await this.#folder.film();
    return this.#record;
  }

  async #write(record: FilmRecord): Promise<void> {
    await this.#folder.writeFilm(record);
    this.#record = record;
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/**
 * Begins the film of a run that is about to take its first step.
 *
 * @returns the run's record, with a note where there is none: training goes on without
 */
export async function withFilm(
  folder: RunFolder,
  record: RunRecord,
  input: InspectedInput | undefined,
  start: Weights,
): Promise<RunRecord> {
  if (input === undefined) return record;
  const { summary } = record;
  try {
    await new RunFilm(folder, summary.parameters).begin(input, start);
    return record;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...record, summary: { ...summary, notes: [...(summary.notes ?? []), error.failure.message] } };
  }
}

const filmTooLarge = (parameters: number): UserError =>
  new UserError({
    code: 'film-too-large',
    message: `The weights of this network take ${Math.round((4 * parameters) / 2 ** 20)} MB: no film of them is kept.`,
    hint: 'Its best weights and those of its last checkpoints can be looked at.',
  });
