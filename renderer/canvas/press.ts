import type { PointerEvent } from 'react';
import { create } from 'zustand';
import { useDocumentStore } from '../store/document-store.ts';

/** Whether a node is held down: it may be about to be dragged. */
export const usePress = create<{ readonly held: boolean }>(() => ({ held: false }));

/** What has a press of its own. */
const own = '.nodrag, .react-flow__handle, button, input, textarea, a';

/** What is pressed is selected at once, not when it moves: the frame in which a drag begins has enough to do. */
export function press({ button, shiftKey, ctrlKey, metaKey, target }: PointerEvent): void {
  if (button !== 0 || shiftKey || ctrlKey || metaKey || !(target instanceof Element) || target.closest(own)) return;
  const id = target.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
  if (id === undefined) return;
  usePress.setState({ held: true });
  const listening = new AbortController();
  const release = (): void => {
    listening.abort();
    usePress.setState({ held: false });
  };
  for (const end of ['pointerup', 'pointercancel', 'blur'])
    window.addEventListener(end, release, { capture: true, signal: listening.signal });
  const { selection, select } = useDocumentStore.getState();
  if (!selection.has(id)) select([id]);
}
