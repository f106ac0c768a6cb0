import { isBorder } from '../../engine/document/placed-blocks.ts';
import type { GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { expandBlocks } from '../../engine/graph/blocks/expand.ts';
import { liesIn } from '../../engine/graph/blocks/inside-id.ts';
import { portsOf } from '../../engine/graph/blocks/ports.ts';
import type { InferredShapes } from '../../engine/graph/infer-shapes.ts';
import { ifKnown } from '../../engine/layers/ports.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';

/** Trainable numbers of a node for the inferred types, or `null` while a width is unknown. */
function parameterCount(node: GraphNode, inferred: InferredShapes, facts: DataFacts): number | null {
  const layer = findLayer(node.kind);
  const config = inferred.configs.get(node.id);
  const inputs = inferred.inputs.get(node.id);
  if (!layer || !config || !inputs) return null;
  if (layer.inputs.some((port) => !port.optional && inputs[port.name]?.length === 0)) return null;
  const specs = ifKnown(() => layer.parameters(config, inputs, facts))?.filter((spec) => spec.trainable);
  return specs?.reduce((sum, spec) => sum + spec.shape.reduce((product, size) => product * size, 1), 0) ?? null;
}

/** Per node of the expanded graph and per placed block: its trainable numbers. A cell shows those of the wrappers that run it, since they are made from it. */
export function parameterCounts(
  document: UnrollDocument,
  inferred: InferredShapes,
  facts: DataFacts,
): ReadonlyMap<string, number | null> {
  const { graph, placed } = expandBlocks(document);
  const counts = new Map<string, number | null>();
  for (const node of graph.nodes) {
    if (findLayer(node.kind)?.family !== 'cell') counts.set(node.id, parameterCount(node, inferred, facts));
  }
  const fed = new Map<string, string[]>();
  for (const { from, to } of graph.edges) fed.set(from.node, [...(fed.get(from.node) ?? []), to.node]);
  for (const node of graph.nodes) {
    if (findLayer(node.kind)?.family !== 'cell') continue;
    const wrappers = (fed.get(node.id) ?? []).map((id) => counts.get(id) ?? null);
    counts.set(node.id, wrappers.length === 0 ? null : sum(wrappers));
  }
  for (const { id } of placed) {
    const inside = graph.nodes.filter((node) => liesIn(node.id, id) && findLayer(node.kind)?.family !== 'cell');
    counts.set(id, sum(inside.map((node) => counts.get(node.id) ?? null)));
  }
  return counts;
}

/** All trainable numbers of the graph; `null` while one is unknown. */
export function totalParameters(document: UnrollDocument, counts: ReadonlyMap<string, number | null>): number | null {
  const nodes = document.nodes.filter((node) => findLayer(node.kind)?.family !== 'cell');
  return sum(nodes.map((node) => counts.get(node.id) ?? null));
}

/** `null` where a number is unknown. */
const sum = (counts: readonly (number | null)[]): number | null =>
  counts.reduce((total, count) => (total === null || count === null ? null : total + count), 0);

/** Short form for cards: 538k, 1.2M. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 9950) return `${(count / 1000).toFixed(1)}k`;
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** A node's own name, else that of its kind or block. A port of a block goes by its label. */
export function titleOf(document: Pick<UnrollDocument, 'blocks'>, node: GraphNode): string {
  const ports = portsOf(document, node);
  const border = isBorder(node) ? [...(ports?.inputs ?? []), ...(ports?.outputs ?? [])][0]?.label : undefined;
  return border ?? node.label ?? ports?.title ?? node.kind;
}
