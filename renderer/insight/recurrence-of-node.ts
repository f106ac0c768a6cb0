import type { Trace } from '../../engine/protocol/inspect.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { type FoundRecurrence, type Place, recurrenceOf } from './store.ts';
import { prefixOf, tracedNode } from './traced-nodes.ts';

/** What recurs at a node of the canvas: at itself, or of a cell at the wrapper that runs it; `null` where nothing does. */
export function recurrenceOfNode(trace: Trace, id: string, chosen: Place | null = null): FoundRecurrence | null {
  const { whole, level, document } = useDocumentStore.getState();
  const prefix = prefixOf(whole, level);
  const kindOf = (node: string): string => document.nodes.find((one) => one.id === node)?.kind ?? '';
  const wrappers = document.edges.flatMap(({ from, to }) => (from.node === id ? [to.node] : []));
  const own = tracedNode(trace, `${prefix}${id}`, kindOf(id));
  const of = wrappers.flatMap((wrapper) => {
    const traced = tracedNode(trace, `${prefix}${wrapper}`, kindOf(wrapper));
    return traced?.recurrent.some(({ cell }) => cell === kindOf(id)) ? [traced] : [];
  });
  const nodes = own && own.recurrent.length > 0 ? [own] : of;
  return recurrenceOf({ nodes }, chosen);
}

/** Nodes of the canvas that a trace tells of, and the cells that they run. */
export function cardsOf(trace: Trace): readonly string[] {
  const { whole, level, document } = useDocumentStore.getState();
  const prefix = prefixOf(whole, level);
  const own = new Set(document.nodes.flatMap(({ id, kind }) => (tracedNode(trace, `${prefix}${id}`, kind) ? [id] : [])));
  const cells = document.edges.filter(({ from, to }) => own.has(to.node) && !own.has(from.node)).map(({ from }) => from.node);
  return [...own, ...cells];
}
