import { create } from 'zustand';
import type { Film } from '../../engine/protocol/film.ts';
import type { InspectedWeights } from '../../engine/protocol/inspect.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { engine } from '../bridge/engine.ts';
import { activeRun, filmNextRun, useTrainingStore } from '../training/store.ts';
import { toastFailure } from '../ui/toast-store.ts';
import { chooseInput, chooseWeights, firstExample, isMoment, useInsight } from './store.ts';

interface FilmState {
  /** Of which run; `null` before it is known. */
  readonly run: string | null;
  readonly film: Film | null;
  readonly playing: boolean;
}

const nothing: FilmState = { run: null, film: null, playing: false };

/** What is kept of the past of the run that is looked into. */
export const useFilm = create<FilmState>(() => nothing);

const { getState: get, setState: set } = useFilm;

/** Whether a run can still have moments to come. */
const goesOn = ({ status }: RunSummary): boolean => status !== 'done';

/** Whether “Keep film” is on: for the run that is looked into, or for the next one. */
export const isKeeping = (run: RunSummary, film: Film | null, next: boolean): boolean =>
  next || (goesOn(run) && film?.on === true);

/** Keeps a film of the run that is looked into where it has not ended, and of those that are started from now on; or no more. */
export async function keepFilm(run: RunSummary, on: boolean): Promise<void> {
  const { input } = useInsight.getState();
  filmNextRun(on ? input : null);
  if (!goesOn(run) || (!on && get().film?.on !== true)) return;
  try {
    const film = await engine.call('film.keep', { run: run.id, input: on ? input : null });
    if (activeRun(useTrainingStore.getState())?.id === run.id) set({ run: run.id, film });
  } catch (error) {
    filmNextRun(null);
    toastFailure(error, 'No film is kept');
  }
}

export const setFilmPlaying = (playing: boolean): void => set({ playing });

/** A place of the film's slider: a moment that is kept, or at its end those weights that are shown without it. */
export type FilmStop = { readonly step: number } | 'now';

/** In order; with the moment that is shown also where it is no longer kept. */
export function stopsOf(film: Film | null, shown: InspectedWeights | null): readonly FilmStop[] {
  const steps = new Set(film?.moments.map(({ step }) => step));
  if (isMoment(shown)) steps.add(shown.step);
  return [...[...steps].sort((a, b) => a - b).map((step) => ({ step })), 'now'];
}

export function stopAt(stops: readonly FilmStop[], shown: InspectedWeights | null): number {
  const step = isMoment(shown) ? shown.step : null;
  const found = stops.findIndex((stop) => stop !== 'now' && stop.step === step);
  return found < 0 ? stops.length - 1 : found;
}

export const showStop = (stop: FilmStop | undefined): void => chooseWeights(stop === undefined || stop === 'now' ? null : stop);

let asking = false;
let again = false;

/** Asks what is kept; what comes up meanwhile is asked for once more. */
async function refresh(): Promise<void> {
  again = asking;
  if (asking) return;
  const run = activeRun(useTrainingStore.getState());
  if (!useInsight.getState().open || run === null) return;
  asking = true;
  const film = await engine.call('film.get', { run: run.id }).catch(() => null);
  asking = false;
  if (activeRun(useTrainingStore.getState())?.id === run.id && useInsight.getState().open) {
    const first = get().run !== run.id;
    set({ run: run.id, film });
    // Nobody has chosen anything else: what the film was begun with.
    if (first && film?.input && useInsight.getState().input === firstExample) chooseInput(film.input);
  }
  if (again) void refresh();
}

useInsight.subscribe((now, before) => {
  if (now.open === before.open) return;
  set(nothing);
  if (now.open) void refresh();
});
useTrainingStore.subscribe((now, before) => {
  const [run, was] = [activeRun(now), activeRun(before)];
  if (run?.id !== was?.id) set(nothing);
  if (run?.id !== was?.id || run?.status !== was?.status || run?.best?.step !== was?.best?.step) void refresh();
});
engine.on('film.moment', ({ run }) => {
  if (run === useTrainingStore.getState().active) void refresh();
});
