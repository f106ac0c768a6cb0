/** Undo and redo over immutable snapshots; unchanged parts are shared between them. */
export interface History<T> {
  readonly past: readonly T[];
  readonly future: readonly T[];
  /** Edits with the same key that follow each other closely are one step (typing in a field, arrow keys). */
  readonly key: string | null;
  /** ms */
  readonly at: number;
}

export const emptyHistory: History<never> = { past: [], future: [], key: null, at: 0 };

const limit = 300;
const coalesceWithin = 1200;

/** Remembers `before`, the state ahead of an edit made at `now`. */
export function record<T>(history: History<T>, before: T, key: string | null, now: number): History<T> {
  const same = key !== null && key === history.key && now - history.at < coalesceWithin && history.past.length > 0;
  const past = same ? history.past : [...history.past, before].slice(-limit);
  return { past, future: [], key, at: now };
}

export function undo<T>(history: History<T>, present: T): { readonly history: History<T>; readonly present: T } | null {
  const previous = history.past.at(-1);
  if (previous === undefined) return null;
  return {
    present: previous,
    history: { past: history.past.slice(0, -1), future: [present, ...history.future], key: null, at: 0 },
  };
}

export function redo<T>(history: History<T>, present: T): { readonly history: History<T>; readonly present: T } | null {
  const [next, ...future] = history.future;
  if (next === undefined) return null;
  return { present: next, history: { past: [...history.past, present], future, key: null, at: 0 } };
}
