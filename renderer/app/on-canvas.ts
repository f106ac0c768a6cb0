import { isCellOpen, leaveCell } from '../cell-editor/open-cell.ts';
import { useUiStore } from '../store/ui-store.ts';

/** The canvas must be on screen before something is put on it. */
export function onCanvas(action: () => void): () => void {
  return () => {
    if (useUiStore.getState().tab === 'design' && !isCellOpen()) action();
    else {
      useUiStore.getState().setTab('design');
      leaveCell();
      setTimeout(action, 80);
    }
  };
}
