import type { GraphNode } from '../document/schema.ts';
import { findLayer } from '../layers/registry.ts';

/**
 * Settings that a node shares with another kind, by name, with the node's values: such as the width of two cells. What a cell computes
 * is its own.
 */
export function sharedSettings({ kind, params }: Pick<GraphNode, 'kind' | 'params'>, other: string): GraphNode['params'] {
  const values = (findLayer(kind)?.config.safeParse(params).data ?? {}) as GraphNode['params'];
  const { config } = findLayer(other) ?? {};
  const shared = Object.entries(values).filter(
    ([name, value]) => name !== 'equations' && config?.safeParse({ [name]: value }).success,
  );
  return Object.fromEntries(shared);
}
