import { flushSync } from 'react-dom';
import { nodeOf } from '../../engine/document/node-of.ts';
import { farHost } from '../bridge/machine.ts';
import { shell } from '../bridge/shell-link.ts';
import {
  copySelection,
  cutSelection,
  deleteSelection,
  duplicateSelection,
  insertComment,
  pasteText,
  selectAll,
} from '../canvas/canvas-actions.ts';
import { selectedFrames } from '../canvas/frame-actions.ts';
import { insertPart } from '../canvas/insert-part.ts';
import { startRenaming } from '../canvas/name-field.tsx';
import { layerParts } from '../canvas/parts.ts';
import { openSelectedMenu, selectedElement } from '../canvas/selected-menu.ts';
import type { WireSubject } from '../canvas/wire-choices.ts';
import { openWirePicker } from '../canvas/wire-picker-store.ts';
import { isCellOpen } from '../cell-editor/open-cell.ts';
import { newDocument, openDocument, saveDocument, saveDocumentAs } from '../documents/document-actions.ts';
import { chooseImport, inspectHere } from '../import/import-store.ts';
import { disconnect, openConnectDialog } from '../machine/actions.ts';
import { openRayDialog } from '../ray/ray-store.ts';
import { showSide } from '../store/dock-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { type DialogName, type Tab, useUiStore } from '../store/ui-store.ts';
import { toggleNotices } from '../training/run-notices.ts';
import { cancelStart, isStarting, pause, resume, runningRun, startTraining, stop, useTrainingStore } from '../training/store.ts';
import { alignCommands } from './align-commands.ts';
import { groupCommands } from './group-commands.ts';
import { onCanvas } from './on-canvas.ts';
import { viewCommands } from './view-commands.ts';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'File' | 'Edit' | 'Align' | 'View' | 'Train' | 'Go to' | 'Add' | 'Help';
  /** Combinations; the first is shown. Those without `mod` keep quiet while text is typed. */
  readonly keys?: readonly string[];
  /** Works on the canvas only: on other tabs its keys do nothing. */
  readonly canvas?: boolean;
  /** Works inside an open cell too, where the canvas is not on the screen. */
  readonly inCell?: boolean;
  enabled?(): boolean;
  run(): void;
}

const doc = useDocumentStore.getState;
const ui = useUiStore.getState;
const chosen = (): boolean => doc().selection.size > 0;
const oneNode = (): string | undefined => {
  const { selection, document } = doc();
  return selection.size === 1 ? nodeOf(document, [...selection][0])?.id : undefined;
};
/** What has the focus on the canvas, otherwise the one thing that is selected: a node or a wire. */
function wireSubject(): WireSubject | undefined {
  const { selection, document: graph } = doc();
  const focused = document.activeElement?.closest<HTMLElement>('.react-flow__node, .react-flow__edge')?.dataset['id'];
  const id = focused ?? (selection.size === 1 ? [...selection][0] : undefined);
  if (graph.nodes.some((n) => n.id === id)) return { node: id ?? '', port: null };
  return graph.edges.some((e) => e.id === id) ? { wire: id ?? '' } : undefined;
}
/** The node or frame that alone is selected. */
const oneNamed = (): string | undefined => oneNode() ?? (doc().selection.size === 1 ? selectedFrames()[0]?.id : undefined);
const dialog = (name: DialogName) => (): void => ui().openDialog(name);
const go = (tab: Tab) => (): void => ui().setTab(tab);
const running = (): boolean => {
  const state = useTrainingStore.getState();
  return runningRun(state) !== null || isStarting(state);
};

export function trainOrPause(): void {
  const state = useTrainingStore.getState();
  const run = runningRun(state);
  if (isStarting(state)) void cancelStart();
  else if (run?.status === 'running') void pause();
  else if (run?.status === 'paused') void resume();
  else void startTraining();
}

/** Also of a run whose data is still being prepared. */
export function stopTraining(): void {
  if (isStarting(useTrainingStore.getState())) void cancelStart();
  else void stop();
}

/** Opens a document; a model that was chosen instead is imported. */
async function open(): Promise<void> {
  const model = await openDocument();
  if (model !== null) await inspectHere(model);
}

/** Every command of the window: the palette, the menus, the keys and the desktop's menu bar all run these. */
export const commands: readonly Command[] = [
  { id: 'document.new', title: 'New document', group: 'File', keys: ['mod+alt+n'], run: () => void newDocument() },
  { id: 'document.templates', title: 'New from template…', group: 'File', run: dialog('templates') },
  { id: 'document.open', title: 'Open…', group: 'File', keys: ['mod+o'], run: () => void open() },
  { id: 'document.save', title: 'Save', group: 'File', keys: ['mod+s'], run: () => void saveDocument() },
  { id: 'document.save-as', title: 'Save as…', group: 'File', keys: ['mod+shift+s'], run: () => void saveDocumentAs() },
  { id: 'document.import', title: 'Import a PyTorch model…', group: 'File', run: () => void chooseImport() },
  { id: 'document.export', title: 'Export PyTorch code or ONNX…', group: 'File', keys: ['mod+e'], run: dialog('export') },
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    keys: ['mod+z'],
    enabled: () => doc().history.past.length > 0,
    run: () => doc().undo(),
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    group: 'Edit',
    keys: ['mod+shift+z', 'mod+y'],
    enabled: () => doc().history.future.length > 0,
    run: () => doc().redo(),
  },
  { id: 'edit.cut', title: 'Cut', group: 'Edit', canvas: true, enabled: chosen, run: () => void cutSelection() },
  { id: 'edit.copy', title: 'Copy', group: 'Edit', canvas: true, enabled: chosen, run: () => void copySelection() },
  { id: 'edit.paste', title: 'Paste', group: 'Edit', canvas: true, run: () => void pasteText() },
  {
    id: 'edit.duplicate',
    title: 'Duplicate',
    group: 'Edit',
    keys: ['mod+d'],
    canvas: true,
    enabled: chosen,
    run: duplicateSelection,
  },
  {
    id: 'edit.delete',
    title: 'Delete',
    group: 'Edit',
    keys: ['delete', 'backspace'],
    canvas: true,
    enabled: chosen,
    run: deleteSelection,
  },
  { id: 'edit.select-all', title: 'Select all', group: 'Edit', keys: ['mod+a'], canvas: true, run: selectAll },
  {
    id: 'edit.menu',
    title: 'Menu of what is selected',
    group: 'Edit',
    keys: ['m'],
    canvas: true,
    enabled: () => selectedElement() !== null,
    run: openSelectedMenu,
  },
  {
    id: 'edit.rename',
    title: 'Rename',
    group: 'Edit',
    keys: ['f2'],
    canvas: true,
    enabled: () => oneNamed() !== undefined,
    run: onCanvas(() => {
      const named = oneNamed();
      if (named !== undefined) startRenaming(named);
    }),
  },
  {
    id: 'wire.start',
    title: 'Draw, move or remove a wire…',
    group: 'Edit',
    keys: ['w'],
    canvas: true,
    enabled: () => wireSubject() !== undefined,
    run: () => {
      const subject = wireSubject();
      if (subject) openWirePicker(subject);
    },
  },
  { id: 'edit.comment', title: 'Add a comment', group: 'Edit', keys: ['c'], canvas: true, run: onCanvas(() => insertComment()) },
  ...groupCommands,
  {
    id: 'layer.find',
    title: 'Find a layer',
    group: 'Edit',
    keys: ['/'],
    run: onCanvas(() => {
      // What is typed next is for it, in this very moment too; it may still have to be drawn.
      flushSync(() => showSide('layers'));
      const search = () => document.querySelector<HTMLInputElement>('#layer-search');
      if (search()) search()?.focus();
      else requestAnimationFrame(() => search()?.focus());
    }),
  },
  ...alignCommands,
  ...viewCommands,
  { id: 'go.design', title: 'Design', group: 'Go to', keys: ['mod+1'], run: go('design') },
  { id: 'go.data', title: 'Data', group: 'Go to', keys: ['mod+2'], run: go('data') },
  { id: 'go.runs', title: 'Runs', group: 'Go to', keys: ['mod+3'], run: go('runs') },
  { id: 'go.playground', title: 'Playground', group: 'Go to', keys: ['mod+4'], run: go('playground') },
  { id: 'go.sweep', title: 'Sweep: many trainings with other settings', group: 'Go to', keys: ['mod+5'], run: go('sweep') },
  { id: 'training.toggle', title: 'Train, pause or continue', group: 'Train', keys: ['mod+enter'], run: trainOrPause },
  { id: 'training.start', title: 'Train', group: 'Train', enabled: () => !running(), run: () => void startTraining() },
  {
    id: 'training.ray',
    title: 'Train on a Ray cluster…',
    group: 'Train',
    enabled: () => !running(),
    run: openRayDialog,
  },
  { id: 'training.pause', title: 'Pause training', group: 'Train', enabled: running, run: () => void pause() },
  { id: 'training.stop', title: 'Stop training', group: 'Train', enabled: running, run: stopTraining },
  {
    id: 'training.notify',
    title: 'Tell by the system when a run ends, or no longer',
    group: 'Train',
    run: () => void toggleNotices(),
  },
  { id: 'machine.connect', title: 'Connect to a machine…', group: 'Train', run: openConnectDialog },
  {
    id: 'machine.disconnect',
    title: 'Back to this computer',
    group: 'Train',
    enabled: () => farHost() !== null,
    run: () => void disconnect(),
  },
  { id: 'help.lessons', title: 'Learn: short lessons…', group: 'Help', run: dialog('lessons') },
  { id: 'help.shortcuts', title: 'Keyboard shortcuts', group: 'Help', keys: ['?'], run: dialog('shortcuts') },
  { id: 'help.palette', title: 'Command palette', group: 'Help', keys: ['mod+k', 'mod+shift+p'], run: dialog('palette') },
  ...(shell === null ? [] : [{ id: 'help.updates', title: 'Updates…', group: 'Help', run: dialog('updates') } as const]),
  ...layerParts.map(
    (part): Command => ({
      id: `add.${part.id}`,
      title: `Add ${part.title}`,
      group: 'Add',
      run: onCanvas(() => insertPart(part)),
    }),
  ),
];

export const commandsById: ReadonlyMap<string, Command> = new Map(commands.map((command) => [command.id, command]));

/** Whether a command has something to work on now. */
export const canRun = (command: Command): boolean =>
  command.enabled?.() !== false && !(command.canvas && !command.inCell && isCellOpen());

/** Runs a command by id; `false` when there is none or it cannot run now. */
export function runCommand(id: string): boolean {
  const command = commandsById.get(id);
  if (!command || !canRun(command)) return false;
  command.run();
  return true;
}
