import { create } from 'zustand';
import { setDock } from '../store/dock-store.ts';
import { type Place, samePlace, setPlace, setView, useInsight } from './store.ts';

/** The parameter that is taken apart, by its name in the equations; `null`: the first that multiplies a state. */
export const useTerms = create<{ readonly parameter: string | null }>(() => ({ parameter: null }));

export const chooseParameter = (parameter: string): void => useTerms.setState({ parameter });

/** Shows the gradient of a parameter of one recurrence, step by step. */
export function showTerms(place: Place, parameter: string): void {
  const now = useInsight.getState().place;
  if (now === null || !samePlace(now, place)) setPlace(place);
  chooseParameter(parameter);
  setView('terms');
  setDock('training', { open: true });
}
