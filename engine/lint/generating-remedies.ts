import { nodeOf } from '../document/node-of.ts';
import type { GraphEdge, GraphNode, UnrollDocument } from '../document/schema.ts';
import { generatingNodes } from '../graph/causality-problems.ts';
import { checkConnection } from '../graph/check-connection.ts';
import { connect, remove, setParams } from '../graph/edit.ts';
import { portKey } from '../graph/infer-shapes.ts';
import { findLayer } from '../layers/registry.ts';
import type { Problem } from '../shapes/problem.ts';
import type { LintInput, Remedy } from './finding.ts';

/**
 * What does away with an error of the part of a graph that says a sequence token by token: a layer there that looks ahead, or a wire out
 * of it that tells what is not known yet. `null` for other problems.
 */
export function generatingRemedy(problem: Problem, input: LintInput): Remedy | null {
  const { document, inferred } = input;
  const generating = generatingNodes(document, inferred);
  const node = nodeOf(document, problem.node);
  if (!node) return null;
  const edge = document.edges.find(({ id }) => id === problem.edge);
  if (edge) return generating.has(edge.from.node) ? wireRemedy(edge, generating, input) : null;
  const config = inferred.configs.get(node.id);
  const looksAhead = config && generating.has(node.id) && findLayer(node.kind)?.notCausal?.(config);
  // The same node may have other problems.
  return looksAhead && looksAhead.message === problem.message ? layerRemedy(node) : null;
}

function layerRemedy(node: GraphNode): Remedy | null {
  if (node.kind === 'recurrent') {
    return {
      label: 'Run it forwards, every step',
      apply: (document) => setParams(document, node.id, { direction: 'forward', output: 'every-step' }),
    };
  }
  if (node.kind !== 'bidirectional' && node.kind !== 'pyramid') return null;
  return { label: 'Replace by Recurrent, forwards', apply: (document) => asRecurrent(document, node) };
}

/** The wrapper becomes one that reads forwards, with the settings that both have; its wires stay, as its ports have the same names. */
function asRecurrent(document: UnrollDocument, node: GraphNode): UnrollDocument {
  const known = findLayer('recurrent')?.config.shape ?? {};
  const shared = Object.fromEntries(Object.entries(node.params).filter(([name]) => name in known));
  const params = { ...shared, direction: 'forward', output: 'every-step' };
  const nodes = document.nodes.map((n) => (n.id === node.id ? { ...n, kind: 'recurrent', params } : n));
  return { ...document, nodes };
}

/** The encoder's output takes the wire's place where there is one encoder that fits; an optional port is left free otherwise. */
function wireRemedy(edge: GraphEdge, generating: ReadonlySet<string>, { document, facts, inferred }: LintInput): Remedy | null {
  const port = findLayer(nodeOf(document, edge.to.node)?.kind ?? '')?.inputs.find(({ name }) => name === edge.to.port);
  const wanted = inferred.outputs.get(portKey(edge.from.node, edge.from.port))?.type;
  const name = wanted === 'state' ? 'state' : 'output';
  const open = remove(document, new Set([edge.id]));
  const encoders = document.nodes.filter(
    ({ id, kind }) =>
      findLayer(kind)?.family === 'unroll' &&
      !generating.has(id) &&
      inferred.outputs.get(portKey(id, name))?.type === wanted &&
      checkConnection(open, facts, { node: id, port: name }, edge.to).ok,
  );
  const [only] = encoders;
  if (only && encoders.length === 1) {
    const from = { node: only.id, port: name };
    return { label: 'Wire the encoder here', apply: (d) => connect(remove(d, new Set([edge.id])), from, edge.to) };
  }
  if (port?.optional !== true) return null;
  return { label: 'Remove the wire', apply: (d) => remove(d, new Set([edge.id])) };
}
