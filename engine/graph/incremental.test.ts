import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { node, port, wire } from '../document/fixtures/graph-literals.ts';
import type { GraphEdge, GraphNode } from '../document/schema.ts';
import { type AnyLayer, findLayer } from '../layers/registry.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { checkConnection } from './check-connection.ts';
import { type Graph, inferShapes } from './infer-shapes.ts';

/** What is inferred when nothing is remembered: copies are objects that were never seen. */
const fromScratch = (graph: Graph, facts: DataFacts) => inferShapes(structuredClone(graph), structuredClone(facts));

const kinds = [
  'token-input',
  'embedding',
  'gru-cell',
  'lstm-cell',
  'recurrent',
  'bidirectional',
  'add',
  'concat',
  'dense',
  'pyramid',
];
const settings: readonly GraphNode['params'][] = [
  {},
  { width: 3 },
  { hidden: 3 },
  { units: 3 },
  { output: 'last' },
  { layers: 2 },
];
const facts: readonly DataFacts[] = [
  { vocabulary: null, classes: null, features: null, targets: null },
  { vocabulary: 9, classes: 2, features: 4, targets: 1 },
];

type Edit = (graph: Graph) => Graph;
const place = fc.nat({ max: 11 });
const at = <T>(items: readonly T[], i: number): T | undefined => items[i % Math.max(1, items.length)];
const changed = (graph: Graph, i: number, change: (node: GraphNode) => GraphNode): Graph => ({
  ...graph,
  nodes: graph.nodes.map((one, k) => (k === i % graph.nodes.length ? change(one) : one)),
});
/** A wire from any output to any input, sensible or not, of an id that no other has. */
function candidate({ nodes }: Graph, id: string, [a, b, p, q]: readonly number[]): GraphEdge | null {
  const [source, target] = [at(nodes, a ?? 0), at(nodes, b ?? 0)];
  const from = source && at(findLayer(source.kind)?.outputs ?? [], p ?? 0);
  const to = target && at(findLayer(target.kind)?.inputs ?? [], q ?? 0);
  return from && to ? { id, from: { node: source.id, port: from.name }, to: { node: target.id, port: to.name } } : null;
}

let serial = 0;
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constantFrom(...kinds).map(
    (kind): Edit =>
      (graph) => ({ ...graph, nodes: [...graph.nodes, node(`n${serial++}`, kind)] }),
  ),
  {
    weight: 5,
    arbitrary: fc.tuple(place, place, place, place).map(
      (ends): Edit =>
        (graph) => {
          const edge = candidate(graph, `w${serial++}`, ends);
          return edge ? { ...graph, edges: [...graph.edges, edge] } : graph;
        },
    ),
  },
  place.map(
    (i): Edit =>
      (graph) => ({ ...graph, edges: graph.edges.filter((_, k) => k !== i % graph.edges.length) }),
  ),
  place.map(
    (i): Edit =>
      (graph) => ({ ...graph, nodes: graph.nodes.filter((_, k) => k !== i % graph.nodes.length) }),
  ),
  fc.tuple(place, fc.constantFrom(...settings)).map(
    ([i, params]): Edit =>
      (graph) =>
        changed(graph, i, (one) => ({ ...one, params })),
  ),
  fc.tuple(place, fc.constantFrom(...kinds)).map(
    ([i, kind]): Edit =>
      (graph) =>
        changed(graph, i, (one) => ({ ...one, kind })),
  ),
  place.map(
    (i): Edit =>
      (graph) =>
        changed(graph, i, (one) => ({ ...one, position: { x: i, y: i } })),
  ),
  fc.tuple(place, place).map(
    ([i, k]): Edit =>
      (graph) => {
        const [one, other] = [at(graph.edges, i), at(graph.edges, k)];
        return {
          ...graph,
          edges: graph.edges.map((edge) => (edge === one && other ? other : edge === other && one ? one : edge)),
        };
      },
  ),
);

/** Small, but with wires of every kind in it. */
const start: Graph = {
  nodes: [
    node('in', 'token-input'),
    node('embed', 'embedding', { width: 4 }),
    node('cell', 'gru-cell', { hidden: 4 }),
    node('one', 'recurrent'),
    node('two', 'recurrent'),
    node('sum', 'add'),
  ],
  edges: [
    'in.tokens > embed.tokens',
    'embed.sequence > one.sequence',
    'cell.cell > one.cell',
    'one.output > two.sequence',
    'cell.cell > two.cell',
    'one.state > two.initial',
    'embed.sequence > sum.inputs',
    'two.output > sum.inputs',
  ].map(wire),
};

describe('what is inferred after edits', () => {
  it('is what is inferred from scratch, after each of any edits, with data or without', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(edit, fc.nat({ max: 1 })), { maxLength: 25 }), (edits) => {
        let graph = start;
        const seen = [graph];
        for (const [change, data] of edits) {
          graph = change(graph);
          seen.push(graph);
          const known = facts[data] as DataFacts;
          expect(inferShapes(graph, known)).toEqual(fromScratch(graph, known));
        }
        // Undo: the same again, backwards.
        for (const before of seen.reverse())
          expect(inferShapes(before, facts[1] as DataFacts)).toEqual(fromScratch(before, facts[1] as DataFacts));
      }),
      { numRuns: 150 },
    );
  });

  it('allows and refuses the wires that a whole inference with and without them does', () => {
    const counts = { allowed: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 12 }),
        fc.array(fc.tuple(place, place, place, place), { maxLength: 14 }),
        (edits, wires) => {
          const graph = edits.reduce((before, change) => change(before), start);
          const known = facts[1] as DataFacts;
          for (const ends of wires) {
            const edge = candidate(graph, 'candidate', ends);
            if (edge === null) continue;
            const found = checkConnection(graph, known, edge.from, edge.to);
            expect(found.ok).toBe(allowedByInference(graph, known, edge));
            counts[found.ok ? 'allowed' : 'refused']++;
          }
        },
      ),
      { numRuns: 300 },
    );
    // Both must be met, whatever chance draws.
    expect(Math.min(counts.allowed, counts.refused)).toBeGreaterThan(5);
  });
});

/** The rule, said with whole inferences: a wire may be drawn that closes no loop, and makes nothing wrong at its end (but a loop elsewhere). */
function allowedByInference(graph: Graph, known: DataFacts, edge: GraphEdge): boolean {
  const [target, source] = [edge.to.node, edge.from.node].map((id) => graph.nodes.find((one) => one.id === id));
  const input = findLayer(target?.kind ?? '')?.inputs.find(({ name }) => name === edge.to.port);
  const output = findLayer(source?.kind ?? '')?.outputs.find(({ name }) => name === edge.from.port);
  const same = (a: GraphEdge['from'], b: GraphEdge['from']): boolean => a.node === b.node && a.port === b.port;
  if (graph.edges.some((e) => same(e.from, edge.from) && same(e.to, edge.to))) return false;
  const leads = (from: string, passed: readonly string[]): boolean =>
    from === source?.id ||
    graph.edges.some((e) => e.from.node === from && !passed.includes(e.to.node) && leads(e.to.node, [...passed, e.to.node]));
  if (leads(edge.to.node, [edge.to.node])) return false;
  const kept = graph.edges.filter((e) => input?.many || !same(e.to, edge.to));
  const before = fromScratch({ ...graph, edges: kept }, known);
  const type = before.outputs.get(`${edge.from.node}:${edge.from.port}`)?.type;
  if (!(type ? [type] : (output?.types ?? [])).some((name) => input?.accepts.includes(name))) return false;
  const own = (found: typeof before) =>
    found.problems.filter((one) => one.node === target?.id && !one.message.includes('a loop')).map((one) => one.message);
  return own(fromScratch({ ...graph, edges: [...kept, edge] }, known)).every((message) => own(before).includes(message));
}

describe('what is inferred anew', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const known = facts[1] as DataFacts;
  /** Ids of the nodes whose shape rule runs while `act` does. */
  const ruled = (act: () => void): number => {
    const rules = kinds.map((kind) => vi.spyOn(findLayer(kind) as AnyLayer, 'shape'));
    act();
    const calls = rules.reduce((sum, rule) => sum + rule.mock.calls.length, 0);
    vi.restoreAllMocks();
    return calls;
  };
  const graph = structuredClone(start);
  const settingOf = (id: string, params: GraphNode['params']): Graph => ({
    ...graph,
    nodes: graph.nodes.map((one) => (one.id === id ? { ...one, params } : one)),
  });

  it('is a changed node, and what its types reach: nothing after a move, nothing behind a type that stays', () => {
    expect(ruled(() => inferShapes(graph, known))).toBe(6);
    expect(ruled(() => inferShapes(graph, known))).toBe(0);
    expect(
      ruled(() => inferShapes({ ...graph, nodes: graph.nodes.map((one) => ({ ...one, position: { x: 5, y: 5 } })) }, known)),
    ).toBe(0);
    expect(ruled(() => inferShapes(settingOf('sum', { wrong: 1 }), known))).toBe(0); // its settings are refused before
    expect(ruled(() => inferShapes(settingOf('one', { direction: 'backward' }), known))).toBe(1);
    expect(ruled(() => inferShapes(settingOf('cell', { hidden: 5 }), known))).toBe(4);
  });

  it('for a wire that may be drawn is its end alone', () => {
    const again = structuredClone(graph);
    inferShapes(again, known);
    expect(ruled(() => checkConnection(again, known, port('one.output'), port('sum.inputs')))).toBe(2);
  });
});
