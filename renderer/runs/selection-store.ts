import { create } from 'zustand';
import { deleteRun, loadRun, useTrainingStore } from '../training/store.ts';
import { toast, toastFailure } from '../ui/toast-store.ts';

interface RunSelection {
  /** Runs side by side, in the order in which they were ticked. */
  readonly compared: readonly string[];
  /** The run whose details are shown. */
  readonly shown: string | null;
  /** Deleted, but not yet for good: hidden while the deletion can be undone. */
  readonly leaving: readonly string[];
}

export const useRunSelection = create<RunSelection>(() => ({ compared: [], shown: null, leaving: [] }));
const { setState: set } = useRunSelection;

const read = (run: string): void => {
  if (!useTrainingStore.getState().documents[run]) void loadRun(run);
};

export function showDetails(run: string): void {
  set({ shown: run });
  read(run);
}

export function compare(run: string, on: boolean): void {
  set(({ compared }) => ({ compared: on ? [...compared.filter((id) => id !== run), run] : compared.filter((id) => id !== run) }));
  if (on) read(run);
}

export const compareNone = (): void => set({ compared: [] });

/** How long a deletion can be undone. */
const grace = 6_000;

/** Hides runs at once and deletes them when the time to undo is over. */
export function deleteRuns(runs: readonly { readonly id: string; readonly name: string }[]): void {
  const ids = runs.map((run) => run.id);
  set((state) => ({
    leaving: [...state.leaving, ...ids],
    compared: state.compared.filter((id) => !ids.includes(id)),
    shown: state.shown !== null && ids.includes(state.shown) ? null : state.shown,
  }));
  const back = (): void => set((state) => ({ leaving: state.leaving.filter((id) => !ids.includes(id)) }));
  let begun = false;
  const timer = setTimeout(() => {
    begun = true;
    Promise.all(ids.map((id) => deleteRun(id))).then(
      (kept) => {
        back();
        tellKept(kept.flat());
      },
      (error: unknown) => {
        back();
        toastFailure(error, 'Not deleted');
      },
    );
  }, grace);
  toast({
    tone: 'info',
    title: runs.length === 1 ? `Deleted “${runs[0]?.name}”` : `Deleted ${runs.length} runs`,
    action: {
      label: 'Undo',
      run() {
        // The message may be held in sight for longer.
        if (begun) {
          toast({ tone: 'bad', title: 'It is too late: the files are deleted.' });
          return;
        }
        clearTimeout(timer);
        back();
      },
    },
  });
}

function tellKept(names: readonly string[]): void {
  if (names.length === 0) return;
  const some = names.slice(0, 5).join(', ');
  toast({
    tone: 'info',
    title: names.length === 1 ? 'One file in the folder stays' : `${names.length} files in the folder stay`,
    text: `Not written by the run: ${some}${names.length > 5 ? ' …' : ''}`,
  });
}
