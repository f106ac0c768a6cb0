import { nodeOf } from '../../engine/document/node-of.ts';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { type FoundRecurrence, type Place, recurrenceOf } from './store.ts';
import { tracedOnCanvas } from './traced-nodes.ts';

/** What recurs at a node of the canvas: at itself, or of a cell at the wrapper that runs it; `null` where nothing does. */
export function recurrenceOfNode(trace: Trace, id: string, chosen: Place | null = null): FoundRecurrence | null {
  const { document } = useDocumentStore.getState();
  const traced = tracedOnCanvas(trace);
  const kind = nodeOf(document, id)?.kind;
  const own = traced.get(id);
  const wrappers = document.edges.flatMap(({ from, to }) => (from.node === id ? (traced.get(to.node) ?? []) : []));
  const nodes =
    own && own.recurrent.length > 0 ? [own] : wrappers.filter(({ recurrent }) => recurrent.some(({ cell }) => cell === kind));
  return recurrenceOf({ nodes }, chosen);
}

/**
 * Nodes of the canvas that a trace tells of, with what is wired to them besides, such as the cells that they run; without it, where a cell
 * may lie far away; and of a large network what recurs, with its cells, alone.
 */
export function cardsOf(trace: Trace): readonly (readonly string[])[] {
  const { document } = useDocumentStore.getState();
  const traced = tracedOnCanvas(trace);
  const own = [...traced.keys()];
  const recurrent = own.filter((id) => (traced.get(id)?.recurrent.length ?? 0) > 0);
  const wiredTo = (ids: readonly string[]): string[] =>
    document.edges.flatMap(({ from, to }) => (ids.includes(to.node) && !traced.has(from.node) ? [from.node] : []));
  return [[...own, ...wiredTo(own)], own, [...recurrent, ...wiredTo(recurrent)]];
}
