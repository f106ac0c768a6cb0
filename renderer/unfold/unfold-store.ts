import { create } from 'zustand';
import { nodeOf } from '../../engine/document/node-of.ts';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { type Grown, Room } from '../canvas/room.ts';
import { useInsight } from '../insight/store.ts';
import { tracedOnCanvas } from '../insight/traced-nodes.ts';
import { useDocumentStore, viewKey } from '../store/document-store.ts';
import { type UnfoldLayout, unfoldLayout } from './unfold-layout.ts';
import { type Unrolled, unrolledOf } from './unrolled.ts';

type Size = { readonly width: number; readonly height: number };

/** A node that is unfolded, or folds again. */
interface Unfolded {
  readonly phase: 'open' | 'closing';
  /** Of its card, px. */
  readonly before: Size;
}

interface UnfoldState {
  /** By the level of the document and the node: a view, which the document knows nothing of. */
  readonly nodes: ReadonlyMap<string, Unfolded>;
  /** While nodes move to where they are to be. */
  readonly moving: boolean;
}

export const useUnfold = create<UnfoldState>(() => ({ nodes: new Map(), moving: false }));

/** How long folding and unfolding take, ms. As in `unfold.css`. */
const time = 360;
const calm = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

const keyOf = (id: string): string => `${viewKey(useDocumentStore.getState())} ${id}`;

export const isUnfolded = (id: string): boolean => useUnfold.getState().nodes.get(keyOf(id))?.phase === 'open';

/** Whether something of the level that the canvas shows is unfolded. */
export const isAnyUnfolded = (): boolean => useDocumentStore.getState().document.nodes.some(({ id }) => isUnfolded(id));

let timer: ReturnType<typeof setTimeout> | undefined;

/** Unfolds or folds nodes of the canvas. @param sizes of their cards, px */
export function setUnfolded(ids: readonly string[], open: boolean, sizes: (id: string) => Size): void {
  const nodes = new Map(useUnfold.getState().nodes);
  for (const id of ids) {
    const before = nodes.get(keyOf(id))?.before ?? sizes(id);
    if (open) nodes.set(keyOf(id), { phase: 'open', before });
    else if (nodes.has(keyOf(id))) nodes.set(keyOf(id), { phase: 'closing', before });
  }
  useUnfold.setState({ nodes, moving: true });
  clearTimeout(timer);
  timer = setTimeout(settle, calm() ? 0 : time);
}

function settle(): void {
  const { nodes } = useUnfold.getState();
  const left = [...nodes].filter(([, { phase }]) => phase === 'open');
  // What has only stopped is drawn no other than before.
  useUnfold.setState({ nodes: left.length === nodes.size ? nodes : new Map(left), moving: false });
}

/** An unfolded node of the canvas. */
export interface UnfoldedNode extends Unfolded {
  readonly unrolled: Unrolled;
  readonly layout: UnfoldLayout;
}

type Documents = ReturnType<typeof useDocumentStore.getState>;
interface Known {
  readonly parts: readonly unknown[];
  readonly unfolded: ReadonlyMap<string, UnfoldedNode>;
  readonly room: Room;
}
const noRoom = new Room([]);
/** Nothing is unfolded: each move of a drag asks. */
const folded: Known = { parts: [], unfolded: new Map(), room: noRoom };
let known = folded;
let lastRoom: { readonly words: string; readonly room: Room } = { words: '[]', room: noRoom };

/** What is unfolded of the level that the canvas shows, and the room that it takes. Found once for all that ask. */
function unfoldedNow(): Known {
  const { nodes } = useUnfold.getState();
  if (nodes.size === 0) return folded;
  const state = useDocumentStore.getState();
  const { trace } = useInsight.getState();
  const parts = [nodes, state.document, trace];
  if (parts.some((part, i) => part !== known.parts[i])) {
    // Of the same document and trace a node is unrolled as it was: it is drawn no other while it folds.
    const before = known.parts[1] === state.document && known.parts[2] === trace ? known.unfolded : folded.unfolded;
    const unfolded = unfoldedOf(state, trace, nodes, before);
    known = { parts, unfolded, room: roomOf(state, unfolded) };
  }
  return known;
}

function unfoldedOf(
  state: Documents,
  trace: Trace | null,
  nodes: UnfoldState['nodes'],
  before: Known['unfolded'],
): Known['unfolded'] {
  const view = `${viewKey(state)} `;
  const found = new Map<string, UnfoldedNode>();
  for (const [key, unfolded] of nodes) {
    const id = key.startsWith(view) ? key.slice(view.length) : undefined;
    const node = nodeOf(state.document, id);
    const kept = node && before.get(node.id);
    const traced = trace && node ? (tracedOnCanvas(trace).get(node.id) ?? null) : null;
    const unrolled = kept?.unrolled ?? (node && unrolledOf(state.document, node, trace, traced));
    if (node && unrolled) found.set(node.id, { ...unfolded, unrolled, layout: kept?.layout ?? unfoldLayout(unrolled) });
  }
  return found;
}

/** The same room where the same nodes lie at the same places. */
function roomOf({ document }: Documents, unfolded: ReadonlyMap<string, UnfoldedNode>): Room {
  const grown = [...unfolded].flatMap(([id, { phase, before, layout }]): Grown[] => {
    const position = nodeOf(document, id)?.position;
    const { width, height } = phase === 'open' ? layout : before;
    return position ? [{ id, position, before, after: { width, height }, folding: phase === 'closing' }] : [];
  });
  if (grown.length === 0) return noRoom;
  const words = JSON.stringify(grown);
  if (words !== lastRoom.words) lastRoom = { words, room: new Room(grown) };
  return lastRoom.room;
}

export const roomNow = (): Room => unfoldedNow().room;

/** The room that the canvas' unfolded nodes take. */
export function useRoom(): Room {
  useUnfold((s) => s.nodes);
  useDocumentStore((s) => s.document);
  // Only where something is unfolded does it depend on what is looked into.
  useInsight((s) => (useUnfold.getState().nodes.size > 0 ? s.trace : null));
  return roomNow();
}

/** A node as it is unfolded; `null` where it is folded. */
export function useUnfolded(id: string): UnfoldedNode | null {
  const any = useUnfold((s) => s.nodes.size > 0);
  useUnfold((s) => (any ? s.nodes : null));
  useDocumentStore((s) => (any ? s.document : null));
  useInsight((s) => (any ? s.trace : null));
  return any ? (unfoldedNow().unfolded.get(id) ?? null) : null;
}
