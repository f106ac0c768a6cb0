import { expect, it } from 'vitest';
import { modulePreview } from '../../engine/compile/module-preview.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import { templates } from '../../templates/registry.ts';
import { mean } from './meaning.ts';

const someFacts = { vocabulary: 20, classes: 5, features: 3, targets: 2 };

/** The graph with one wire or one node gone, and as it is. */
function incomplete(document: UnrollDocument): UnrollDocument[] {
  const { nodes, edges } = document;
  return [
    document,
    ...edges.map((gone) => ({ ...document, edges: edges.filter((edge) => edge !== gone) })),
    ...nodes.map((gone) => ({
      ...document,
      nodes: nodes.filter((node) => node !== gone),
      edges: edges.filter(({ from, to }) => from.node !== gone.id && to.node !== gone.id),
    })),
  ];
}

/** What the window shows of a graph on each edit, whether it can be trained or not. */
function show(graph: UnrollDocument, facts: DataFacts): void {
  const { inferred } = mean(graph, facts, null);
  for (const { id } of graph.nodes) modulePreview(graph, inferred, facts, id);
}

it.each(templates.map(({ info, document }) => ({ name: info.name, document })))(
  '$name is shown without a wire, a node or the data',
  ({ document }) => {
    for (const graph of incomplete(document()))
      for (const facts of [noFacts, someFacts, { ...someFacts, vocabulary: null, targets: null }])
        expect(() => show(graph, facts)).not.toThrow();
  },
);
