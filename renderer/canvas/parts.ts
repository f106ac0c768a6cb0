import { useMemo } from 'react';
import { reaches } from '../../engine/document/block-limits.ts';
import { blockKind } from '../../engine/document/placed-blocks.ts';
import type { BlockDefinition, GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { placeBlock } from '../../engine/graph/blocks/edit-blocks.ts';
import type { Refused } from '../../engine/graph/blocks/names.ts';
import { copyItems, paste } from '../../engine/graph/clipboard.ts';
import { addNode, snap } from '../../engine/graph/edit.ts';
import { findLayer, type LayerKindName, layerKinds } from '../../engine/layers/registry.ts';
import type { KeptBlock } from '../../engine/protocol/blocks.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { blocksAlong, type Level } from '../store/levels.ts';
import { nodeColour } from './colours.ts';
import { useKeptBlocks } from './kept-blocks.ts';

type Position = GraphNode['position'];
type Put = { readonly ok: true; readonly document: UnrollDocument; readonly id: string } | Refused;

/** What can be put on a canvas: a layer, a block of the document, or one that is kept for all documents. */
export interface Part {
  /** The layer's kind, `block` of every block. */
  readonly kind: string;
  /** No other part has it. */
  readonly id: string;
  readonly title: string;
  readonly colour: string;
  /** Told beside the title where that is not enough. */
  readonly note?: string;
  /** Not wired yet. */
  put(document: UnrollDocument, position: Position): Put;
}

export function layerPart(kind: LayerKindName): Part {
  return {
    kind,
    id: kind,
    title: findLayer(kind)?.title ?? kind,
    colour: nodeColour({ kind }),
    put: (document, position) => ({ ok: true, ...addNode(document, kind, position) }),
  };
}

const block = { kind: blockKind, colour: nodeColour({ kind: blockKind }) };

export function blockPart({ id, name }: Pick<BlockDefinition, 'id' | 'name'>): Part {
  return {
    ...block,
    id: `block ${id}`,
    title: name,
    put: (document, position) => theOne(placeBlock(document, id, position)),
  };
}

/** A kept block or cell. A block that the document has already, with the same inside, is that block. */
export function keptPart({ key, document: kept }: KeptBlock): Part {
  const kind = kept.nodes[0]?.kind ?? blockKind;
  return {
    kind,
    colour: nodeColour({ kind }),
    id: `kept ${key}`,
    title: kept.name,
    note: 'kept',
    put: (document, position) => {
      const clip = copyItems(kept, new Set(kept.nodes.map(({ id }) => id)));
      const [first] = kept.nodes;
      if (!clip || !first) return { ok: false, message: 'there is nothing in this block', fix: 'Choose another one.' };
      const { x, y } = snap(position);
      return theOne(paste(document, clip, { x: x - first.position.x, y: y - first.position.y }));
    },
  };
}

function theOne(added: ReturnType<typeof placeBlock>): Put {
  if (!added.ok) return added;
  const [id = ''] = added.ids;
  return { ok: true, document: added.document, id };
}

export const layerParts: readonly Part[] = layerKinds.map(layerPart);

/** One of “My blocks”: a definition of this document by its id, or a kept block by its key. */
export function myBlock(id: string): Part | undefined {
  const kept = useKeptBlocks.getState().blocks.find(({ key }) => key === id);
  if (kept) return keptPart(kept);
  const own = useDocumentStore.getState().whole.blocks.find((one) => one.id === id);
  return own && blockPart(own);
}

/** Blocks that may be placed at a level: not those that hold, or are, one that is looked at. */
export function blockParts(whole: UnrollDocument, level: Level, kept: readonly KeptBlock[]): readonly Part[] {
  const around = blocksAlong(whole, level);
  const fits = (definition: BlockDefinition): boolean =>
    around.every(({ id }) => id !== definition.id && !reaches(whole, definition.nodes, id));
  return [...whole.blocks.filter(fits).map(blockPart), ...kept.map(keptPart)];
}

/** All that can be put on the canvas that is looked at: layers, then “My blocks”. */
export function useParts(): readonly Part[] {
  const whole = useDocumentStore((s) => s.whole);
  const level = useDocumentStore((s) => s.level);
  const kept = useKeptBlocks((s) => s.blocks);
  return useMemo(() => [...layerParts, ...blockParts(whole, level, kept)], [whole, level, kept]);
}
