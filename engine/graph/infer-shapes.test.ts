import { describe, expect, it } from 'vitest';
import { cellOf } from '../cells/registry.ts';
import { classifier as graph, node, wire } from '../document/fixtures/graph-literals.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { formatShape, type ValueType } from '../shapes/value-type.ts';
import { inferShapes, noFacts, portKey } from './infer-shapes.ts';

const facts: DataFacts = { vocabulary: 100, classes: 3, features: null, targets: null };

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
    const rewired = (text: string) => inferShapes({ ...graph, edges: graph.edges.with(last, wire(text)) }, facts).problems;
    const told = { severity: 'error', node: 'head', fix: 'Remove the wire.' };
    expect(rewired('one.outpt > head.input')).toEqual([
      { ...told, edge: 'one-outpt-head-input', message: 'Recurrent has no output “outpt”' },
    ]);
    expect(rewired('one.output > head.inpt')).toEqual([
      expect.objectContaining({ node: 'head', message: '“input” needs a wire' }),
      { ...told, edge: 'one-output-head-inpt', message: 'Dense softmax has no input “inpt”' },
    ]);
  });

  it('blames no wire for a type that is unknown for another reason', () => {
    const { problems } = inferShapes(
      {
        nodes: [node('new', 'transformer'), node('bare', 'dense'), node('sum', 'add')],
        edges: ['new.x > sum.inputs', 'bare.output > sum.inputs'].map(wire),
      },
      facts,
    );
    expect(problems.map((problem) => problem.node)).toEqual(['new', 'bare']);
  });

  it('knows what is known without data', () => {
    const oneHot = { nodes: [node('in', 'token-input'), node('hot', 'one-hot')], edges: [wire('in.tokens > hot.tokens')] };
    const type = inferShapes(oneHot, noFacts).outputs.get(portKey('hot', 'sequence'));
    expect(type && formatShape(type)).toBe('B·T·?');
  });

  it('puts each problem on its node: a missing wire, a wrong setting, an unknown kind, a loop and what is behind it', () => {
    const broken = {
      nodes: [
        node('lonely', 'dense'),
        node('wrong', 'lstm-cell', { hidden: -1 }),
        node('extra', 'add', { width: 3 }),
        node('new', 'transformer'),
        node('a', 'dense'),
        node('b', 'dense'),
        node('behind', 'dense'),
      ],
      edges: ['a.output > b.input', 'b.output > a.input', 'b.output > behind.input'].map(wire),
    };
    const { problems, order } = inferShapes(broken, facts);
    const told = { severity: 'error', edge: null };
    const loop = {
      ...told,
      message: 'this node is part of, or behind, a loop of wires',
      fix: 'Remove a wire of the loop: recurrence happens inside the Recurrent wrapper.',
    };
    const setting = { ...told, fix: 'Correct the setting in the inspector.' };
    expect(problems).toEqual([
      { ...loop, node: 'a' },
      { ...loop, node: 'b' },
      { ...loop, node: 'behind' },
      { ...told, node: 'lonely', message: '“input” needs a wire', fix: 'Wire a sequence or a vector into it.' },
      { ...setting, node: 'wrong', message: expect.stringMatching(/^hidden: ./) },
      { ...setting, node: 'extra', message: expect.stringMatching(/^settings: .*width/) },
      { ...told, node: 'new', message: 'unknown layer kind “transformer”', fix: 'Update Unroll, or replace this node.' },
    ]);
    expect(order).toEqual(['lonely', 'wrong', 'extra', 'new']);
  });

  it('orders nodes behind what they read, otherwise as the document does', () => {
    const mixed = {
      nodes: [node('end', 'add'), node('x', 'dense'), node('y', 'dense'), node('free', 'dense'), node('in', 'series-input')],
      edges: ['x.output > end.inputs', 'y.output > end.inputs', 'in.sequence > y.input', 'in.sequence > x.input'].map(wire),
    };
    expect(inferShapes(mixed, facts).order).toEqual(['free', 'in', 'y', 'x', 'end']);
  });

  it('leaves out wires whose ends are not there', () => {
    const dangling = {
      nodes: [node('in', 'token-input')],
      edges: ['in.tokens > gone.tokens', 'gone.tokens > in.tokens'].map(wire),
    };
    expect(inferShapes(dangling, facts)).toMatchObject({ problems: [], order: ['in'] });
  });

  it('refuses a second wire where one may end, on the node and naming the port', () => {
    const twice = { ...graph, edges: [...graph.edges, wire('both.output > one.sequence')] };
    const { problems, outputs } = inferShapes(twice, facts);
    expect(problems).toEqual([
      {
        severity: 'error',
        node: 'one',
        edge: null,
        message: '“sequence” takes one wire, and has 2',
        fix: 'Remove the others, or join them with Concat first.',
      },
    ]);
    expect(outputs.has('one:output')).toBe(false);
  });

  it('puts a wire of the wrong type on that wire, and infers nothing behind it', () => {
    const wrong = { ...graph, edges: graph.edges.with(1, wire('in.tokens > both.sequence')) };
    const { problems, outputs } = inferShapes(wrong, facts);
    expect(problems).toEqual([
      {
        severity: 'error',
        node: 'both',
        edge: 'in-tokens-both-sequence',
        message: 'Bidirectional takes a sequence here, but this wire carries tokens',
        fix: 'Put an Embedding or a One-hot between them.',
      },
    ]);
    expect([...outputs.keys()]).toEqual(['in:tokens', 'cell:cell', 'embed:sequence']);
  });

  it('keeps the parsed settings, with defaults, and the types that arrived', () => {
    const { configs, inputs } = inferShapes(graph, facts);
    expect(configs.get('cell')).toMatchObject({ hidden: 8, forgetBias: 1 });
    expect(inputs.get('one')).toMatchObject({
      sequence: [{ type: 'sequence', features: 16, time: 'T' }],
      cell: [{ type: 'cell', cell: { kind: 'lstm-cell', hidden: 8 } }],
      initial: [],
    });
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

describe('formatShape', () => {
  const part = (name: string, width: number) => ({ name, width });
  const state = { type: 'state', parts: [part('h', 8), part('c', 8)], layers: 1 } as const;
  const projected = { ...state, parts: [part('h', 3), part('c', 8)] };
  const size = { height: 4, width: 6, channels: 3 };
  it.each<[ValueType, string]>([
    [{ type: 'tokens', vocabulary: 9, time: 'T' }, 'B·T'],
    [{ type: 'sequence', features: 16, time: 'T/2' }, 'B·T/2·16'],
    [{ type: 'sequence', features: null, time: 'T' }, 'B·T·?'],
    [{ type: 'vector', features: 3 }, 'B·3'],
    [{ type: 'vector', features: null }, 'B·?'],
    [{ type: 'pictures', size, time: null }, 'B·4·6·3'],
    [{ type: 'pictures', size, time: 'T' }, 'B·T·4·6·3'],
    [{ type: 'pictures', size: null, time: null }, 'B·?'],
    [{ type: 'pictures', size: null, time: 'T' }, 'B·T·?'],
    [state, 'h, c B·8'],
    [{ ...state, layers: 2 }, '2 × h, c B·8'],
    [projected, 'h B·3, c B·8'],
    [{ ...projected, layers: 4 }, '4 × h B·3, c B·8'],
    [{ ...state, parts: [part('h', 5)] }, 'h B·5'],
    [{ type: 'cell', cell: cellOf('lstm-cell', { hidden: 8 }) }, '8 wide'],
    [{ type: 'cell', cell: cellOf('lstm-cell', { hidden: 8, projection: 3 }) }, '3 wide'],
    [{ type: 'cell', cell: cellOf('gru-cell', { hidden: 7, form: 'simplified' }) }, '7 wide'],
  ])('%j is %s', (value, text) => {
    expect(formatShape(value)).toBe(text);
  });
});
