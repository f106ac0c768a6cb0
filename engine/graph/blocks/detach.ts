import { nodeOf } from '../../document/node-of.ts';
import { definitionOf } from '../../document/placed-blocks.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import { freshDefinitionId, uniqueName } from './names.ts';

/** Gives a placed block a definition of its own, a copy of the one that it shares with others; the same document for another node. */
export function detachBlock(document: UnrollDocument, id: string): UnrollDocument {
  const node = nodeOf(document, id);
  const definition = node && definitionOf(document, node);
  if (!node || !definition) return document;
  const own = { ...definition, id: freshDefinitionId(document), name: uniqueName(document, definition.name) };
  return {
    ...document,
    nodes: document.nodes.map((one) => (one === node ? { ...one, params: { ...one.params, definition: own.id } } : one)),
    blocks: [...document.blocks, own],
  };
}
