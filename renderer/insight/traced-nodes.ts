import { nodeOf } from '../../engine/document/node-of.ts';
import { definitionOf } from '../../engine/document/placed-blocks.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { insideOf } from '../../engine/graph/blocks/inside.ts';
import { insideId } from '../../engine/graph/blocks/inside-id.ts';
import type { Trace, TracedNode } from '../../engine/protocol/inspect.ts';
import { useDocumentStore } from '../store/document-store.ts';
import type { Level } from '../store/levels.ts';
import { rowAt } from './time-axis.ts';

/** What stands in front of the ids of what a level shows, as the plan names it; of a repeated block it is the first copy. */
function prefixOf(whole: UnrollDocument, level: Level): string {
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

interface Known {
  readonly trace: Trace;
  readonly whole: UnrollDocument;
  readonly level: Level;
  readonly nodes: ReadonlyMap<string, TracedNode>;
}
let known: Known | null = null;

/**
 * What a trace tells of the nodes of the canvas, by their ids there; nothing of one where the graph has changed since and another kind of
 * node bears the id. Found once for all that ask: each wire does, at each move of the cursor.
 */
export function tracedOnCanvas(trace: Trace): ReadonlyMap<string, TracedNode> {
  const { whole, level, document } = useDocumentStore.getState();
  if (known?.trace !== trace || known.whole !== whole || known.level !== level) {
    const prefix = prefixOf(whole, level);
    const traced = new Map(trace.nodes.map((node) => [node.node, node]));
    const here = document.nodes.flatMap(({ id, kind }): [string, TracedNode][] => {
      const node = traced.get(`${prefix}${id}`);
      return node?.kind === kind ? [[id, node]] : [];
    });
    known = { trace, whole, level, nodes: new Map(here) };
  }
  return known.nodes;
}

/** The norm of what a port gives under the cursor; `null` where it gives nothing there. */
export function normAt(trace: Trace, node: TracedNode, port: string, cursor: number): number | null {
  const output = node.outputs.find((one) => one.port === port);
  const row = output ? rowAt(cursor, output.steps, trace.steps) : null;
  return row === null ? null : (output?.norm[row] ?? null);
}
