import { z } from 'zod';
import { mapSourcePaths } from '../document/data-files.ts';
import type { GraphNode, UnrollDocument } from '../document/schema.ts';
import { findLayer } from '../layers/registry.ts';

/** The document with each path of a file in it, of its data and of its layers' settings, replaced. */
export function mapFilePaths(document: UnrollDocument, replace: (path: string) => string): UnrollDocument {
  const { nodes, blocks, data } = document;
  const mapped = (within: readonly GraphNode[]): GraphNode[] => within.map((node) => mapNode(node, replace));
  return {
    ...document,
    nodes: mapped(nodes),
    blocks: blocks.map((block) => ({ ...block, nodes: mapped(block.nodes) })),
    data: data && { ...data, source: mapSourcePaths(data.source, replace) },
  };
}

/** The paths of files that a document names. */
export function filePaths(document: UnrollDocument): string[] {
  const found: string[] = [];
  mapFilePaths(document, (path) => {
    found.push(path);
    return path;
  });
  return found;
}

/** Settings with `fileEndings` in their meta are paths; empty ones name no file. */
function mapNode(node: GraphNode, replace: (path: string) => string): GraphNode {
  const fields = findLayer(node.kind)?.config.shape ?? {};
  const params = Object.entries(node.params).map(([name, value]) => {
    const field = fields[name];
    const isPath = field !== undefined && z.globalRegistry.get(field)?.['fileEndings'] !== undefined;
    return [name, isPath && typeof value === 'string' && value !== '' ? replace(value) : value];
  });
  return { ...node, params: Object.fromEntries(params) };
}
