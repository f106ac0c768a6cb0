import type { GraphEdge, GraphNode, UnrollDocument } from '../document/schema.ts';
import type { DataFacts, NodeInputs } from '../layers/layer.ts';
import type { AnyLayer } from '../layers/registry.ts';
import { findLayer } from '../layers/registry.ts';
import type { Problem } from './problem.ts';
import type { ValueType, ValueTypeName } from './value-type.ts';

export interface InferredShapes {
  /** Type leaving each output port, keyed by `portKey`. Ports whose type is unknown are missing. */
  readonly outputs: ReadonlyMap<string, ValueType>;
  /** Types arriving at each node, by input port, in wire order. */
  readonly inputs: ReadonlyMap<string, NodeInputs>;
  /** Parsed settings of each node whose settings are valid. */
  readonly configs: ReadonlyMap<string, Readonly<Record<string, string | number | boolean | null>>>;
  /** Node ids so that each comes after what it depends on; nodes on a cycle are missing. */
  readonly order: readonly string[];
  readonly problems: readonly Problem[];
}

type Graph = Pick<UnrollDocument, 'nodes' | 'edges'>;

export const portKey = (node: string, port: string): string => `${node}:${port}`;

/** Facts of a document without data. */
export const noFacts: DataFacts = { vocabulary: null, classes: null, features: null, targets: null };

/**
 * Types on every wire, and every problem, in one pass over the topologically sorted graph. Pure; runs on each edit.
 */
export function inferShapes(graph: Graph, facts: DataFacts): InferredShapes {
  const problems: Problem[] = [];
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = graph.edges.filter((edge) => nodes.has(edge.from.node) && nodes.has(edge.to.node));
  const sorted = sortTopologically(graph.nodes, edges);
  const order = new Set(sorted.map((node) => node.id));
  const incoming = groupBy(edges, (edge) => edge.to.node);
  const outputs = new Map<string, ValueType>();
  const inputs = new Map<string, NodeInputs>();
  const configs = new Map<string, Readonly<Record<string, string | number | boolean | null>>>();

  for (const { id } of graph.nodes) {
    if (order.has(id)) continue;
    problems.push(
      problem(
        id,
        'this node is part of, or behind, a loop of wires',
        'Remove a wire of the loop: recurrence happens inside the Recurrent wrapper.',
      ),
    );
  }

  for (const node of sorted) {
    const { id } = node;
    const layer = findLayer(node.kind);
    if (layer === undefined) {
      problems.push(problem(id, `unknown layer kind “${node.kind}”`, 'Update Unroll, or replace this node.'));
      continue;
    }
    const parsed = layer.config.safeParse(node.params);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        problems.push(
          problem(id, `${issue.path.join('.') || 'settings'}: ${issue.message}`, 'Correct the setting in the inspector.'),
        );
      }
      continue;
    }
    const config = parsed.data as Readonly<Record<string, string | number | boolean | null>>;
    configs.set(id, config);
    const gathered = gatherInputs(node, layer, incoming.get(id) ?? [], nodes, outputs, problems);
    inputs.set(id, gathered.inputs);
    if (!gathered.complete) continue;
    const result = layer.shape(config, gathered.inputs, facts);
    if (result.ok) {
      for (const [port, value] of Object.entries(result.outputs)) outputs.set(portKey(id, port), value);
    } else {
      problems.push(problem(id, result.message, result.fix));
    }
  }
  return { outputs, inputs, configs, order: [...order], problems };
}

/** Whether a wire may be drawn, with the reason and the fix when it may not. */
export function checkConnection(
  graph: Graph,
  facts: DataFacts,
  from: { node: string; port: string },
  to: { node: string; port: string },
): { readonly ok: true } | { readonly ok: false; readonly message: string; readonly fix: string } {
  const source = graph.nodes.find((node) => node.id === from.node);
  const target = graph.nodes.find((node) => node.id === to.node);
  const output = source && findLayer(source.kind)?.outputs.find((port) => port.name === from.port);
  const layer = target && findLayer(target.kind);
  const input = layer?.inputs.find((port) => port.name === to.port);
  if (!output || !layer || !input) {
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
  const kept = input.many ? graph.edges : graph.edges.filter((e) => !(e.to.node === to.node && e.to.port === to.port));
  const candidate: GraphEdge = { id: 'candidate', from, to };
  const next = { nodes: graph.nodes, edges: [...kept, candidate] };
  if (sortTopologically(next.nodes, next.edges).length < next.nodes.length) {
    return {
      ok: false,
      message: 'this wire would close a loop',
      fix: 'Recurrence happens inside the Recurrent wrapper: wire a cell into it.',
    };
  }
  const before = inferShapes({ nodes: graph.nodes, edges: kept }, facts);
  const actual = before.outputs.get(portKey(from.node, from.port));
  const types = actual ? [actual.type] : output.types;
  if (!types.some((type) => input.accepts.includes(type))) return { ok: false, ...mismatch(types, input.accepts, layer.title) };
  const own = ({ problems }: InferredShapes): readonly Problem[] => problems.filter((p) => p.node === to.node);
  const had = new Set(own(before).map((p) => p.message));
  const shape = own(inferShapes(next, facts)).find((p) => !had.has(p.message));
  return shape ? { ok: false, message: shape.message, fix: shape.fix } : { ok: true };
}

function gatherInputs(
  node: GraphNode,
  layer: AnyLayer,
  edges: readonly GraphEdge[],
  nodes: ReadonlyMap<string, GraphNode>,
  outputs: ReadonlyMap<string, ValueType>,
  problems: Problem[],
): { readonly inputs: NodeInputs; readonly complete: boolean } {
  const inputs: Record<string, ValueType[]> = {};
  let complete = true;
  for (const port of layer.inputs) {
    const wires = edges.filter((edge) => edge.to.port === port.name);
    if (wires.length === 0 && !port.optional) {
      problems.push(
        problem(node.id, `“${port.label}” needs a wire`, `Wire ${port.accepts.map(typeLabel).join(' or ')} into it.`),
      );
      complete = false;
    }
    if (wires.length > 1 && !port.many) {
      problems.push(
        problem(
          node.id,
          `“${port.label}” takes one wire, and has ${wires.length}`,
          'Remove the others, or join them with Concat first.',
        ),
      );
      complete = false;
    }
    const values: ValueType[] = [];
    for (const wire of wires) {
      const value = outputs.get(portKey(wire.from.node, wire.from.port));
      if (value === undefined) {
        complete = false;
        const source = findLayer(nodes.get(wire.from.node)?.kind ?? '');
        if (source && !source.outputs.some(({ name }) => name === wire.from.port)) {
          const message = `${source.title} has no output “${wire.from.port}”`;
          problems.push({ severity: 'error', node: node.id, edge: wire.id, message, fix: 'Remove the wire.' });
        }
      } else if (port.accepts.includes(value.type)) {
        values.push(value);
      } else {
        const { message, fix } = mismatch([value.type], port.accepts, layer.title);
        problems.push({ severity: 'error', node: node.id, edge: wire.id, message, fix });
        complete = false;
      }
    }
    inputs[port.name] = values;
  }
  for (const wire of edges) {
    if (!layer.inputs.some((port) => port.name === wire.to.port)) {
      problems.push({
        severity: 'error',
        node: node.id,
        edge: wire.id,
        message: `${layer.title} has no input “${wire.to.port}”`,
        fix: 'Remove the wire.',
      });
    }
  }
  return { inputs, complete };
}

const typeLabels: Readonly<Record<ValueTypeName, string>> = {
  tokens: 'tokens',
  sequence: 'a sequence',
  vector: 'a vector',
  pictures: 'pictures',
  state: 'a state',
  cell: 'a cell',
};
const typeLabel = (type: ValueTypeName): string => typeLabels[type];

/** Reason and fix for a wire between types that do not fit. */
function mismatch(
  from: readonly ValueTypeName[],
  accepts: readonly ValueTypeName[],
  title: string,
): { message: string; fix: string } {
  const message = `${title} takes ${accepts.map(typeLabel).join(' or ')} here, but this wire carries ${from.map(typeLabel).join(' or ')}`;
  const needs = (type: ValueTypeName): boolean => accepts.includes(type);
  if (from.includes('tokens') && needs('sequence')) return { message, fix: 'Put an Embedding or a One-hot between them.' };
  if (from.includes('vector') && needs('sequence')) return { message, fix: 'Set the recurrent layer before it to “every step”.' };
  if (from.includes('pictures')) return { message, fix: 'Put a Flatten between them, after the convolutions.' };
  if (needs('pictures')) return { message, fix: 'Wire an Image, Frames or a Convolution here.' };
  if (from.includes('cell')) return { message, fix: 'Wire the cell into the cell port of a Recurrent or Bidirectional wrapper.' };
  if (needs('cell')) return { message, fix: 'Wire a Vanilla RNN, GRU or LSTM cell here.' };
  return { message, fix: `Wire ${accepts.map(typeLabel).join(' or ')} here.` };
}

function problem(node: string, message: string, fix: string): Problem {
  return { severity: 'error', node, edge: null, message, fix };
}

/** Kahn's algorithm, stable in document order; nodes on or behind a cycle are left out. */
function sortTopologically(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): readonly GraphNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const outgoing = groupBy(edges, (edge) => edge.from.node);
  const waiting = new Map<string, number>();
  for (const { to } of edges) waiting.set(to.node, (waiting.get(to.node) ?? 0) + 1);
  const ready = nodes.filter((node) => !waiting.has(node.id));
  for (const { id } of ready) {
    for (const { to } of outgoing.get(id) ?? []) {
      const left = (waiting.get(to.node) ?? 0) - 1;
      waiting.set(to.node, left);
      const node = byId.get(to.node);
      if (left === 0 && node) ready.push(node);
    }
  }
  return ready;
}

/** Node 20 has no `Map.groupBy` yet. */
function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
