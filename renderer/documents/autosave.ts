import { engine, failureOf } from '../bridge/engine.ts';
import { shell } from '../bridge/shell-link.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { toastFailure } from '../ui/toast-store.ts';

/** Quiet time (ms) after an edit before a copy is kept. */
const after = 800;

/**
 * The engine keeps a copy of what is not saved, for the start after a crash.
 *
 * @returns the function that ends this
 */
export function keepCopies(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = useDocumentStore.subscribe((state, before) => {
    if (state.whole === before.whole && state.saved === before.saved) return;
    shell?.setUnsaved(isDirty(state));
    clearTimeout(timer);
    if (!isDirty(state)) {
      // Undone to what is on disk: the copy is not needed.
      if (isDirty(before)) engine.call('document.discard', { key: state.autosaveKey }).catch(() => undefined);
      return;
    }
    timer = setTimeout(() => {
      const { whole: document, path, autosaveKey } = useDocumentStore.getState();
      engine.call('document.autosave', { key: autosaveKey, path, document }).catch((error: unknown) => {
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
