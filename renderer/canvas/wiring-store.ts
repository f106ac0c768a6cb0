import { create } from 'zustand';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import type { PortRef } from '../../engine/graph/edit.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import { useDocumentStore } from '../store/document-store.ts';
import type { WireEnds } from './auto-wire.ts';
import { type Direction, isPossible, type PortEnd, plausibleEnds, portId } from './port-choices.ts';

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
  /** Ports, and their nodes, whose widths have not been compared yet: neither shown as those where it may end nor as those where it may not. */
  readonly unsure: ReadonlySet<string>;
  readonly unsureNodes: ReadonlySet<string>;
  /** Wire that a dragged node would be put into. */
  readonly dropWire: string | null;
  /** Wrapper that a dragged cell would be given to. */
  readonly dropNode: string | null;
  /** Wire that is about to be drawn, and the one that it would take the place of. */
  readonly preview: (WireEnds & { readonly moving: string | null }) | null;
}

const none: ReadonlySet<string> = new Set();
const nowhere = { fits: none, fitNodes: none, unsure: none, unsureNodes: none };

export const useWiring = create<Wiring>(() => ({
  from: null,
  direction: null,
  moving: null,
  ...nowhere,
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

/** Milliseconds of comparing widths at a time: about half a millisecond an end, and a large graph has two thousand. */
const slice = 8;
/** Between them: what is compared is drawn, and the wire follows the pointer. */
const pause = 24;
let looking: ReturnType<typeof setTimeout> | undefined;

const nodesOf = (ends: readonly PortEnd[]): ReadonlySet<string> => new Set(ends.map(({ port }) => port.node));
const idsOf = (ends: readonly PortEnd[]): ReadonlySet<string> =>
  new Set(ends.map(({ port, direction }) => portId(port, direction)));

export function beginWiring(from: PortRef, direction: Direction): void {
  clearTimeout(looking);
  const { document, facts } = graphForWiring();
  const left = [...plausibleEnds(document, facts, from, direction)];
  const found: PortEnd[] = [];
  const look = (): void => {
    const until = performance.now() + slice;
    while (left.length > 0 && performance.now() < until) {
      const end = left.shift();
      if (end && isPossible(document, facts, from, end)) found.push(end);
    }
    useWiring.setState({ fits: idsOf(found), fitNodes: nodesOf(found), unsure: idsOf(left), unsureNodes: nodesOf(left) });
    looking = left.length > 0 ? setTimeout(look, pause) : undefined;
  };
  useWiring.setState({ from, direction });
  look();
}

export function endWiring(): void {
  clearTimeout(looking);
  useWiring.setState({ from: null, direction: null, moving: null, ...nowhere });
}

/** While a wire is drawn: whether it begins here, or may end here. */
export type Fit = 'start' | 'yes' | 'no';

/** `undefined`: no wire is drawn, or it is not known yet. */
export function fitOfNode({ from, fitNodes, unsureNodes }: Wiring, node: string): Fit | undefined {
  if (from === null) return undefined;
  if (from.node === node) return 'start';
  if (fitNodes.has(node)) return 'yes';
  return unsureNodes.has(node) ? undefined : 'no';
}

export function fitOfPort({ from, direction, fits, unsure }: Wiring, port: PortRef, side: Direction): Fit | undefined {
  if (from === null) return undefined;
  if (from.node === port.node && from.port === port.port && direction === side) return 'start';
  if (fits.has(portId(port, side))) return 'yes';
  return unsure.has(portId(port, side)) ? undefined : 'no';
}
