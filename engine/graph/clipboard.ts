import { z } from 'zod';
import { blockFault } from '../document/block-limits.ts';
import { isBorder, placementOf, usedDefinitions } from '../document/placed-blocks.ts';
import { brokenReference } from '../document/references.ts';
import {
  type BlockDefinition,
  blockDefinition,
  canvas,
  documentLimits,
  emptyDocument,
  type UnrollDocument,
} from '../document/schema.ts';
import { freshDefinitionId, type Refused, uniqueName } from './blocks/names.ts';
import { freshId } from './edit.ts';

/** What copy puts on the clipboard, as text: a part of a graph, marked as ours, with the definitions of its blocks. */
const clip = z.strictObject({
  format: z.literal('unroll-clip'),
  ...canvas,
  frames: canvas.frames.default([]),
  blocks: z.array(blockDefinition).max(documentLimits.blocks).default([]),
});
export type Clip = z.infer<typeof clip>;

/** The chosen nodes, comments and frames, with the wires between them; `null` when nothing of that is chosen. */
export function copyItems(document: UnrollDocument, ids: ReadonlySet<string>): Clip | null {
  const nodes = document.nodes.filter((n) => ids.has(n.id) && !isBorder(n));
  const comments = document.comments.filter((c) => ids.has(c.id));
  const frames = document.frames.filter((f) => ids.has(f.id));
  if (nodes.length + comments.length + frames.length === 0) return null;
  const copied = new Set(nodes.map((n) => n.id));
  const edges = document.edges.filter((e) => copied.has(e.from.node) && copied.has(e.to.node));
  const used = usedDefinitions(document, nodes);
  return { format: 'unroll-clip', nodes, edges, comments, frames, blocks: document.blocks.filter((b) => used.has(b.id)) };
}

/** Clipboard text as a clip; `null` for anything else. */
export function parseClip(text: string): Clip | null {
  if (text.length > documentLimits.bytes) return null;
  try {
    const parsed = clip.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { format: _format, ...parts } = parsed.data;
    return brokenReference({ ...emptyDocument(), ...parts }) === null ? parsed.data : null;
  } catch {
    return null;
  }
}

export type Pasted = { readonly ok: true; readonly document: UnrollDocument; readonly ids: ReadonlySet<string> } | Refused;

/** Adds a clip with ids of its own, moved by `offset`. A block that the document has already, with the same inside, is that block. */
export function paste(
  document: UnrollDocument,
  { nodes, edges, comments, frames, blocks }: Clip,
  offset: { readonly x: number; readonly y: number },
): Pasted {
  const brought = bringBlocks(document, blocks);
  let next = brought.document;
  const names = new Map<string, string>();
  const moved = (p: { x: number; y: number }): { x: number; y: number } => ({ x: p.x + offset.x, y: p.y + offset.y });
  for (const node of nodes) {
    const id = freshId(next, node.kind);
    names.set(node.id, id);
    next = { ...next, nodes: [...next.nodes, { ...brought.placed(node), id, position: moved(node.position) }] };
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
  for (const frame of frames) {
    const id = freshId(next, 'frame');
    names.set(frame.id, id);
    next = { ...next, frames: [...next.frames, { ...frame, id, position: moved(frame.position) }] };
  }
  const fault = blockFault(next);
  return fault === null ? { ok: true, document: next, ids: new Set(names.values()) } : { ok: false, ...fault };
}

/** Adds the definitions that the document lacks, those that others hold first. */
function bringBlocks(document: UnrollDocument, blocks: readonly BlockDefinition[]) {
  const ids = new Map<string, string>();
  let next = document;
  const placed = <T extends { readonly kind: string; readonly params: BlockDefinition['nodes'][number]['params'] }>(
    node: T,
  ): T => {
    const id = ids.get(placementOf(node)?.definition ?? '');
    return id === undefined ? node : { ...node, params: { ...node.params, definition: id } };
  };
  const waiting = [...blocks];
  for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
    const held = usedDefinitions({ blocks: [...blocks] }, block.nodes);
    if (waiting.some(({ id }) => held.has(id))) {
      waiting.push(block);
      continue;
    }
    const inside = { ...block, nodes: block.nodes.map(placed) };
    const same = next.blocks.find((one) => sameInside(one, inside));
    const id = same?.id ?? freshDefinitionId(next);
    ids.set(block.id, id);
    if (same === undefined) next = { ...next, blocks: [...next.blocks, { ...inside, id, name: uniqueName(next, block.name) }] };
  }
  return { document: next, placed };
}

/** Whether two blocks are called the same and hold the same. */
function sameInside(a: BlockDefinition, b: BlockDefinition): boolean {
  const text = ({ id: _id, ...inside }: BlockDefinition): string => JSON.stringify(inside);
  return text(a) === text(b);
}
