import type { GraphNode, UnrollDocument } from '../document/schema.ts';
import { findLayer } from '../layers/registry.ts';
import { expandBlocks, type Graph } from './blocks/expand.ts';

/** A document's setting, in words. */
export interface Setting {
  readonly group: 'Graph' | 'Training' | 'Data';
  /** e.g. `LSTM cell · width`. */
  readonly setting: string;
  readonly value: string;
}

/**
 * Every setting that can make two trainings differ: nodes that the head depends on, how they are wired, training and data. What sits on
 * the canvas without being wired in does not count. Places, labels and comments are not settings.
 */
export const listSettings = (document: UnrollDocument): Setting[] => [
  ...graphSettings(document),
  ...flatten('Training', '', document.training),
  ...flatten('Data', '', document.data ?? { source: 'none' }),
];

/** Nodes named by kind and number, so that the same layer of two documents lines up whatever its id, and in whatever block it lies. */
export function graphSettings(graph: Graph): Setting[] {
  const document = expandBlocks(graph).graph;
  const used = usedNodes(document);
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  const settings: Setting[] = [];
  for (const node of used) {
    const layer = findLayer(node.kind);
    const title = layer?.title ?? node.kind;
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    const name = count === 1 ? title : `${title} ${count}`;
    names.set(node.id, name);
    settings.push({ group: 'Graph', setting: name, value: 'yes' });
    for (const [field, value] of fieldsOf(node)) settings.push({ group: 'Graph', setting: `${name} · ${field}`, value });
  }
  const wires = new Map<string, string[]>();
  for (const edge of document.edges) {
    const from = names.get(edge.from.node);
    const to = names.get(edge.to.node);
    if (from && to) wires.set(to, [...(wires.get(to) ?? []), from]);
  }
  for (const [to, from] of wires) settings.push({ group: 'Graph', setting: `into ${to}`, value: from.sort().join(', ') });
  return settings;
}

const known = new WeakMap<GraphNode, readonly (readonly [title: string, value: string])[]>();

/** A node's settings in words; found once for each, as a large graph is listed at every edit. */
function fieldsOf(node: GraphNode): readonly (readonly [title: string, value: string])[] {
  const { kind, params } = node;
  const before = known.get(node);
  if (before) return before;
  const parsed = findLayer(kind)?.config.safeParse(params);
  const fields = Object.entries(parsed?.success ? parsed.data : params);
  const found = fields.map(([field, value]) => [fieldTitle(kind, field), show(value)] as const);
  known.set(node, found);
  return found;
}

/** Nodes that the head depends on; all nodes while there is no head. */
export function usedNodes(document: Graph): GraphNode[] {
  const open = document.nodes.filter((node) => findLayer(node.kind)?.family === 'head').map((node) => node.id);
  if (open.length === 0) return document.nodes;
  const sources = new Map<string, string[]>();
  for (const { from, to } of document.edges) {
    const into = sources.get(to.node);
    if (into) into.push(from.node);
    else sources.set(to.node, [from.node]);
  }
  const found = new Set(open);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const source of sources.get(id) ?? []) {
      if (found.has(source)) continue;
      found.add(source);
      open.push(source);
    }
  }
  return document.nodes.filter((node) => found.has(node.id));
}

/** A field of a kind of node, in words: `forget bias`. */
export function fieldTitle(kind: string, field: string): string {
  const meta = findLayer(kind)?.config.shape[field];
  const title =
    meta && 'meta' in meta && typeof meta.meta === 'function'
      ? (meta.meta() as { title?: string } | undefined)?.title
      : undefined;
  return title?.toLowerCase() ?? inWords(field);
}

function flatten(group: Setting['group'], prefix: string, value: unknown): Setting[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ group, setting: prefix, value: show(value) }];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = key === 'kind' ? prefix : [prefix, inWords(key)].filter(Boolean).join(' · ');
    return flatten(group, name, inner);
  });
}

/** `batchSize` → `batch size` */
export const inWords = (name: string): string => name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);

function show(value: unknown): string {
  if (value === null || value === undefined) return 'off';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(String).join(', ');
  return String(value);
}
