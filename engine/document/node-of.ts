import type { GraphNode } from './schema.ts';

/** The node of that id on a canvas; `undefined` where there is none. */
export const nodeOf = (
  { nodes }: { readonly nodes: readonly GraphNode[] },
  id: string | null | undefined,
): GraphNode | undefined => nodes.find((node) => node.id === id);
