import { create } from 'zustand';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { toast } from '../ui/toast-store.ts';
import type { FromArranging, ToArrange } from './arrange-worker.ts';
import { type Arranged, autoLayout, withArranged } from './auto-layout.ts';
import { cardSizes } from './canvas-actions.ts';
import { zoomToFit } from './viewport-store.ts';

const store = useDocumentStore.getState;

/** How much of an arrangement that goes on is done, 0–1; `null` where none does. */
export const useArranging = create<{ readonly done: number | null }>(() => ({ done: null }));

/** Nodes that are arranged at once: more take longer than 50 ms. */
const few = 30;

let stop: (() => void) | null = null;

/** Arranges the nodes, in one step to undo: data from left to right, cells under their wrappers. */
export function arrange(): void {
  stop?.();
  const { document } = store();
  const sizes = cardSizes();
  if (document.nodes.length <= few) {
    store().edit((d) => autoLayout(d, sizes));
    tellArranged();
    return;
  }
  const worker = new Worker(new URL('./arrange-worker.ts', import.meta.url), { type: 'module', name: 'arrange' });
  // Any edit, and the begin of a drag, is of a graph that the arrangement does not know.
  const unsubscribe = useDocumentStore.subscribe((state) => {
    if (state.document !== document || state.gesture !== null) endBy('The graph was changed meanwhile: it stays as it is.');
  });
  stop = () => {
    stop = null;
    unsubscribe();
    worker.terminate();
    useArranging.setState({ done: null });
  };
  worker.onmessage = ({ data }: MessageEvent<FromArranging>) => {
    if ('done' in data) useArranging.setState({ done: data.done });
    else finish(data.arranged);
  };
  worker.onerror = (event) => endBy(event.message || 'Its program could not be loaded. Reload the window.', 'bad');
  const message: ToArrange = { document, sizes };
  worker.postMessage(message);
  useArranging.setState({ done: 0 });
  announce(`Arranging ${document.nodes.length.toLocaleString('en')} nodes.`);
}

/** Leaves the graph as it lies. */
export function cancelArranging(): void {
  stop?.();
  announce('Arranging cancelled.');
}

function endBy(text: string, tone: 'info' | 'bad' = 'info'): void {
  stop?.();
  toast({ tone, title: 'Not arranged', text });
}

function finish(arranged: Arranged): void {
  stop?.();
  store().edit((document) => withArranged(document, arranged));
  tellArranged();
}

function tellArranged(): void {
  announce('Graph arranged.');
  requestAnimationFrame(() => zoomToFit());
}
