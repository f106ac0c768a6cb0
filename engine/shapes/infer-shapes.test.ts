import { describe, expect, it } from 'vitest';
import { node, port, wire } from '../document/fixtures/graph-literals.ts';
import type { DataFacts } from '../layers/layer.ts';
import { checkConnection, inferShapes, noFacts, portKey } from './infer-shapes.ts';
import { formatShape } from './value-type.ts';

const facts: DataFacts = { vocabulary: 100, classes: 3, features: null, targets: null };

const graph = {
  nodes: [
    node('in', 'token-input'),
    node('embed', 'embedding', { width: 16 }),
    node('cell', 'lstm-cell', { hidden: 8 }),
    node('both', 'bidirectional'),
    node('one', 'recurrent', { output: 'last' }),
    node('head', 'dense-softmax'),
  ],
  edges: [
    'in.tokens > embed.tokens',
    'embed.sequence > both.sequence',
    'cell.cell > both.cell',
    'both.output > one.sequence',
    'cell.cell > one.cell',
    'one.output > head.input',
  ].map(wire),
};

describe('inferShapes', () => {
  it('puts a type on every wire, batch and time symbolic', () => {
    const { outputs, problems } = inferShapes(graph, facts);
    const shapes = Object.fromEntries([...outputs].map(([key, type]) => [key, formatShape(type)]));
    expect(problems).toEqual([]);
    expect(shapes).toEqual({
      'in:tokens': 'B·T',
      'embed:sequence': 'B·T·16',
      'cell:cell': '8 wide',
      'both:output': 'B·T·16',
      'both:state': '2 × h, c B·8',
      'one:output': 'B·8',
      'one:state': 'h, c B·8',
    });
  });

  it('tells of a wire from or to a port that does not exist', () => {
    const last = graph.edges.length - 1;
    const from = inferShapes({ ...graph, edges: graph.edges.with(last, wire('one.outpt > head.input')) }, facts);
    expect(from.problems).toMatchObject([{ node: 'head', severity: 'error', message: 'Recurrent has no output “outpt”' }]);
    const to = inferShapes({ ...graph, edges: graph.edges.with(last, wire('one.output > head.inpt')) }, facts);
    expect(to.problems.map(({ message }) => message)).toContain('Dense softmax has no input “inpt”');
  });

  it('knows what is known without data', () => {
    const oneHot = { nodes: [node('in', 'token-input'), node('hot', 'one-hot')], edges: [wire('in.tokens > hot.tokens')] };
    const type = inferShapes(oneHot, noFacts).outputs.get(portKey('hot', 'sequence'));
    expect(type && formatShape(type)).toBe('B·T·?');
  });

  it('puts each problem on its node: a missing wire, a wrong setting, an unknown kind, a loop', () => {
    const broken = {
      nodes: [
        node('lonely', 'dense'),
        node('wrong', 'lstm-cell', { hidden: -1 }),
        node('new', 'transformer'),
        node('a', 'dense'),
        node('b', 'dense'),
      ],
      edges: [wire('a.output > b.input'), wire('b.output > a.input')],
    };
    const byNode = new Map(inferShapes(broken, facts).problems.map((problem) => [problem.node, problem]));
    expect([...byNode.keys()].sort()).toEqual(['a', 'b', 'lonely', 'new', 'wrong']);
    expect(byNode.get('wrong')?.message).toMatch(/^hidden: /);
    for (const problem of byNode.values()) expect(problem.fix.length).toBeGreaterThan(5);
  });

  it('says why widths do not add up', () => {
    const sum = {
      nodes: [...graph.nodes, node('sum', 'add')],
      edges: [...graph.edges, wire('embed.sequence > sum.inputs'), wire('both.output > sum.inputs')],
    };
    expect(inferShapes(sum, facts).problems).toEqual([]);
    const wider = { ...sum, nodes: sum.nodes.map((n) => (n.id === 'embed' ? node('embed', 'embedding', { width: 5 }) : n)) };
    expect(inferShapes(wider, facts).problems).toMatchObject([{ node: 'sum', message: 'widths differ: 5 and 16' }]);
  });
});

describe('checkConnection', () => {
  const check = (from: string, to: string) => checkConnection(graph, facts, port(from), port(to));

  it('allows what works', () => {
    expect(check('both.output', 'head.input')).toEqual({ ok: true });
    expect(check('embed.sequence', 'one.sequence')).toEqual({ ok: true });
  });

  it.each([
    ['in.tokens', 'both.sequence', 'Put an Embedding or a One-hot between them.'],
    ['one.output', 'both.sequence', 'this wire would close a loop'],
    ['cell.cell', 'head.input', 'Wire the cell into the cell port of a Recurrent or Bidirectional wrapper.'],
    ['embed.sequence', 'both.cell', 'Wire a Vanilla RNN, GRU or LSTM cell here.'],
    ['one.output', 'head.nothing', 'there is no such port'],
    ['one.output', 'head.input', 'these two are wired already'],
    ['both.output', 'both.sequence', 'a node cannot feed itself'],
  ])('refuses %s > %s with reason and fix', (from, to, words) => {
    const result = check(from, to);
    if (result.ok) throw new Error('expected a refusal');
    expect(`${result.message} ${result.fix}`).toContain(words);
    expect(result.fix.length).toBeGreaterThan(5);
  });

  it('refuses a state of another cell', () => {
    const mixed = {
      nodes: [...graph.nodes, node('gru', 'gru-cell', { hidden: 8 }), node('two', 'recurrent')],
      edges: [...graph.edges, wire('embed.sequence > two.sequence'), wire('gru.cell > two.cell')],
    };
    const result = checkConnection(mixed, facts, port('one.state'), port('two.initial'));
    const fix = 'Use the same kind, width and number of layers on both sides, or put a Bridge between them.';
    expect(result).toMatchObject({ ok: false, fix });
  });
});
