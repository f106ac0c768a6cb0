import { z } from 'zod';
import { freshId } from './edit.ts';
import { canvasComment, documentLimits, graphEdge, graphNode, type UnrollDocument } from './schema.ts';

/** What copy puts on the clipboard, as text: a part of a graph, marked as ours. */
const clip = z.strictObject({
  format: z.literal('unroll-clip'),
  nodes: z.array(graphNode).max(documentLimits.nodes),
  edges: z.array(graphEdge).max(documentLimits.edges),
  comments: z.array(canvasComment).max(documentLimits.comments),
});
export type Clip = z.infer<typeof clip>;

/** The chosen nodes and comments, with the wires between them; `null` when nothing of that is chosen. */
export function copyItems(document: UnrollDocument, ids: ReadonlySet<string>): Clip | null {
  const nodes = document.nodes.filter((n) => ids.has(n.id));
  const comments = document.comments.filter((c) => ids.has(c.id));
  if (nodes.length + comments.length === 0) return null;
  const edges = document.edges.filter((e) => ids.has(e.from.node) && ids.has(e.to.node));
  return { format: 'unroll-clip', nodes, edges, comments };
}

/** Clipboard text as a clip; `null` for anything else. */
export function parseClip(text: string): Clip | null {
  if (text.length > documentLimits.bytes) return null;
  try {
    const parsed = clip.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Adds a clip with ids of its own, moved by `offset`. */
export function paste(
  document: UnrollDocument,
  { nodes, edges, comments }: Clip,
  offset: { readonly x: number; readonly y: number },
): { readonly document: UnrollDocument; readonly ids: ReadonlySet<string> } {
  let next = document;
  const names = new Map<string, string>();
  const moved = (p: { x: number; y: number }): { x: number; y: number } => ({ x: p.x + offset.x, y: p.y + offset.y });
  for (const node of nodes) {
    const id = freshId(next, node.kind);
    names.set(node.id, id);
    next = { ...next, nodes: [...next.nodes, { ...node, id, position: moved(node.position) }] };
  }
  for (const edge of edges) {
    const from = names.get(edge.from.node);
    const to = names.get(edge.to.node);
    if (from === undefined || to === undefined) continue;
    const id = freshId(next, 'wire');
    next = {
      ...next,
      edges: [...next.edges, { id, from: { ...edge.from, node: from }, to: { ...edge.to, node: to } }],
    };
  }
  for (const comment of comments) {
    const id = freshId(next, 'comment');
    names.set(comment.id, id);
    next = { ...next, comments: [...next.comments, { ...comment, id, position: moved(comment.position) }] };
  }
  return { document: next, ids: new Set(names.values()) };
}
