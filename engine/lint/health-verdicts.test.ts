import { describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type GraphNode, type UnrollDocument } from '../document/schema.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import type { RecurrenceHealth, RunHealth } from '../protocol/health.ts';
import { healthVerdicts } from './health-verdicts.ts';

const well: RecurrenceHealth = {
  node: 'rnn',
  layer: 0,
  direction: 'forward',
  distances: [0, 20],
  gradients: [{ state: 'h', norms: [1, 0.5] }],
  kept: 0.5,
  steps: 20,
  squashed: [],
  dead: 0,
  units: 8,
};
const run = (part: Partial<RecurrenceHealth>): RunHealth => ({ step: 1, modules: [], recurrences: [{ ...well, ...part }] });

function document(cell: string, cellParams: GraphNode['params'] = {}, wrapperParams: GraphNode['params'] = {}): UnrollDocument {
  return {
    ...emptyDocument('Test'),
    nodes: [
      ...[node('in', 'token-input'), node('embed', 'embedding'), node('cell', cell, { hidden: 8, ...cellParams })],
      ...[node('rnn', 'recurrent', { output: 'last', ...wrapperParams }), node('head', 'dense-softmax')],
    ],
    edges: ['in.tokens > embed.tokens', 'embed.sequence > rnn.sequence', 'cell.cell > rnn.cell', 'rnn.output > head.input'].map(
      wire,
    ),
  };
}

/** Of one verdict, its kind and the labels of its remedies. */
function only(of: UnrollDocument, part: Partial<RecurrenceHealth>) {
  const [verdict, more] = healthVerdicts(of, run(part));
  expect(more).toBeUndefined();
  return verdict;
}
const applied = (of: UnrollDocument, part: Partial<RecurrenceHealth>, label: RegExp): UnrollDocument | undefined =>
  only(of, part)
    ?.remedies.find((remedy) => label.test(remedy.label))
    ?.apply(of);

describe('a recurrence', () => {
  it('that learns well has no verdict', () => {
    expect(healthVerdicts(document('lstm-cell'), run({}))).toEqual([]);
    // Nothing to tell of too few steps, or where no gradient came.
    expect(healthVerdicts(document('lstm-cell'), run({ kept: 1e-9, steps: 4 }))).toEqual([]);
    expect(healthVerdicts(document('lstm-cell'), run({ kept: null, dead: null }))).toEqual([]);
  });

  it('whose gradient vanishes is told what is left, and how far back', () => {
    const verdict = only(document('rnn-cell'), { kept: 2e-6, steps: 21.5 });
    expect(verdict).toMatchObject({ kind: 'vanishes', node: 'rnn', layer: 0, direction: 'forward' });
    expect(verdict?.message).toContain('0.0002 %');
    expect(verdict?.message).toContain('22 steps');
    expect(verdict?.remedies.map(({ label }) => label)).toEqual([
      'Use an LSTM, whose gates carry its state',
      'Start the RNN’s recurrent weights orthogonal: they make no state longer or shorter',
    ]);
  });

  it('is given a gated cell of its width, with its wires', () => {
    const before = document('rnn-cell', { hidden: 12, recurrentInitializer: 'orthogonal' });
    const after = applied(before, { kept: 1e-6 }, /LSTM/);
    expect(after?.nodes.find(({ id }) => id === 'cell')).toMatchObject({
      kind: 'lstm-cell',
      params: { hidden: 12, forgetBias: 1, recurrentInitializer: 'orthogonal' },
    });
    expect(after?.edges).toEqual(before.edges);
  });

  it('with a forget gate is let to remember for as many steps; not where it does already', () => {
    // ln 21.5 = 3.07
    expect(applied(document('lstm-cell'), { kept: 1e-6, steps: 21.5 }, /forget bias at 4/)?.nodes[2]?.params['forgetBias']).toBe(
      4,
    );
    const offered = (of: UnrollDocument) => only(of, { kept: 1e-6, steps: 21.5 })?.remedies.map(({ label }) => label);
    expect(offered(document('lstm-cell', { forgetBias: 5 }))).not.toContainEqual(expect.stringContaining('forget bias'));
    expect(offered(document('gru-cell'))).not.toContainEqual(expect.stringContaining('forget bias'));
  });

  it.each(['rnn-cell', 'gru-cell', 'lstm-cell', 'custom-cell'])('of an %s is started orthogonal, once', (kind) => {
    const before = document(kind);
    const after = applied(before, { kept: 1e-6 }, /orthogonal/);
    expect(after?.nodes.find(({ id }) => id === 'cell')?.params).toMatchObject({ hidden: 8, recurrentInitializer: 'orthogonal' });
    expect(applied(after ?? before, { kept: 1e-6 }, /orthogonal/)).toBeUndefined();
    expect(applied(before, { kept: 1e3 }, /orthogonal/)).toEqual(after);
  });

  it('is not started orthogonal where that would not help: a slope below 1, or no matrix of the state', () => {
    expect(applied(document('rnn-cell', { activation: 'sigmoid' }), { kept: 1e-6 }, /orthogonal/)).toBeUndefined();
    const alone = { equations: "h' = relu(W x + p_u * h + b_h)" };
    expect(applied(document('custom-cell', alone), { kept: 1e-6 }, /orthogonal/)).toBeUndefined();
  });

  it('of several layers is let to add their inputs', () => {
    const stacked = document('gru-cell', {}, { layers: 3 });
    expect(applied(stacked, { kept: 1e-6 }, /add their input/)?.nodes[3]?.params).toMatchObject({ layers: 3, residual: true });
    expect(applied(document('gru-cell', {}, { layers: 3, residual: true }), { kept: 1e-6 }, /add their input/)).toBeUndefined();
  });

  it('whose gradient explodes is clipped, and its text sent back through fewer steps', () => {
    const data = dataBinding.parse({
      source: { kind: 'template', name: 'x' },
      task: 'language-model',
      languageModel: { chunk: 64 },
    });
    const text = { ...document('lstm-cell'), data };
    expect(applied(text, { kept: 1e3 }, /Clip/)?.training.clipNorm).toBe(1);
    expect(applied(text, { kept: 1e3 }, /32 steps/)?.data?.languageModel.chunk).toBe(32);
    const short = {
      ...document('lstm-cell', { recurrentInitializer: 'orthogonal' }),
      data: { ...data, languageModel: { ...data.languageModel, chunk: 15 } },
      training: { ...text.training, clipNorm: 0.5 },
    };
    expect(only(short, { kept: Number.POSITIVE_INFINITY })).toMatchObject({ kind: 'explodes', remedies: [] });
    expect(only(short, { kept: Number.NaN })?.message).toContain('beyond all numbers');
    expect(only(document('lstm-cell'), { kept: 1e3 })?.remedies.map(({ label }) => label)).toEqual([
      'Clip the gradient’s norm at 1',
      expect.stringMatching(/^Start the LSTM’s recurrent weights orthogonal/),
    ]);
  });

  it('is saturated where a value is nearly always at an end, unless it is what carries the state', () => {
    const squashed = [
      { name: 'f', low: 0, high: 0.99, carries: true },
      { name: 'i', low: 0.3, high: 0.55, carries: false },
      { name: 'g', low: 0.45, high: 0.46, carries: false },
    ];
    const verdict = only(document('lstm-cell'), { squashed });
    expect(verdict?.kind).toBe('saturated');
    expect(verdict?.message).toMatch(
      /^the values of g are at an end of their range 91 % of the time: hardly a gradient passes them/,
    );
    expect(applied(document('lstm-cell'), { squashed }, /learning rate/)?.training.learningRate).toBe(0.00067);
    expect(healthVerdicts(document('lstm-cell'), run({ squashed: squashed.slice(0, 1) }))).toEqual([]);
  });

  it('is told of units that never change, and given another activation where relu may have killed them', () => {
    const relu = document('rnn-cell', { activation: 'relu' });
    expect(only(relu, { dead: 3 })?.message).toBe('3 of 8 units never change');
    expect(applied(relu, { dead: 3 }, /tanh/)?.nodes[2]?.params['activation']).toBe('tanh');
    expect(only(document('lstm-cell'), { dead: 3 })?.remedies).toHaveLength(1);
    expect(healthVerdicts(relu, run({ dead: 2 }))).toEqual([]);
  });
});

it('a remedy inside of a block is an edit of the block', () => {
  const flat = document('rnn-cell');
  const collapsed = collapse(flat, new Set(['cell', 'rnn']), 'Reader');
  if (!collapsed.ok) throw new Error('not collapsed');
  const block = collapsed.document.nodes.find(({ kind }) => kind === 'block');
  const [verdict] = healthVerdicts(collapsed.document, run({ node: `${block?.id}/rnn`, kept: 1e-6 }));
  const after = verdict?.remedies[0]?.apply(collapsed.document);
  const inside = after?.blocks?.flatMap(({ nodes }) => nodes).find(({ id }) => id === 'cell');
  expect(inside?.kind).toBe('lstm-cell');
});

it('of a node that the document no longer has, what is wrong is told, without a fix', () => {
  const [verdict] = healthVerdicts(emptyDocument('Empty'), run({ kept: 1e-6 }));
  expect(verdict).toMatchObject({ kind: 'vanishes', remedies: [] });
});
