import type { GraphEdge } from '../document/schema.ts';
import { sameItems } from '../shapes/same-items.ts';

type Way = 'backwards' | 'forwards';

/** What was found last for these wires: all candidates of one wire are compared with the same end. */
const last = new WeakMap<
  readonly GraphEdge[],
  { readonly edges: readonly GraphEdge[]; readonly start: string; readonly way: Way; readonly found: ReadonlySet<string> }
>();

/** The node and all that wires lead to from it, against or with their direction. */
export function reachable(edges: readonly GraphEdge[], start: string, way: Way): ReadonlySet<string> {
  const before = last.get(edges);
  if (before?.start === start && before.way === way && sameItems(before.edges, edges)) return before.found;
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [a, b] = way === 'forwards' ? [from.node, to.node] : [to.node, from.node];
    const ends = next.get(a);
    if (ends === undefined) next.set(a, [b]);
    else ends.push(b);
  }
  const found = new Set([start]);
  for (const id of found) for (const other of next.get(id) ?? []) found.add(other);
  last.set(edges, { edges: [...edges], start, way, found });
  return found;
}
