import { describe, expect, it } from 'vitest';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { collapse } from '../../engine/graph/blocks/collapse.ts';
import { inferShapes, noFacts } from '../../engine/graph/infer-shapes.ts';
import { formatCount, parameterCounts, titleOf, totalParameters } from './node-cards.ts';

const facts = { vocabulary: 20, classes: 2, features: null, targets: null };
const graph = {
  ...emptyDocument(),
  nodes: [
    node('in', 'token-input'),
    node('embed', 'embedding', { width: 4 }),
    node('cell', 'gru-cell', { hidden: 8 }),
    node('one', 'recurrent'),
    node('two', 'recurrent', { output: 'last' }),
    node('head', 'dense-softmax'),
  ],
  edges: [
    'in.tokens > embed.tokens',
    'embed.sequence > one.sequence',
    'one.output > two.sequence',
    'cell.cell > one.cell',
    'cell.cell > two.cell',
    'two.output > head.input',
  ].map(wire),
};
const counts = (document = graph, known = facts) => parameterCounts(document, inferShapes(document, known), known);

// torch.nn.GRU(4, 8) and GRU(8, 8): 3·8·(4 + 8 + 2) and 3·8·(8 + 8 + 2).
const [one, two] = [336, 432];

describe('trainable numbers', () => {
  it('are PyTorch’s, and a cell’s are those of the wrappers that run it', () => {
    expect(Object.fromEntries(counts())).toEqual({ in: 0, embed: 80, cell: one + two, one, two, head: 18 });
    expect(totalParameters(graph, counts())).toBe(80 + one + two + 18);
  });

  it('leave out what is frozen', () => {
    const nodes = graph.nodes.map((n) => (n.id === 'embed' ? node('embed', 'embedding', { width: 4, frozen: true }) : n));
    expect(counts({ ...graph, nodes }).get('embed')).toBe(0);
  });

  it('are unknown while the data is, and so are their sums', () => {
    const unknown = counts(graph, noFacts as typeof facts);
    expect(Object.fromEntries(unknown)).toEqual({ in: 0, embed: null, cell: one + two, one, two, head: null });
    expect(totalParameters(graph, unknown)).toBeNull();
  });

  it('are unknown of a decoder that is to attend to a memory which is not wired yet', () => {
    const decoder = {
      ...emptyDocument(),
      nodes: [...graph.nodes.slice(0, 3), node('decoder', 'decoder', { attention: 'dot' })],
      edges: ['in.tokens > embed.tokens', 'embed.sequence > decoder.sequence', 'cell.cell > decoder.cell'].map(wire),
    };
    expect(counts(decoder).get('decoder')).toBeNull();
    const nodes = [...graph.nodes.slice(0, 3), node('decoder', 'decoder', { attention: 'none' })];
    expect(counts({ ...decoder, nodes }).get('decoder')).toBe(one);
  });

  it('are unknown without the wires that they need, with a wrong setting, and for another version’s layer', () => {
    const loose = {
      ...graph,
      nodes: [
        node('lonely', 'gru-cell'),
        node('sum', 'add'),
        node('none', 'recurrent'),
        node('new', 'transformer'),
        ...graph.nodes,
      ],
      edges: [...graph.edges, wire('cell.cell > none.cell')],
    };
    const found = counts(loose);
    for (const id of ['lonely', 'sum', 'none', 'new', 'cell']) expect(found.get(id), id).toBeNull();
    expect(totalParameters(loose, found)).toBeNull();
    const wrong = { ...graph, nodes: graph.nodes.map((n) => (n.id === 'one' ? node('one', 'recurrent', { output: 'x' }) : n)) };
    expect(counts(wrong).get('one')).toBeNull();
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [9949, '9.9k'],
    [9950, '10k'],
    [537_600, '538k'],
    [999_499, '999k'],
    [999_500, '1.0M'],
    [1_234_567, '1.2M'],
  ])('%i is shown as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});

it('a block holds the numbers of what is in it; they are unknown where a layer in it is of another version', () => {
  const made = collapse(graph, new Set(['cell', 'one', 'two']), 'Both');
  if (!made.ok) throw new Error(made.message);
  expect(counts(made.document).get(made.id)).toBe(one + two);
  const [block] = made.document.blocks;
  if (!block) throw new Error('no block');
  const strange = { ...made.document, blocks: [{ ...block, nodes: [...block.nodes, node('new', 'transformer')] }] };
  expect(counts(strange).get(made.id)).toBeNull();
});

it('a port of a block goes by its label, or its id', () => {
  for (const kind of ['block-input', 'block-output']) {
    expect(titleOf(emptyDocument(), { ...node('some-values', kind), label: 'mine' })).toBe('mine');
    expect(titleOf(emptyDocument(), node('some-values', kind))).toBe('some values');
  }
});

it('a card is called by its name, its layer’s title or its kind', () => {
  expect(titleOf(emptyDocument(), { ...node('a', 'dense'), label: 'mine' })).toBe('mine');
  expect(titleOf(emptyDocument(), node('a', 'dense-softmax'))).toBe('Dense softmax');
  expect(titleOf(emptyDocument(), node('a', 'transformer'))).toBe('transformer');
});
