import type { GraphEdge, GraphNode } from '../document/schema.ts';

/** Kahn's algorithm, stable in document order; nodes on or behind a cycle are left out. The wires end at nodes that exist. */
export function sortTopologically(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): readonly GraphNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const outgoing = groupBy(edges, (edge) => edge.from.node);
  const waiting = new Map<string, number>();
  for (const { to } of edges) waiting.set(to.node, (waiting.get(to.node) ?? 0) + 1);
  const ready = nodes.filter((node) => !waiting.has(node.id));
  for (const { id } of ready) {
    for (const { to } of outgoing.get(id) ?? []) {
      const left = (waiting.get(to.node) ?? 0) - 1;
      waiting.set(to.node, left);
      const node = byId.get(to.node);
      if (left === 0 && node) ready.push(node);
    }
  }
  return ready;
}

/** Node 20 has no `Map.groupBy` yet. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
