import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphEdge, GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { remove } from '../../engine/graph/edit.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { formFields } from '../inspector/form-fields.ts';
import { useDrawer } from '../store/dock-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { toast } from '../ui/toast-store.ts';
import { type Added, addBeside, addWired } from './add-layer.ts';
import { refuse } from './block-actions.ts';
import { cardSizes, freeInView, nameOf, putIntoWire } from './canvas-actions.ts';
import { focusWhenDrawn } from './focus-node.ts';
import { cardSize } from './make-room.ts';
import type { Part } from './parts.ts';
import type { PortEnd } from './port-choices.ts';
import { reveal } from './viewport-store.ts';
import { openWirePicker } from './wire-picker-store.ts';

const store = useDocumentStore.getState;

interface Target {
  /** Where it was put by hand. */
  readonly at?: GraphNode['position'];
  /** The wire that it is put into. */
  readonly wire?: string | null;
  /** The node that it was dropped on. */
  readonly onto?: string | null;
}

/**
 * Adds a node, in one step to undo: into a wire; to a node that it was dropped on; otherwise to what is selected, or, where nothing is, in
 * the middle of what is seen.
 */
export function insertPart(part: Part, { at, wire, onto }: Target = {}): void {
  const { document, facts, selection } = store();
  const chosen = document.nodes.filter(({ id }) => selection.has(id)).map(({ id }) => id);
  const [only] = selection;
  const selectedWire = selection.size === 1 && at === undefined ? document.edges.find(({ id }) => id === only) : undefined;
  const into = wire ?? selectedWire?.id ?? null;
  if (into !== null && addIntoWire(part, into, at)) return;
  const others = onto == null ? chosen : [onto];
  const place = onto == null ? (at ?? (others.length === 0 ? freeInView(cardSize) : null)) : null;
  const put = part.put(document, place ?? { x: 0, y: 0 });
  if (!put.ok) refuse(put);
  else finish(part, addBeside({ ...put, facts, sizes: cardSizes() }, put.id, others, place !== null), others, place === at);
}

/** Adds a node wired to a port, at a place or beside the port's node. */
export function insertWired(
  { part, port }: { readonly part: Part; readonly port: string },
  at: GraphNode['position'] | null,
  end: PortEnd,
): void {
  const { document, facts } = store();
  const put = part.put(document, at ?? { x: 0, y: 0 });
  if (!put.ok) {
    refuse(put);
    return;
  }
  const own = { node: put.id, port };
  finish(part, addWired({ ...put, facts, sizes: cardSizes() }, own, end, at !== null), [end.port.node], at !== null);
}

/** A cell whose card was dropped on a wrapper takes the place of the one there, as a new one does. */
export function giveCell(id: string, wrapper: string): void {
  const { document, facts } = store();
  const given = addBeside({ document, facts, sizes: cardSizes() }, id, [wrapper], false);
  const title = nameOf(id);
  if (given.refused) {
    refuse({ ok: false, ...given.refused });
    return;
  }
  if (!store().edit(() => given.document)) return;
  announce(given.wired.length > 0 ? `${title} wired into ${nameOf(wrapper)}.` : `${title} does not fit ${nameOf(wrapper)}.`);
  if (given.orphan !== null) offerRemoval(given.orphan, given);
}

/** Puts a new node into a wire; `false` where it does not fit there. */
function addIntoWire(part: Part, wire: string, at: GraphNode['position'] | undefined): boolean {
  const { document } = store();
  const edge = document.edges.find(({ id }) => id === wire);
  if (!edge) return false;
  const added = part.put(document, at ?? halfWay(document, edge));
  if (!added.ok) return false;
  const inserted = putIntoWire(added.document, wire, added.id);
  if (!inserted) return false;
  if (!store().edit(() => inserted)) return true;
  show(added.id, at !== undefined);
  announce(`${part.title} added into the wire.`);
  return true;
}

function halfWay(document: UnrollDocument, { from, to }: GraphEdge): GraphNode['position'] {
  const place = (id: string) => nodeOf(document, id)?.position ?? { x: 0, y: 0 };
  const [a, b] = [place(from.node), place(to.node)];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** A new node is selected, seen and focused: the next one goes beside it. What was put somewhere by hand is seen already. */
function show(id: string, byHand: boolean): void {
  store().select([id]);
  if (!byHand) {
    useDrawer.setState({ open: null });
    reveal(id);
  }
  focusWhenDrawn(id);
}

/** Shows what was added, and tells what was wired, what was not, and what gave way. */
function finish({ title }: Part, added: Added, others: readonly string[], byHand: boolean): void {
  if (!store().edit(() => added.document)) return;
  show(added.id, byHand);
  const [first] = added.wired;
  const partners = others.map(nameOf).join(' and ');
  const wired = first && ` and wired ${first.from.node === added.id ? 'into' : 'to'} ${partners}`;
  const unwired =
    others.length > 0 && added.open.length === 0 && !added.refused ? `, not wired: nothing of it fits ${partners}` : '';
  announce(`${title} added${wired ?? unwired}.`);
  if (added.refused) toast({ tone: 'bad', title: `${title} is not wired: ${added.refused.message}`, text: added.refused.fix });
  if (added.open.length > 0) {
    toast({
      tone: 'info',
      title: `${title} is not wired yet`,
      text: `${added.open.length} wires between it and ${partners} are possible. Choose one here, or with W.`,
      action: { label: 'Choose a wire…', run: () => openWirePicker({ node: added.id, port: null }) },
    });
  }
  if (added.orphan !== null) offerRemoval(added.orphan, added);
}

/** A cell that lost its wrapper stays until the user says otherwise. */
function offerRemoval(old: string, { id, kept }: Added): void {
  const node = nodeOf(store().document, id);
  const layer = findLayer(node?.kind ?? '');
  const fields = layer ? formFields(layer.config).filter(({ name }) => kept.includes(name)) : [];
  const settings = fields.map(({ name, label }) => `${label} ${String(node?.params[name])}`).join(', ');
  toast({
    tone: 'info',
    title: `${nameOf(old)} is wired nowhere now`,
    text: `${nameOf(id)} took its place${settings === '' ? '' : ` and kept: ${settings}`}.`,
    action: {
      label: `Remove ${nameOf(old)}`,
      run: () => {
        const { document } = store();
        if (document.edges.some((e) => e.from.node === old) || !document.nodes.some((n) => n.id === old)) return;
        const name = nameOf(old);
        store().edit((d) => remove(d, new Set([old])));
        announce(`${name} removed.`);
      },
    },
  });
}
