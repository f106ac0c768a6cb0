import { create } from 'zustand';
import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { focusWhenDrawn } from '../canvas/focus-node.ts';
import { useDocumentStore, viewKey } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { announce } from '../store/ui-store.ts';
import { isCellNode } from './is-cell-node.ts';

type Documents = ReturnType<typeof useDocumentStore.getState>;

/** The cell whose inside is shown in place of the canvas: a node, and the level of the document that it is on. */
const useOpened = create<{ readonly opened: { readonly view: string; readonly node: string } | null }>(() => ({ opened: null }));

function cellIn(state: Documents, opened: { readonly view: string; readonly node: string } | null): GraphNode | null {
  if (opened === null || viewKey(state) !== opened.view) return null;
  const node = nodeOf(state.document, opened.node);
  return node && isCellNode(node) ? node : null;
}

/** The cell that is open; `null`: the canvas is shown. */
export function useOpenCell(): GraphNode | null {
  const opened = useOpened((s) => s.opened);
  return useDocumentStore((s) => cellIn(s, opened));
}

export const cellThatIsOpen = (): GraphNode | null => cellIn(useDocumentStore.getState(), useOpened.getState().opened);

export const isCellOpen = (): boolean => cellThatIsOpen() !== null;

/** The cell that alone is selected on the canvas. */
export function selectedCell(): GraphNode | undefined {
  const { selection, document } = useDocumentStore.getState();
  const [id] = selection;
  const node = selection.size === 1 ? nodeOf(document, id) : undefined;
  return node && isCellNode(node) ? node : undefined;
}

/** Shows the inside of a cell. */
export function openCell(id: string): void {
  const state = useDocumentStore.getState();
  const node = nodeOf(state.document, id);
  if (node === undefined || !isCellNode(node)) return;
  state.endGesture();
  state.select([id]);
  useOpened.setState({ opened: { view: viewKey(state), node: id } });
  announce(`Inside ${titleOf(state.document, node)}.`);
}

/** Shows the canvas again, with the cell that was left selected and focused. */
export function leaveCell(): void {
  const node = cellThatIsOpen();
  useOpened.setState({ opened: null });
  if (node === null) return;
  focusWhenDrawn(node.id);
  const { level, whole } = useDocumentStore.getState();
  announce(level.length === 0 ? `In ${whole.name}.` : 'In the block.');
}

/** An undo of what is not the cell's is seen where it was made: on the canvas. Another level or document has no cell open either. */
useDocumentStore.subscribe((now, before) => {
  const { opened } = useOpened.getState();
  if (opened === null || now.document === before.document) return;
  const cell = cellIn(now, opened);
  const others = (state: Documents) => state.document.nodes.filter(({ id }) => id !== opened.node);
  const [a, b] = [others(now), others(before)];
  const same = now.document.edges === before.document.edges && a.length === b.length && a.every((node, i) => node === b[i]);
  if (cell === null || !same) useOpened.setState({ opened: null });
});
