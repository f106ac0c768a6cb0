import { readDocument } from '../../engine/document/migrations.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { announce, canvasAfterwards, useUiStore } from '../store/ui-store.ts';
import { toast, toastFailure } from '../ui/toast-store.ts';
import { dropCopy, trashCopy } from './autosave.ts';
import { chooseFileHere, chooseSavePath } from './choose-path.ts';
import { askUnsaved } from './unsaved-store.ts';

const doc = useDocumentStore.getState;
const endings = ['unroll.json', 'safetensors'] as const;

/** Ends with the document being safe to replace: saved, or given up by the user. `false` when the user stays. */
export async function leaveDocument(): Promise<boolean> {
  if (!isDirty(doc())) return true;
  const { whole: document } = doc();
  const { nodes, comments, frames, blocks, data } = document;
  if ([nodes, comments, frames, blocks].every((items) => items.length === 0) && data === null) {
    dropCopy().catch(() => undefined);
    return true;
  }
  const answer = await askUnsaved(document.name);
  if (answer === 'cancel') return false;
  if (answer === 'save') return saveDocument();
  await giveUp();
  return true;
}

/** Lets the changes go, in a way that can be undone: a copy goes into the trash. */
async function giveUp(): Promise<void> {
  const { whole: document, autosaveKey: key } = doc();
  try {
    await trashCopy();
  } catch {
    return; // the engine is away: the user has said that the changes may go
  }
  toast({
    tone: 'info',
    title: `The changes to “${document.name}” were not saved.`,
    action: { label: 'Undo', run: () => void bringBack(key) },
  });
}

async function bringBack(key: string): Promise<void> {
  try {
    await engine.call('document.restore', { key });
    await recoverDocument(key);
  } catch (error) {
    toastFailure(error, 'The changes were not brought back');
  }
}

/**
 * Shows an autosaved copy, as changes that are not saved. `left` as in `openPath`.
 *
 * @returns `false` when the user stays with what is open
 */
export async function recoverDocument(key: string, left = false): Promise<boolean> {
  if (!left && !(await leaveDocument())) return false;
  const opened = await engine.call('document.recover', { key });
  doc().load({ document: opened.document, path: opened.path, revision: opened.revision, dirty: true });
  // Under the key of the window from now on; before the old copy goes.
  await engine.call('document.autosave', { key: doc().autosaveKey, path: opened.path, document: opened.document });
  await engine.call('document.discard', { key });
  return true;
}

export async function newDocument(): Promise<void> {
  if (!(await leaveDocument())) return;
  doc().load({ document: emptyDocument(), path: null });
  useUiStore.getState().setTab('design');
  announce('New document.');
}

/** Asks for a file and opens it. The path of a model, which is no document, is handed back. */
export async function openDocument(): Promise<string | null> {
  const path = await chooseFileHere({ title: 'Open a document', endings });
  if (path === null || isModelPath(path)) return path;
  await openPath(path);
  return null;
}

/** Whether a path is of a model's weights or settings rather than of a document. */
export const isModelPath = (path: string): boolean => /\.safetensors$|(^|[\\/])config\.json$/i.test(path);

/**
 * Opens a document by path.
 *
 * @param left whether the user was already asked about unsaved changes
 * @param wanted whether it is still to be shown when it has been read
 */
export async function openPath(path: string, left = false, wanted = (): boolean => true): Promise<boolean> {
  if (!left && !(await leaveDocument())) return false;
  const showCanvas = canvasAfterwards();
  try {
    const opened = await engine.call('document.open', { path });
    if (!wanted()) return false;
    doc().load({ document: opened.document, path: opened.path, revision: opened.revision, dirty: opened.migratedFrom !== null });
    showCanvas();
    if (opened.migratedFrom !== null) {
      toast({
        tone: 'info',
        title: `Opened a file of version ${opened.migratedFrom}`,
        text: [...opened.notes, 'It is saved in the newest version when you save it; the file is unchanged until then.'].join(
          ' ',
        ),
      });
    }
    announce(`${opened.document.name} opened.`);
    return true;
  } catch (error) {
    toastFailure(error, 'The document was not opened');
    return false;
  }
}

export async function openTemplate(name: string): Promise<boolean> {
  if (!(await leaveDocument())) return false;
  const showCanvas = canvasAfterwards();
  try {
    const { document, readme } = await engine.call('template.open', { name });
    doc().load({ document, path: null, readme });
    showCanvas();
    announce(`${document.name} opened.`);
    return true;
  } catch (error) {
    toastFailure(error, 'The template was not opened');
    return false;
  }
}

interface Permission {
  /** A document that is there already may be replaced; otherwise the person is asked. */
  readonly replace: boolean;
  /** What is there has to be this; otherwise somebody else has saved, and the person is asked. */
  readonly revision?: string;
}

async function write(path: string, permission: Permission): Promise<boolean> {
  const { whole: document, autosaveKey } = doc();
  const isOpen = (): boolean => doc().autosaveKey === autosaveKey;
  try {
    const saved = await engine.call('document.save', { path, document, ...permission });
    if (isOpen()) doc().markSaved(saved.path, document, saved.revision);
    void engine.call('document.discard', { key: autosaveKey }).catch(() => undefined);
    announce('Saved.');
    return true;
  } catch (error) {
    const { code, message } = failureOf(error);
    if (code === 'changed-on-disk') {
      const answer = await askUnsaved(path.split(/[\\/]/).at(-1) ?? path, 'changed');
      if (answer === 'save') return saveDocumentAs();
      return answer === 'discard' ? write(path, { replace: true }) : false;
    }
    const replace = (): void => {
      if (isOpen()) void write(path, { replace: true });
      else toast({ tone: 'bad', title: `Not saved: “${document.name}” is not open any more.` });
    };
    const action =
      code === 'path-not-chosen'
        ? { label: 'Save as…', run: () => void saveDocumentAs() }
        : code === 'document-exists'
          ? { label: 'Replace it', run: replace }
          : null;
    if (action) toast({ tone: 'bad', title: `Not saved: ${message}`, action });
    else toastFailure(error, 'The document was not saved');
    return false;
  }
}

export async function saveDocument(): Promise<boolean> {
  const { path, revision } = doc();
  if (path === null) return saveDocumentAs();
  return write(path, revision === null ? { replace: false } : { replace: true, revision });
}

export async function saveDocumentAs(): Promise<boolean> {
  const suggested = `${
    doc()
      .document.name.replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-')
      .trim() || 'Untitled'
  }.unroll.json`;
  const chosen = await chooseSavePath({ title: 'Save the document', suggested });
  if (chosen === null) return false;
  if (/\.json$/i.test(chosen.path)) return write(chosen.path, { replace: chosen.replace });
  // Another file than the one that the dialog may have asked about.
  return write(`${chosen.path}.unroll.json`, { replace: false });
}

/** Opens a document from its text: a file dropped on a browser window has no path. */
export async function openText(text: string, name: string): Promise<boolean> {
  const read = readDocument(text);
  if (!read.ok) {
    toast({ tone: 'bad', title: `${name} was not opened: ${read.message}`, text: read.hint });
    return false;
  }
  if (!(await leaveDocument())) return false;
  doc().load({ document: read.document, path: null, dirty: true });
  useUiStore.getState().setTab('design');
  announce(`${read.document.name} opened.`);
  return true;
}
