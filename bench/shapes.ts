import type { GraphEdge, GraphNode } from '../engine/document/schema.ts';
import { inferShapes, noFacts } from '../engine/graph/infer-shapes.ts';

/** Median ms of shape inference, which runs on each edit, over a chain of dense layers. */
export function inferenceTime(nodes: number, rounds: number): number {
  const position = { x: 0, y: 0 };
  const chain: GraphNode[] = [
    { id: 'n0', kind: 'series-input', params: {}, position },
    ...Array.from(
      { length: nodes - 1 },
      (_, i): GraphNode => ({ id: `n${i + 1}`, kind: 'dense', params: { units: 8 }, position }),
    ),
  ];
  const edges = chain.slice(1).map(
    (node, i): GraphEdge => ({
      id: `w${i}`,
      from: { node: `n${i}`, port: i === 0 ? 'sequence' : 'output' },
      to: { node: node.id, port: 'input' },
    }),
  );
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const { problems } = inferShapes({ nodes: chain, edges }, { ...noFacts, features: 3 });
    if (problems.length > 0) throw new Error(problems[0]?.message);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
}
