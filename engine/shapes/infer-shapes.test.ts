import { describe, expect, it } from 'vitest';
import { node, port, wire } from '../document/fixtures/graph-literals.ts';
import type { DataFacts } from '../layers/layer.ts';
import { checkConnection, inferShapes, noFacts, portKey } from './infer-shapes.ts';
import { formatShape, type ValueType } from './value-type.ts';

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

describe('checkConnection', () => {
  const check = (from: string, to: string, of: Parameters<typeof checkConnection>[0] = graph) =>
    checkConnection(of, facts, port(from), port(to));

  it('allows what works', () => {
    expect(check('both.output', 'head.input')).toEqual({ ok: true });
    expect(check('embed.sequence', 'one.sequence')).toEqual({ ok: true });
  });

  const noPort = { message: 'there is no such port', fix: 'Draw the wire from an output to an input.' };
  it.each([
    ['one.output', 'head.nothing', noPort],
    ['one.nothing', 'head.input', noPort],
    ['nobody.output', 'head.input', noPort],
    ['one.output', 'nobody.input', noPort],
    [
      'both.output',
      'both.sequence',
      { message: 'a node cannot feed itself', fix: 'Recurrence happens inside the Recurrent wrapper.' },
    ],
    ['one.output', 'head.input', { message: 'these two are wired already', fix: 'Choose another port.' }],
    [
      'one.output',
      'both.sequence',
      {
        message: 'this wire would close a loop',
        fix: 'Recurrence happens inside the Recurrent wrapper: wire a cell into it.',
      },
    ],
  ])('refuses %s > %s', (from, to, refusal) => {
    expect(check(from, to)).toEqual({ ok: false, ...refusal });
  });

  it('refuses each type where it does not fit, with what to do', () => {
    const all = {
      nodes: [
        ...graph.nodes,
        node('frames', 'frames-input'),
        node('conv', 'convolution'),
        node('bridge', 'bridge'),
        node('sum', 'add'),
        node('spare', 'recurrent'),
        node('new', 'transformer'),
      ],
      edges: graph.edges,
    };
    const refusals = [
      ['new.output', 'head.input', 'Draw the wire from an output to an input.'],
      ['one.output', 'new.input', 'Draw the wire from an output to an input.'],
      ['one.state', 'head.input', 'Wire a sequence or a vector here.'],
      ['embed.sequence', 'both.cell', 'Wire a Vanilla RNN, GRU or LSTM cell here.'],
      ['in.tokens', 'spare.sequence', 'Put an Embedding or a One-hot between them.'],
      ['in.tokens', 'sum.inputs', 'Put an Embedding or a One-hot between them.'],
      ['one.output', 'spare.sequence', 'Set the recurrent layer before it to “every step”.'],
      ['frames.frames', 'spare.sequence', 'Put a Flatten between them, after the convolutions.'],
      ['frames.frames', 'spare.cell', 'Put a Flatten between them, after the convolutions.'],
      ['embed.sequence', 'conv.pictures', 'Wire an Image, Frames or a Convolution here.'],
      ['cell.cell', 'conv.pictures', 'Wire an Image, Frames or a Convolution here.'],
      ['cell.cell', 'head.input', 'Wire the cell into the cell port of a Recurrent or Bidirectional wrapper.'],
      ['embed.sequence', 'spare.cell', 'Wire a Vanilla RNN, GRU or LSTM cell here.'],
      ['embed.sequence', 'spare.initial', 'Wire a state here.'],
      ['embed.sequence', 'bridge.from', 'Wire a state or a vector here.'],
      ['one.state', 'sum.inputs', 'Wire a sequence or a vector here.'],
    ] as const;
    for (const [from, to, fix] of refusals) expect(check(from, to, all), `${from} > ${to}`).toMatchObject({ ok: false, fix });
  });

  it('names the types that meet, all that an unfinished output may carry', () => {
    const unfinished = { nodes: [node('r', 'recurrent'), node('c', 'convolution')], edges: [] };
    expect(check('r.output', 'c.pictures', unfinished)).toMatchObject({
      message: 'Convolution takes pictures here, but this wire carries a sequence or a vector',
    });
    expect(check('r.output', 'r2.sequence', { nodes: [...unfinished.nodes, node('r2', 'recurrent')], edges: [] })).toEqual({
      ok: true,
    });
  });

  it('refuses a state of another cell', () => {
    const mixed = {
      nodes: [...graph.nodes, node('gru', 'gru-cell', { hidden: 8 }), node('two', 'recurrent')],
      edges: [...graph.edges, wire('embed.sequence > two.sequence'), wire('gru.cell > two.cell')],
    };
    const fix = 'Use the same kind, width and number of layers on both sides, or put a Bridge between them.';
    expect(check('one.state', 'two.initial', mixed)).toMatchObject({ ok: false, fix });
  });

  it('tells what the wire makes wrong on its node, not what is wrong already or elsewhere', () => {
    const sums = {
      nodes: [
        node('in', 'token-input'),
        node('five', 'embedding', { width: 5 }),
        node('six', 'embedding', { width: 6 }),
        node('too', 'embedding', { width: 6 }),
        node('bad', 'add'),
        node('good', 'add'),
      ],
      edges: [
        'in.tokens > five.tokens',
        'in.tokens > six.tokens',
        'in.tokens > too.tokens',
        'five.sequence > bad.inputs',
        'six.sequence > bad.inputs',
        'five.sequence > good.inputs',
      ].map(wire),
    };
    // The same words stand on another node already.
    expect(check('six.sequence', 'good.inputs', sums)).toEqual({
      ok: false,
      message: 'widths differ: 5 and 6',
      fix: 'Give the layers before it the same width, or use Concat.',
    });
    // Nothing gets worse by a third wire into a sum that is wrong already.
    expect(check('too.sequence', 'bad.inputs', sums)).toEqual({ ok: true });
  });
});

describe('formatShape', () => {
  const lstm = { kind: 'lstm-cell', hidden: 8, forgetBias: 1, peepholes: false, coupled: false, projection: 0 } as const;
  const state = { type: 'state', parts: ['h', 'c'], features: 8, cellFeatures: 8, layers: 1 } as const;
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
    [{ ...state, features: 3 }, 'h B·3, c B·8'],
    [{ ...state, features: 3, layers: 4 }, '4 × h B·3, c B·8'],
    [{ ...state, features: null, cellFeatures: null }, 'h, c B·?'],
    [{ ...state, parts: ['h'], features: 5 }, 'h B·5'],
    [{ type: 'cell', cell: lstm }, '8 wide'],
    [{ type: 'cell', cell: { ...lstm, projection: 3 } }, '3 wide'],
    [{ type: 'cell', cell: { kind: 'gru-cell', hidden: 7, form: 'simplified' } }, '7 wide'],
  ])('%j is %s', (value, text) => {
    expect(formatShape(value)).toBe(text);
  });
});
