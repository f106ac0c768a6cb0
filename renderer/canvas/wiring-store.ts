import { create } from 'zustand';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import type { PortRef } from '../../engine/graph/edit.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import { useDocumentStore } from '../store/document-store.ts';
import type { WireEnds } from './auto-wire.ts';
import { type Direction, plausibleEnds, portId, possibleEnds } from './port-choices.ts';

export interface Wiring {
  /** The fixed end of the wire that is being drawn. */
  readonly from: PortRef | null;
  readonly direction: Direction | null;
  /** Wire whose end is being moved; it does not count while its new end is looked for. */
  readonly moving: string | null;
  /** Ports where it may end, by `portId`. */
  readonly fits: ReadonlySet<string>;
  /** The nodes of those ports. */
  readonly fitNodes: ReadonlySet<string>;
  /** Wire that a dragged node would be put into. */
  readonly dropWire: string | null;
  /** Wrapper that a dragged cell would be given to. */
  readonly dropNode: string | null;
  /** Wire that is about to be drawn, and the one that it would take the place of. */
  readonly preview: (WireEnds & { readonly moving: string | null }) | null;
}

export const useWiring = create<Wiring>(() => ({
  from: null,
  direction: null,
  moving: null,
  fits: new Set(),
  fitNodes: new Set(),
  dropWire: null,
  dropNode: null,
  preview: null,
}));

/** The document as it is without the wire that is being moved. */
export function graphForWiring(): { readonly document: UnrollDocument; readonly facts: DataFacts } {
  const { document, facts } = useDocumentStore.getState();
  const { moving } = useWiring.getState();
  return { facts, document: moving === null ? document : { ...document, edges: document.edges.filter((e) => e.id !== moving) } };
}

export function beginWiring(from: PortRef, direction: Direction): void {
  const { document, facts } = graphForWiring();
  const plausible = plausibleEnds(document, facts, from, direction);
  // Comparing widths takes about half a millisecond an end: in a large graph only the end under the pointer is compared.
  const ends = plausible.length > 40 ? plausible : possibleEnds(document, facts, from, direction);
  const fits = new Set(ends.map((end) => portId(end.port, end.direction)));
  useWiring.setState({ from, direction, fits, fitNodes: new Set(ends.map(({ port }) => port.node)) });
}

export function endWiring(): void {
  useWiring.setState({ from: null, direction: null, moving: null, fits: new Set(), fitNodes: new Set() });
}

/** While a wire is drawn: whether it begins here, or may end here. */
export type Fit = 'start' | 'yes' | 'no';

export function fitOfNode({ from, fitNodes }: Wiring, node: string): Fit | undefined {
  if (from === null) return undefined;
  if (from.node === node) return 'start';
  return fitNodes.has(node) ? 'yes' : 'no';
}
