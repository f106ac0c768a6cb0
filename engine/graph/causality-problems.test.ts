import { describe, expect, it } from 'vitest';
import { dataBinding, type TaskKind } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type GraphNode, type UnrollDocument } from '../document/schema.ts';
import { causalityProblems } from './causality-problems.ts';
import { inferShapes } from './infer-shapes.ts';

const facts = { vocabulary: 20, classes: 9, features: null, targets: null };

function problemsOf(task: TaskKind, nodes: readonly GraphNode[], wires: readonly string[]) {
  const document: UnrollDocument = {
    ...emptyDocument(),
    nodes: [...nodes],
    edges: wires.map(wire),
    data: dataBinding.parse({ source: { kind: 'template', name: 'test' }, task }),
  };
  return causalityProblems(document, inferShapes(document, facts));
}

/** A bidirectional encoder is no problem: it has the whole input. */
const translator = [
  node('in', 'token-input'),
  node('embed', 'embedding', { width: 4 }),
  node('cell', 'gru-cell', { hidden: 4 }),
  node('encoder', 'bidirectional', { merge: 'sum' }),
  node('bridge', 'bridge'),
  node('said', 'target-input'),
  node('targets', 'embedding', { width: 4 }),
  node('decoder', 'decoder', { attention: 'dot' }),
  node('head', 'dense-softmax'),
];
const translatorWires = [
  'in.tokens > embed.tokens',
  'embed.sequence > encoder.sequence',
  'cell.cell > encoder.cell',
  'encoder.state > bridge.from',
  'cell.cell > bridge.cell',
  'bridge.state > decoder.initial',
  'encoder.output > decoder.memory',
  'said.tokens > targets.tokens',
  'cell.cell > decoder.cell',
  'decoder.output > head.input',
];

describe('sequence to sequence', () => {
  it('may read its input in any way', () => {
    expect(problemsOf('sequence-to-sequence', translator, [...translatorWires, 'targets.sequence > decoder.sequence'])).toEqual(
      [],
    );
  });

  it.each([
    ['bidirectional', {}, 'reads backwards too'],
    ['recurrent', { direction: 'backward' }, 'reads backwards, but'],
    ['recurrent', { output: 'mean' }, 'sums up a sequence'],
    ['recurrent', { output: 'last' }, 'sums up a sequence'],
    ['pyramid', {}, 'joins steps'],
  ])('may not read what is still to be said: %s %j', (kind, params, message) => {
    const problems = problemsOf(
      'sequence-to-sequence',
      [...translator, node('between', kind, params)],
      [
        ...translatorWires,
        'targets.sequence > between.sequence',
        'cell.cell > between.cell',
        'between.output > decoder.sequence',
      ],
    );
    expect(problems).toEqual([expect.objectContaining({ severity: 'error', node: 'between' })]);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.fix).not.toBe('');
  });

  it('may not start from, nor look back at, its own end', () => {
    const nodes = [...translator, node('first', 'recurrent')];
    const wires = [
      'in.tokens > embed.tokens',
      'said.tokens > targets.tokens',
      'targets.sequence > first.sequence',
      'cell.cell > first.cell',
      'targets.sequence > decoder.sequence',
      'cell.cell > decoder.cell',
      'first.state > decoder.initial',
      'first.output > decoder.memory',
      'decoder.output > head.input',
    ];
    const found = problemsOf('sequence-to-sequence', nodes, wires);
    expect(found.map(({ node: id, edge }) => [id, edge])).toEqual([
      ['decoder', 'first-state-decoder-initial'],
      ['decoder', 'first-output-decoder-memory'],
    ]);
    expect(found[0]?.message).toContain('“initial state” gets a state from the end');
    expect(found[1]?.message).toContain('“memory” looks at the whole');
  });
});

describe('other tasks', () => {
  const nodes = [
    node('in', 'token-input'),
    node('embed', 'embedding', { width: 4 }),
    node('cell', 'gru-cell', { hidden: 4 }),
    node('both', 'bidirectional'),
    node('head', 'dense-softmax'),
  ];
  const wires = [
    'in.tokens > embed.tokens',
    'embed.sequence > both.sequence',
    'cell.cell > both.cell',
    'both.output > head.input',
  ];

  it('a language model says its input, a tagger does not', () => {
    expect(problemsOf('language-model', nodes, wires).map(({ node: id }) => id)).toEqual(['both']);
    expect(problemsOf('step-tagging', nodes, wires)).toEqual([]);
  });
});
