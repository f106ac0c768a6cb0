import { useDocumentStore } from '../store/document-store.ts';

/** What a person does between two edits of one thing that are two steps to undo: pointing at something, or going elsewhere. */
const others = ['pointerdown', 'focusin'] as const;

/**
 * Typing in a field, or moving with the arrow keys, is one step to undo until something else is done.
 *
 * @returns the function that ends this
 */
export function endSteps(): () => void {
  const end = (): void => useDocumentStore.getState().endStep();
  for (const event of others) window.addEventListener(event, end, { capture: true });
  return () => {
    for (const event of others) window.removeEventListener(event, end, { capture: true });
  };
}
