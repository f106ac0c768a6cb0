import type { TaskKind } from '../document/data-binding.ts';
import type { GraphEdge, UnrollDocument } from '../document/schema.ts';
import { findLayer } from '../layers/registry.ts';
import type { Problem } from '../shapes/problem.ts';
import { type InferredShapes, portKey } from './infer-shapes.ts';

/** Where what was said so far enters the graph, by the tasks whose models say sequences. */
const saidAt: Readonly<Partial<Record<TaskKind, string>>> = {
  'sequence-to-sequence': 'target-input',
  'language-model': 'token-input',
};

/**
 * What keeps a graph from saying a sequence token by token: in the part that depends on what was said so far, every step must follow
 * from the steps before it. A layer that looks ahead there would read the answer while it trains, and have nothing to read when it
 * generates.
 */
export function causalityProblems(document: UnrollDocument, inferred: InferredShapes): Problem[] {
  const generating = generatingNodes(document, inferred);
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const inLayers = [...generating].flatMap((id): Problem[] => {
    const config = inferred.configs.get(id);
    const layer = findLayer(nodes.get(id)?.kind ?? '');
    const problem = config && layer?.notCausal?.(config);
    return problem ? [{ severity: 'error', node: id, edge: null, ...problem }] : [];
  });
  const onWires = document.edges
    .filter((edge) => generating.has(edge.from.node))
    .flatMap((edge): Problem[] => {
      const problem = wireProblem(edge, nodes.get(edge.to.node)?.kind ?? '', inferred);
      return problem ? [{ severity: 'error', node: edge.to.node, edge: edge.id, ...problem }] : [];
    });
  return [...inLayers, ...onWires];
}

/** Nodes that depend on what was said so far: they run again for every token; none where nothing is said. */
export function generatingNodes(document: UnrollDocument, inferred: Pick<InferredShapes, 'order'>): ReadonlySet<string> {
  const source = document.data && saidAt[document.data.task];
  const generating = new Set<string>();
  if (!source) return generating;
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const readers = new Map<string, string[]>();
  for (const { from, to } of document.edges) readers.set(from.node, [...(readers.get(from.node) ?? []), to.node]);
  const reading = new Set<string>();
  for (const id of inferred.order) {
    if (!reading.has(id) && nodes.get(id)?.kind !== source) continue;
    generating.add(id);
    for (const reader of readers.get(id) ?? []) reading.add(reader);
  }
  return generating;
}

/** Why a wire out of the generating part tells what is not known yet. */
function wireProblem(edge: GraphEdge, kind: string, { outputs }: InferredShapes): Pick<Problem, 'message' | 'fix'> | null {
  const port = findLayer(kind)?.inputs.find((input) => input.name === edge.to.port);
  if (outputs.get(portKey(edge.from.node, edge.from.port))?.type === 'state') {
    return {
      message: `“${port?.label ?? edge.to.port}” gets a state from the end of the sequence that is still being said`,
      fix: 'Wire the encoder’s state here, or leave the port free.',
    };
  }
  if (port?.whole === true) {
    return {
      message: `“${port.label}” looks at the whole of a sequence that is still being said`,
      fix: 'Wire the encoder’s output here.',
    };
  }
  return null;
}
