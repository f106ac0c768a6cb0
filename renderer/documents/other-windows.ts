import { create } from 'zustand';
import { useDocumentStore } from '../store/document-store.ts';

/*
 * Windows of one browser know of each other by a lock that each holds while it lives, named after its document. Windows of other browsers
 * are told apart by the file's revision when they save.
 */

const prefix = 'unroll.window ';
/** A lock is let go a moment after it was asked to be: this window knows its own, also those of the document before. */
const me = Math.random().toString(36).slice(2);

/** Another window of this browser on the same engine. */
interface OtherWindow {
  /** Of its autosaved copy. */
  readonly key: string;
  readonly path: string | null;
}

export const useOtherWindows = create<{ readonly others: readonly OtherWindow[] }>(() => ({ others: [] }));

const locks = (): LockManager | undefined => (typeof navigator === 'undefined' ? undefined : navigator.locks);

/** Locks are named `window key path`. */
async function askAround(): Promise<readonly OtherWindow[]> {
  const state = await locks()?.query();
  return (state?.held ?? []).flatMap(({ name }) => {
    if (name === undefined || !name.startsWith(prefix)) return [];
    const [window, key = '', ...path] = name.slice(prefix.length).split(' ');
    return window === me ? [] : [{ key, path: path.length === 0 ? null : path.join(' ') }];
  });
}

/** Keys of the copies that belong to living windows: nobody needs to recover them. */
export async function heldElsewhere(): Promise<ReadonlySet<string>> {
  return new Set((await askAround()).map(({ key }) => key));
}

/** Tells other windows of this one, and looks for them now, when the document is another one, and when the user comes back. */
export function meetOtherWindows(): () => void {
  let release: (() => void) | undefined;
  const look = (): void => {
    askAround().then(
      (others) => useOtherWindows.setState({ others }),
      () => undefined,
    );
  };
  const hold = (): void => {
    release?.();
    const { autosaveKey, path } = useDocumentStore.getState();
    const name = `${prefix}${me} ${autosaveKey}${path === null ? '' : ` ${path}`}`;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    locks()
      ?.request(name, () => held)
      .catch(() => undefined);
    look();
  };
  hold();
  const unsubscribe = useDocumentStore.subscribe((state, before) => {
    if (state.autosaveKey !== before.autosaveKey || state.path !== before.path) hold();
  });
  window.addEventListener('focus', look);
  return () => {
    release?.();
    unsubscribe();
    window.removeEventListener('focus', look);
  };
}
