import { create } from 'zustand';
import type { Trace } from '../../engine/protocol/inspect.ts';
import type { Hold } from '../../engine/protocol/what-if.ts';
import { recurrencesOf, samePlace, useInsight } from './store.ts';

/** Another text in place of a token of the input. */
export interface Edit {
  readonly step: number;
  readonly text: string;
}

interface WhatIfState {
  readonly holds: readonly Hold[];
  readonly edit: Edit | null;
}

/** What is asked: of the run and the sentence that are looked at. */
export const useWhatIf = create<WhatIfState>(() => ({ holds: [], edit: null }));
const { setState: set } = useWhatIf;

export const addHold = (hold: Hold): void => set(({ holds }) => ({ holds: [...holds, hold] }));
export const release = (hold: Hold): void => set(({ holds }) => ({ holds: holds.filter((one) => one !== hold) }));
export const releaseAll = (): void => set({ holds: [] });
export const replaceToken = (edit: Edit | null): void => set({ edit });

/** The holds that a trace has a place for: of another run some may be of nothing. */
export function holdsOf(trace: Trace, holds: readonly Hold[]): readonly Hold[] {
  const all = recurrencesOf(trace);
  return holds.filter((hold) => {
    const recurrence = all.find(({ place }) => samePlace(place, hold))?.recurrence;
    const value = recurrence?.values.find(({ name }) => name === hold.line);
    if (!recurrence || !value) return false;
    const { units, steps } = hold;
    return (
      (units === null || units.every((unit) => unit < value.units)) && (steps === null || steps.from < recurrence.steps.length)
    );
  });
}

// Of another sentence, a token is another one.
useInsight.subscribe((now, before) => {
  if (now.input !== before.input) set({ edit: null });
});
