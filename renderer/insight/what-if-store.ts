import { create } from 'zustand';
import type { Trace } from '../../engine/protocol/inspect.ts';
import type { Hold } from '../../engine/protocol/what-if.ts';
import { recurrencesOf, useInsight } from './store.ts';

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
export const holdsOf = (trace: Trace, holds: readonly Hold[]): readonly Hold[] =>
  holds.filter(({ node, layer, direction, line, units, steps }) =>
    recurrencesOf(trace).some(({ place, recurrence }) => {
      const value = recurrence.values.find(({ name }) => name === line);
      const here = place.node === node && place.layer === layer && place.direction === direction;
      const there = units === null || (value !== undefined && units.every((unit) => unit < value.units));
      return here && value !== undefined && there && (steps === null || steps.from < recurrence.steps.length);
    }),
  );

// Of another sentence, a token is another one.
useInsight.subscribe((now, before) => {
  if (now.input !== before.input) set({ edit: null });
});
