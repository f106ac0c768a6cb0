import { findLayer } from '../layers/registry.ts';
import { mapSourcePaths } from './data-files.ts';
import type { GraphNode, UnrollDocument } from './schema.ts';

/** The document with each path of a file in it, of its data and of its layers' settings, replaced. The same object where none changes. */
export function mapFilePaths(document: UnrollDocument, replace: (path: string) => string): UnrollDocument {
  const nodes = document.nodes.map((node) => mapNode(node, replace));
  const { data } = document;
  const source = data && mapSourcePaths(data.source, replace);
  if (source === (data?.source ?? null) && nodes.every((node, i) => node === document.nodes[i])) return document;
  return {
    ...document,
    nodes,
    data: data && source ? { ...data, source } : data,
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
  const shape = findLayer(node.kind)?.config.shape ?? {};
  let params = node.params;
  for (const [name, field] of Object.entries(shape)) {
    const value = params[name];
    if (typeof value !== 'string' || value === '' || !namesFile(field)) continue;
    const path = replace(value);
    if (path !== value) params = { ...params, [name]: path };
  }
  return params === node.params ? node : { ...node, params };
}

function namesFile(field: unknown): boolean {
  if (typeof field !== 'object' || field === null || !('meta' in field) || typeof field.meta !== 'function') return false;
  const meta: unknown = field.meta();
  return typeof meta === 'object' && meta !== null && 'fileEndings' in meta;
}
