import { nodeOf } from '../document/node-of.ts';
import { blockKind, isBorder } from '../document/placed-blocks.ts';
import type { GraphEdge, PortRef } from '../document/schema.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Problem } from '../shapes/problem.ts';
import { portsOf } from './blocks/ports.ts';
import { type Arrival, inferNode, mismatch } from './infer-node.ts';
import { type Graph, inferShapes, portKey } from './infer-shapes.ts';
import { reachable } from './reachable.ts';

/** Whether a wire may be drawn, with the reason and the fix when it may not. */
export function checkConnection(
  graph: Graph,
  facts: DataFacts,
  from: { node: string; port: string },
  to: { node: string; port: string },
): { readonly ok: true } | { readonly ok: false; readonly message: string; readonly fix: string } {
  const source = nodeOf(graph, from.node);
  const target = nodeOf(graph, to.node);
  const document = { ...graph, blocks: graph.blocks ?? [] };
  const output = source && portsOf(document, source)?.outputs.find((port) => port.name === from.port);
  const ports = target && portsOf(document, target);
  const input = ports?.inputs.find((port) => port.name === to.port);
  if (!output || !target || !ports || !input) {
    return { ok: false, message: 'there is no such port', fix: 'Draw the wire from an output to an input.' };
  }
  if (from.node === to.node)
    return { ok: false, message: 'a node cannot feed itself', fix: 'Recurrence happens inside the Recurrent wrapper.' };
  if (
    graph.edges.some(
      (e) => e.from.node === from.node && e.from.port === from.port && e.to.node === to.node && e.to.port === to.port,
    )
  ) {
    return { ok: false, message: 'these two are wired already', fix: 'Choose another port.' };
  }
  if (reachable(graph.edges, from.node, 'backwards').has(to.node)) {
    return {
      ok: false,
      message: 'this wire would close a loop',
      fix: 'Recurrence happens inside the Recurrent wrapper: wire a cell into it.',
    };
  }
  // What arrives at the target comes from nodes that do not depend on it: the types of the graph as it is hold for it too.
  const { outputs } = inferShapes(graph, facts);
  const carried = (port: GraphEdge['from']) => outputs.get(portKey(port.node, port.port));
  const actual = carried(from);
  const types = actual ? [actual.type] : output.types;
  if (!types.some((type) => input.accepts.includes(type))) return { ok: false, ...mismatch(types, input.accepts, ports.title) };
  if (isBorder(target)) return { ok: true };
  if (target.kind === blockKind) return intoBlock(graph, facts, from, to);
  const kindOf = (id: string) => nodeOf(graph, id)?.kind;
  const arrival = (edge: GraphEdge): Arrival => ({
    edge,
    source: kindOf(edge.from.node) ?? '',
    value: carried(edge.from),
  });
  const kept = graph.edges.filter(
    (e) => e.to.node === to.node && (input.many || e.to.port !== to.port) && kindOf(e.from.node) !== undefined,
  );
  const before = kept.map(arrival);
  const had = new Set(inferNode(target, before, facts).problems.map((p) => p.message));
  const after = inferNode(target, [...before, arrival({ id: 'candidate', from, to })], facts);
  const fault = after.problems.find((p) => !had.has(p.message));
  return fault ? { ok: false, message: fault.message, fix: fault.fix } : { ok: true };
}

/** Whether what lies in a block takes the wire: it has no problem with it that it had not before. */
function intoBlock(graph: Graph, facts: DataFacts, from: PortRef, to: PortRef) {
  const others = graph.edges.filter((edge) => edge.to.node !== to.node || edge.to.port !== to.port);
  const within = (edges: Graph['edges']): readonly Problem[] =>
    inferShapes({ ...graph, edges }, facts).problems.filter(({ node }) => node === to.node);
  const said = (problem: Problem): string => JSON.stringify([problem.inside, problem.message]);
  const had = new Set(within(graph.edges).map(said));
  const fault = within([...others, { id: 'candidate', from, to }]).find((problem) => !had.has(said(problem)));
  return fault === undefined ? ({ ok: true } as const) : ({ ok: false, message: fault.message, fix: fault.fix } as const);
}
