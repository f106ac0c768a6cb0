import { create } from 'zustand';

/**
 * What was typed and chosen about each run. It stays while the window is open, so that one can look at the canvas and come back.
 *
 * @returns a hook: what is kept of a run, and what changes some of it
 */
export function keptForRuns<T extends object>(): (run: string, first: T) => readonly [T, (some: Partial<T>) => void] {
  const useKept = create<Readonly<Record<string, T>>>(() => ({}));
  return (run, first) => {
    const kept = useKept((s) => s[run]) ?? first;
    return [kept, (some) => useKept.setState((s) => ({ [run]: { ...(s[run] ?? first), ...some } }) as Partial<typeof s>)];
  };
}
