import type { RunFilms } from '../manage/run-films.ts';
import type { Service } from './context.ts';

/** Weights of earlier moments of a run. */
export function filmService(films: RunFilms): Service<'film'> {
  return {
    'film.get': ({ run }) => films.get(run),
    'film.keep': ({ run, input }) => films.keep(run, input),
  };
}
