import { nodeOf } from '../../engine/document/node-of.ts';
import { definitionOf } from '../../engine/document/placed-blocks.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { insideOf } from '../../engine/graph/blocks/inside.ts';
import { insideId } from '../../engine/graph/blocks/inside-id.ts';
import type { Trace, TracedNode } from '../../engine/protocol/inspect.ts';
import type { Level } from '../store/levels.ts';
import { rowAt } from './time-axis.ts';

/** What stands in front of the ids of what a level shows, as the plan names it; of a repeated block it is the first copy. */
export function prefixOf(whole: UnrollDocument, level: Level): string {
  let [graph, prefix]: [Pick<UnrollDocument, 'nodes'>, string] = [whole, ''];
  for (const id of level) {
    const placed = nodeOf(graph, id);
    const block = placed && definitionOf(whole, placed);
    if (!placed || !block) break;
    prefix += insideId(placed, 0, '');
    graph = insideOf(whole, block);
  }
  return prefix;
}

/** A trace's nodes by id, made once. */
const byId = new WeakMap<Trace, ReadonlyMap<string, TracedNode>>();

/** What a trace tells of a node; `null` where the graph has changed since and another kind of node bears the id. */
export function tracedNode(trace: Trace | null, id: string, kind: string): TracedNode | null {
  if (trace === null) return null;
  const known = byId.get(trace) ?? new Map(trace.nodes.map((node) => [node.node, node]));
  byId.set(trace, known);
  const node = known.get(id);
  return node?.kind === kind ? node : null;
}

/** The norm of what a port gives under the cursor; `null` where it gives nothing there. */
export function normAt(trace: Trace, node: TracedNode, port: string, cursor: number): number | null {
  const output = node.outputs.find((one) => one.port === port);
  const row = output ? rowAt(cursor, output.steps, trace.steps) : null;
  return row === null ? null : (output?.norm[row] ?? null);
}
