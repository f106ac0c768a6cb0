/** Undo and redo over immutable snapshots; unchanged parts are shared between them. */
export interface History<T> {
  readonly past: readonly T[];
  readonly future: readonly T[];
  /** Of the step that goes on: edits with the same key that follow each other are one (typing in a field, arrow keys). */
  readonly key: string | null;
}

export const emptyHistory: History<never> = { past: [], future: [], key: null };

const limit = 300;

/** Remembers `before`, the state ahead of an edit. However long a machine takes for an edit, the same ones are one step. */
export function record<T>(history: History<T>, before: T, key: string | null): History<T> {
  const same = key !== null && key === history.key && history.past.length > 0;
  const past = same ? history.past : [...history.past, before].slice(-limit);
  return { past, future: [], key };
}

/** The same history, in which the next edit is a step of its own. */
export const withStepEnded = <T>(history: History<T>): History<T> => (history.key === null ? history : { ...history, key: null });

export function undo<T>(history: History<T>, present: T): { readonly history: History<T>; readonly present: T } | null {
  const previous = history.past.at(-1);
  if (previous === undefined) return null;
  return {
    present: previous,
    history: { past: history.past.slice(0, -1), future: [present, ...history.future], key: null },
  };
}

export function redo<T>(history: History<T>, present: T): { readonly history: History<T>; readonly present: T } | null {
  const [next, ...future] = history.future;
  if (next === undefined) return null;
  return { present: next, history: { past: [...history.past, present], future, key: null } };
}
