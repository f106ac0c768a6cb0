import { blockFault, reaches } from '../../document/block-limits.ts';
import { nodeOf } from '../../document/node-of.ts';
import {
  type blockInputKind,
  blockKind,
  blockOutputKind,
  definitionOf,
  findDefinition,
  isBorder,
  usedDefinitions,
} from '../../document/placed-blocks.ts';
import type { BlockDefinition, GraphNode, UnrollDocument } from '../../document/schema.ts';
import { freeSpot, freshId, snap } from '../edit.ts';
import { inlineBlocks } from './inline.ts';
import { type Refused, uniqueName } from './names.ts';

type Position = GraphNode['position'];
type Edited = { readonly ok: true; readonly document: UnrollDocument; readonly ids: ReadonlySet<string> } | Refused;

/** Places a block once more. */
export function placeBlock(document: UnrollDocument, definition: string, position: Position): Edited {
  if (findDefinition(document, definition) === undefined)
    return { ok: false, message: 'there is no such block', fix: 'Choose one of “My blocks”.' };
  const id = freshId(document, blockKind);
  const node: GraphNode = { id, kind: blockKind, params: { definition, repeat: 1 }, position: freeSpot(document, position) };
  return checked({ ...document, nodes: [...document.nodes, node] }, new Set([id]));
}

const checked = (document: UnrollDocument, ids: ReadonlySet<string>): Edited => {
  const fault = blockFault(document);
  return fault === null ? { ok: true, document, ids } : { ok: false, ...fault };
};

/** Puts what a placed block holds in its place, the copies of a repeated one side by side. The definition stays in “My blocks”. */
export function unpack(document: UnrollDocument, id: string): Edited {
  const block = nodeOf(document, id);
  const definition = block && definitionOf(document, block);
  if (!block || !definition) return { ok: false, message: 'this node is no block', fix: 'Choose a block.' };
  const names = new Map<string, string>();
  const taken = new Set([...document.nodes, ...document.edges, ...document.comments, ...document.frames].map((item) => item.id));
  const named = (copy: number, own: string, stem: string): string => {
    const key = `${copy} ${own}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    let name = own;
    for (let n = 1; taken.has(name); n++) name = `${stem}-${n}`;
    taken.add(name);
    names.set(key, name);
    return name;
  };
  const inlined = inlineBlocks(document, new Set([id]), {
    node: (_block, copy, node) => named(copy, node.id, node.kind),
    edge: (_block, copy, edge) => named(copy, edge.id, 'wire'),
  });
  const place = placing(definition, block.position);
  const nodes = inlined.nodes.map((node) => {
    const origin = inlined.origins.get(node.id);
    return origin === undefined ? node : { ...node, position: place(node.position, origin.copy) };
  });
  const comments = definition.comments.map((one) => ({
    ...one,
    id: named(0, one.id, 'comment'),
    position: place(one.position, 0),
  }));
  const frames = definition.frames.map((one) => ({ ...one, id: named(0, one.id, 'frame'), position: place(one.position, 0) }));
  const unpacked: UnrollDocument = {
    ...document,
    nodes,
    edges: inlined.edges,
    comments: [...document.comments, ...comments],
    frames: [...document.frames, ...frames],
  };
  return checked(unpacked, new Set([...inlined.origins.keys(), ...comments.map((c) => c.id), ...frames.map((f) => f.id)]));
}

/** Where a definition's place lies when its middle is put at a block's place, its copies to the right of each other. */
function placing({ nodes }: BlockDefinition, at: Position): (position: Position, copy: number) => Position {
  const inner = nodes.filter((node) => !isBorder(node));
  const xs = inner.map(({ position }) => position.x);
  const ys = inner.map(({ position }) => position.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const middle = { x: (left + right) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
  return ({ x, y }, copy) => snap({ x: at.x + x - middle.x + copy * (right - left + 264), y: at.y + y - middle.y });
}

/** Names a block; another name than the others have. */
export function renameBlock(document: UnrollDocument, definition: string, name: string): UnrollDocument {
  if (name.trim() === '') return document;
  return {
    ...document,
    blocks: document.blocks.map((block) =>
      block.id === definition ? { ...block, name: uniqueName(document, name, definition) } : block,
    ),
  };
}

/** A new port, inside of a block. */
export function addBlockPort(
  inside: UnrollDocument,
  kind: typeof blockInputKind | typeof blockOutputKind,
  position: Position,
): { readonly document: UnrollDocument; readonly id: string } {
  const id = freshId(inside, kind === blockOutputKind ? 'output' : 'input');
  return {
    id,
    document: { ...inside, nodes: [...inside.nodes, { id, kind, params: {}, position: freeSpot(inside, position) }] },
  };
}

/** The ports on the side of that one, in the order in which they stand on a card. */
export const portsBeside = ({ nodes }: Pick<UnrollDocument, 'nodes'>, { kind }: GraphNode): readonly GraphNode[] =>
  nodes.filter((node) => node.kind === kind);

/** Moves a port of a block, inside, before the one that stands before it, or behind the next one; its wires stay. */
export function moveBlockPort(inside: UnrollDocument, id: string, by: -1 | 1): UnrollDocument {
  const port = nodeOf(inside, id);
  const beside = port && portsBeside(inside, port);
  const other = port && beside?.[beside.indexOf(port) + by];
  if (!port || !isBorder(port) || !other) return inside;
  const swapped = new Map([
    [port, other],
    [other, port],
  ]);
  return { ...inside, nodes: inside.nodes.map((node) => swapped.get(node) ?? node) };
}

/** Definitions that are placed nowhere. */
export function unusedBlocks(document: UnrollDocument): readonly BlockDefinition[] {
  const used = usedDefinitions(document, document.nodes);
  return document.blocks.filter(({ id }) => !used.has(id));
}

/** Takes definitions out of “My blocks”, of those that are placed nowhere; absent: all of them. */
export function removeUnusedBlocks(document: UnrollDocument, only?: string): UnrollDocument {
  const gone = new Set(unusedBlocks(document).map(({ id }) => id));
  const blocks = document.blocks.filter(({ id }) => !gone.has(id) || (only !== undefined && id !== only));
  // One that another unused block holds stays with it.
  const held = document.blocks.filter(
    (block) => !blocks.includes(block) && blocks.some((kept) => reaches(document, kept.nodes, block.id)),
  );
  const kept = document.blocks.filter((block) => blocks.includes(block) || held.includes(block));
  return kept.length === document.blocks.length ? document : { ...document, blocks: kept };
}
