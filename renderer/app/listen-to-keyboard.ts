import { shell } from '../bridge/shell-link.ts';
import { copySelection, cutSelection, pasteText } from '../canvas/canvas-actions.ts';
import { isCellOpen } from '../cell-editor/open-cell.ts';
import { useUiStore } from '../store/ui-store.ts';
import { commands, runCommand } from './commands.ts';
import { isTyping, matches } from './keys.ts';

const inDialog = (): boolean => document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null;
const onCanvas = (): boolean => useUiStore.getState().tab === 'design' && !isCellOpen();
const textSelected = (): boolean => (window.getSelection()?.toString() ?? '') !== '';

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || inDialog()) return;
  const typing = isTyping(event.target);
  const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, [role="tab"]') !== null;
  for (const command of commands) {
    const combination = command.keys?.find((keys) => matches(event, keys));
    if (combination === undefined) continue;
    const plain = !combination.includes('mod+');
    if (typing && (plain || ['edit.undo', 'edit.redo', 'edit.select-all', 'edit.duplicate'].includes(command.id))) continue;
    if (command.canvas && !onCanvas() && !(command.inCell && isCellOpen())) continue;
    if (onButton && combination === 'enter') continue;
    if (runCommand(command.id)) event.preventDefault();
    return;
  }
}

const clip = (action: () => string | null) => (event: ClipboardEvent) => {
  if (isTyping(event.target) || !onCanvas() || inDialog() || textSelected()) return;
  const text = action();
  if (text === null) return;
  event.clipboardData?.setData('text/plain', text);
  event.preventDefault();
};

function paste(event: ClipboardEvent): void {
  if (isTyping(event.target) || !onCanvas() || inDialog()) return;
  if (pasteText(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
}

/** Keys, the clipboard and the desktop's menu all lead to the same commands, from before the first picture on: a key pressed early is not lost. */
export function listenToKeyboard(): void {
  window.addEventListener('keydown', press);
  window.addEventListener('copy', clip(copySelection));
  window.addEventListener('cut', clip(cutSelection));
  window.addEventListener('paste', paste);
  shell?.onCommand((id) => void runCommand(id));
}
