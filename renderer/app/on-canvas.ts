import { useUiStore } from '../store/ui-store.ts';

/** The canvas must be on screen before something is put on it. */
export function onCanvas(action: () => void): () => void {
  return () => {
    if (useUiStore.getState().tab === 'design') action();
    else {
      useUiStore.getState().setTab('design');
      setTimeout(action, 80);
    }
  };
}
