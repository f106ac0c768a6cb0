import { create } from 'zustand';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine } from '../bridge/engine.ts';
import { farHost } from '../bridge/machine.ts';
import { chooseFile } from '../documents/choose-path.ts';
import { leaveDocument } from '../documents/document-actions.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce, canvasAfterwards } from '../store/ui-store.ts';
import { refreshRuns, showRun } from '../training/store.ts';
import { toast, toastFailure } from '../ui/toast-store.ts';

interface ImportState {
  /** What was found at a path, while the user looks at it. */
  readonly found: { readonly path: string; readonly proposal: MethodResult<'import.inspect'> } | null;
}

export const useImportStore = create<ImportState>(() => ({ found: null }));

/** Asks for a file of an exported folder or a state dict, and shows what it holds. */
export async function chooseImport(): Promise<void> {
  const path = await chooseFile({ title: 'Import a PyTorch model', endings: ['safetensors', 'json'] });
  if (path !== null) await inspectImport(path);
}

/** Counts looks at models: only the newest one's answer is shown, and none after the user has dismissed it. */
let looks = 0;

/** Shows what a path holds, before anything is made of it. @param answers those that the rest depends on */
export async function inspectImport(path: string, answers: Readonly<Record<string, string>> = {}): Promise<void> {
  const mine = ++looks;
  try {
    const proposal = await engine.call('import.inspect', { path, answers });
    if (mine === looks) useImportStore.setState({ found: { path, proposal } });
  } catch (error) {
    if (mine === looks) toastFailure(error, 'The model was not imported');
  }
}

/** The same for a path of this computer: on another machine a model has to be there. */
export async function inspectHere(path: string): Promise<void> {
  const host = farHost();
  if (host === null) return inspectImport(path);
  toast({
    tone: 'info',
    title: `Models are imported on ${host}, where the runs are`,
    text: 'Copy the whole folder of the model there, and choose it with “Import a PyTorch model…”.',
  });
}

export function dismissImport(): void {
  looks++;
  useImportStore.setState({ found: null });
}

/** Makes a run of what was found, and puts its graph on the canvas. `false` when the user stays with the document that is open. */
export async function finishImport(path: string, answers: Readonly<Record<string, string>>): Promise<boolean> {
  if (!(await leaveDocument())) return false;
  const showCanvas = canvasAfterwards();
  const { run, document, notes } = await engine.call('import.open', { path, answers });
  useDocumentStore.getState().load({ document, path: null, dirty: true });
  showCanvas();
  await refreshRuns();
  await showRun(run.id);
  dismissImport();
  toast({
    tone: 'good',
    title: `${document.name} is on the canvas, with its weights`,
    text: notes[0] ?? 'Try it in the playground.',
  });
  announce(`${document.name} imported.`);
  return true;
}
