import { create } from 'zustand';
import { emptyDocument } from '../../engine/document/schema.ts';
import { engine } from '../bridge/engine.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { toastFailure } from '../ui/toast-store.ts';
import { leaveDocument, openPath, recoverDocument } from './document-actions.ts';

/** The document that another window has taken from this one, until the person has read of it. */
export const useTaken = create<{ readonly taken: { readonly name: string; readonly unsaved: boolean } | null }>(() => ({
  taken: null,
}));

/** Goes on here with the document of another window, with what was not saved there. */
export async function takeOver({ key, path }: { readonly key: string; readonly path: string }): Promise<void> {
  if (!(await leaveDocument())) return;
  try {
    const { copied } = await engine.call('window.takeOver', { key });
    await (copied ? recoverDocument(key, true) : openPath(path, true));
  } catch (error) {
    toastFailure(error, 'The document was not taken over');
  }
}

/** Lets the document go when another window takes it over; what is not saved goes along as a copy. */
export const handOverWhenAsked = (): (() => void) => engine.on('window.taken', ({ key: asked }) => void handOver(asked));

async function handOver(asked: string): Promise<void> {
  const state = useDocumentStore.getState();
  const { whole: document, path, autosaveKey: key } = state;
  // By now this window shows another document: the engine says so after a while.
  if (key !== asked) return;
  const unsaved = isDirty(state);
  try {
    if (unsaved) await engine.call('document.autosave', { key, path, document });
    useDocumentStore.getState().load({ document: emptyDocument(), path: null });
    await engine.call('window.handOver', { copied: unsaved });
    useTaken.setState({ taken: { name: document.name, unsaved } });
  } catch (error) {
    toastFailure(error, 'The document could not be handed to another window');
  }
}
