import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphEdge, GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { portsAt } from '../../engine/graph/blocks/ports.ts';
import { checkConnection } from '../../engine/graph/check-connection.ts';
import { connect, moveTo, moveWire, type PortRef, setParams } from '../../engine/graph/edit.ts';
import { sharedSettings } from '../../engine/graph/shared-settings.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import type { WireEnds } from './auto-wire.ts';
import { isCell } from './port-places.ts';

/** The port where a wrapper takes its cell; `null` for every other node. */
export function cellInput(document: UnrollDocument, id: string): PortRef | null {
  const port = portsAt(document, id)?.inputs.find(isCell);
  return port ? { node: id, port: port.name } : null;
}

/** The port where a cell is given, of a node that gives nothing else; `null` for every other node. */
export function cellOutput(document: UnrollDocument, id: string): PortRef | null {
  const [port, ...others] = portsAt(document, id)?.outputs ?? [];
  return port && isCell(port) && others.length === 0 ? { node: id, port: port.name } : null;
}

/** The wire of the cell that runs there. */
export const cellWire = (document: UnrollDocument, to: PortRef): GraphEdge | undefined =>
  document.edges.find((e) => e.to.node === to.node && e.to.port === to.port);

/** The settings that a cell takes on when it takes a wrapper's place: those that it shares with the one that runs there. */
function settingsFor(document: UnrollDocument, { from, to }: WireEnds): GraphNode['params'] {
  const [old, cell] = [nodeOf(document, cellWire(document, to)?.from.node), nodeOf(document, from.node)];
  // A cell that another wrapper runs, too, is as wide as that one needs it.
  if (!old || !cell || document.edges.some((e) => e.from.node === cell.id)) return {};
  return sharedSettings(old, cell.kind);
}

/** Why a cell cannot take that place, as it would be there; `null` where it can. */
export function cellRefusal(document: UnrollDocument, facts: DataFacts, ends: WireEnds) {
  const there = setParams(document, ends.from.node, settingsFor(document, ends));
  const check = checkConnection(there, facts, ends.from, ends.to);
  return check.ok ? null : check;
}

/** Where a cell goes that gives its place away. */
export type Aside = (document: UnrollDocument, old: GraphNode) => GraphNode['position'];

export interface Replaced {
  readonly document: UnrollDocument;
  /** The cell that ran there before, `null` where there was none. */
  readonly old: string | null;
  /** Whether that one is wired nowhere else. */
  readonly orphaned: boolean;
  /** Names of the settings that were kept, and would be others without. */
  readonly kept: readonly string[];
}

/**
 * A cell takes the place of the one that a wrapper runs: its wire, and the settings that both have. The old one stays in the document.
 *
 * @param aside where the old one goes if nothing else needs it, so that its place on the canvas is the new one's; `null`: both stay
 */
export function replaceCell(document: UnrollDocument, { from, to }: WireEnds, aside: Aside | null): Replaced {
  const wire = cellWire(document, to);
  const old = nodeOf(document, wire?.from.node);
  if (!wire || !old) return { document: connect(document, from, to), old: null, orphaned: false, kept: [] };
  const shared = settingsFor(document, { from, to });
  const next = setParams(moveWire(document, wire.id, from, to), from.node, shared);
  const orphaned = !next.edges.some((e) => e.from.node === old.id);
  const own = nodeOf(document, from.node)?.params ?? {};
  const kept = Object.keys(shared).filter((name) => shared[name] !== own[name]);
  const rest = { old: old.id, orphaned, kept };
  if (!orphaned || !aside) return { ...rest, document: next };
  const swapped = moveTo(next, new Map([[from.node, old.position]]));
  return { ...rest, document: moveTo(swapped, new Map([[old.id, aside(swapped, old)]])) };
}
