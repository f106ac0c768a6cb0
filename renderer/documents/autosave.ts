import type { UnrollDocument } from '../../engine/document/schema.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import { shell } from '../bridge/shell-link.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { toastFailure } from '../ui/toast-store.ts';

/** Quiet time (ms) after an edit before a copy is kept. */
const after = 800;

/** What a person has let go: no copy is kept of it, not even while what comes in its place is still being read. */
let letGo: UnrollDocument | null = null;

/** Keeps a copy of what is not saved, now. */
export async function keepCopy(): Promise<void> {
  const state = useDocumentStore.getState();
  const { autosaveKey: key, path, whole: document } = state;
  if (isDirty(state) && document !== letGo) await engine.call('document.autosave', { key, path, document });
}

/** Lets go of what is shown: nothing of it is offered at a start. */
export async function dropCopy(): Promise<void> {
  const { autosaveKey: key, whole } = useDocumentStore.getState();
  letGo = whole;
  await engine.call('document.discard', { key });
}

/** The same, of which `document.restore` brings back what is shown now. */
export async function trashCopy(): Promise<void> {
  const { autosaveKey: key, path, whole: document } = useDocumentStore.getState();
  letGo = document;
  try {
    await engine.call('document.autosave', { key, path, document });
  } catch (error) {
    // Done once the engine is back: nobody waits for it.
    dropCopy().catch(() => undefined);
    throw error;
  }
  await dropCopy();
}

/**
 * The engine keeps a copy of what is not saved, for the start after a crash.
 *
 * @returns the function that ends this
 */
export function keepCopies(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = useDocumentStore.subscribe((state, before) => {
    if (state.whole === before.whole && state.saved === before.saved) return;
    // What is let go and worked on all the same is kept again.
    if (state.whole !== before.whole) letGo = null;
    shell?.setUnsaved(isDirty(state));
    clearTimeout(timer);
    if (!isDirty(state)) {
      // Undone to what is on disk: the copy is not needed.
      const same = state.autosaveKey === before.autosaveKey;
      if (same && isDirty(before)) engine.call('document.discard', { key: state.autosaveKey }).catch(() => undefined);
      return;
    }
    timer = setTimeout(() => {
      keepCopy().catch((error: unknown) => {
        // Away for a moment: the banner says so, and the next edit is kept again.
        if (failureOf(error).code !== 'engine-crashed') toastFailure(error, 'No recovery copy is kept');
      });
    }, after);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
