import { expect, it } from 'vitest';
import { unrollDocument } from '../../engine/document/schema.ts';
import { inferShapes, noFacts } from '../../engine/graph/infer-shapes.ts';
import { largeDocument } from './large-document.ts';

it.each([
  [200, 290],
  [1000, 1500],
])('makes a valid document of %d nodes and %d wires, each of which carries a shape', (nodes, wires) => {
  const document = unrollDocument.parse(largeDocument(nodes, wires));
  expect([document.nodes.length, document.edges.length]).toEqual([nodes, wires]);
  const ends = document.edges.map(({ from, to }) => `${from.node}:${from.port} ${to.node}:${to.port}`);
  expect(new Set(ends).size).toBe(wires);
  const places = document.nodes.map(({ position }) => `${position.x} ${position.y}`);
  expect(new Set(places).size).toBe(nodes);
  const { outputs, problems } = inferShapes(document, noFacts);
  expect(problems).toEqual([]);
  expect(document.edges.filter(({ from }) => !outputs.has(`${from.node}:${from.port}`))).toEqual([]);
});
