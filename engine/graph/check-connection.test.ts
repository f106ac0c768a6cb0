import { describe, expect, it } from 'vitest';
import { classifier as graph, node, port, wire } from '../document/fixtures/graph-literals.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { checkConnection } from './check-connection.ts';

const facts: DataFacts = { vocabulary: 100, classes: 3, features: null, targets: null };

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
