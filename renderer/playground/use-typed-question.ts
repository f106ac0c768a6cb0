import { keptForRuns } from './kept-for-runs.ts';
import type { PickedRow } from './row-picker.tsx';
import { defaultSearch, type SearchChoice } from './search-choice.ts';

interface TypedQuestion {
  readonly text: string;
  /** The row whose input the text is; `null` once it was typed. */
  readonly row: PickedRow | null;
  readonly search: SearchChoice;
}

const useTyped = keptForRuns<TypedQuestion>();

/** What a run is asked in a text field, and what changes it. */
export const useTypedQuestion = (run: string) => useTyped(run, { text: '', row: null, search: defaultSearch });
