import { describe, expect, it } from 'vitest';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { collapse } from '../../engine/graph/blocks/collapse.ts';
import { healthVerdicts } from '../../engine/lint/health-verdicts.ts';
import type { RecurrenceHealth, RunHealth } from '../../engine/protocol/health.ts';
import { ailments, marksAt } from './ailments.ts';

const forgets = (id: string, more: Partial<RecurrenceHealth> = {}): RecurrenceHealth => ({
  node: id,
  layer: 0,
  direction: 'forward',
  distances: [0, 20],
  gradients: [],
  kept: 1e-6,
  steps: 20,
  squashed: [],
  dead: 0,
  units: 8,
  ...more,
});
const run = (...recurrences: RecurrenceHealth[]): RunHealth => ({ step: 1, modules: [], recurrences });

/** Two vanilla RNNs, one after the other. */
const two: UnrollDocument = {
  ...emptyDocument('Two'),
  nodes: [
    ...[node('in', 'token-input'), node('embed', 'embedding'), node('cell-a', 'rnn-cell', { hidden: 8 })],
    ...[node('a', 'recurrent', { output: 'all' }), node('cell-b', 'rnn-cell', { hidden: 8 }), node('b', 'recurrent')],
    node('head', 'dense-softmax'),
  ],
  edges: [
    ...['in.tokens > embed.tokens', 'embed.sequence > a.sequence', 'cell-a.cell > a.cell', 'a.output > b.sequence'],
    ...['cell-b.cell > b.cell', 'b.output > head.input'],
  ].map(wire),
};
const kinds = ({ nodes }: UnrollDocument) => nodes.map(({ kind }) => kind).filter((kind) => kind.endsWith('-cell'));

describe('the note', () => {
  it('names an illness once, with its places, and mends it in all of them', () => {
    const verdicts = healthVerdicts(two, run(forgets('a'), forgets('b')));
    const [ailment, more] = ailments(verdicts, two, verdicts);
    expect(more).toBeUndefined();
    expect(ailment?.title).toMatch(/^Gradients vanish in Recurrent.*; Recurrent.*\.$/);
    expect(ailment?.remedies.map(({ label }) => label)).toEqual([
      'Use an LSTM, whose gates carry its state',
      expect.stringContaining('orthogonal'),
    ]);
    expect(kinds(ailment?.remedies[0]?.apply(two) ?? two)).toEqual(['lstm-cell', 'lstm-cell']);
  });

  it('mends only what is ill', () => {
    const verdicts = healthVerdicts(two, run(forgets('a', { kept: 0.5 }), forgets('b')));
    const [ailment] = ailments(verdicts, two, verdicts);
    expect(ailment?.message).toMatch(/^Of the last step’s gradient 0\.0001 % is left 20 steps before it: .*\.$/);
    expect(kinds(ailment?.remedies[0]?.apply(two) ?? two)).toEqual(['rnn-cell', 'lstm-cell']);
  });

  it('offers no fix that the run’s own document did not call for', () => {
    const health = run(forgets('a'));
    const before = healthVerdicts(two, health);
    const mended = before[0]?.remedies[0]?.apply(two) ?? two;
    // Of the LSTM that is there now, the figures tell nothing.
    expect(healthVerdicts(mended, health)[0]?.remedies.map(({ label }) => label)).toEqual([
      expect.stringContaining('forget bias'),
      expect.stringContaining('LSTM’s recurrent weights orthogonal'),
    ]);
    expect(ailments(healthVerdicts(mended, health), two, before)[0]?.remedies).toEqual([]);
    // A lowered rate is not lowered once more by the same figures.
    const stuck = run(forgets('a', { kept: 0.5, squashed: [{ name: 'h', low: 0.5, high: 0.5, carries: false }] }));
    const lowered = { ...two, training: { ...two.training, learningRate: two.training.learningRate / 3 } };
    const labels = (document: UnrollDocument) =>
      ailments(healthVerdicts(document, stuck), two, healthVerdicts(two, stuck))[0]?.remedies.map(({ label }) => label);
    expect(labels(two)).toContain('Lower the learning rate to 0.00067');
    expect(labels(lowered)?.some((label) => label.startsWith('Lower'))).toBe(false);
  });
});

describe('a card’s mark', () => {
  it('tells all that is wrong with it, begins with the gravest, and says which layer and direction', () => {
    const ill = [forgets('a'), forgets('a', { layer: 1, direction: 'backward', dead: 8 })];
    const mark = marksAt('run', healthVerdicts(two, run(...ill)), two, []).get('a');
    expect(mark).toMatchObject({ run: 'run', kind: 'vanishes', place: { node: 'a', layer: 0, direction: 'forward' } });
    expect(mark?.sentences).toEqual([
      expect.stringMatching(/^Gradients vanish in Recurrent.*, layer 1, forward: of the last/),
      expect.stringMatching(/^Gradients vanish in Recurrent.*, layer 2, backward: of the last/),
      expect.stringMatching(/^Units are dead in Recurrent.*, layer 2, backward: 8 of 8/),
    ]);
    expect(marksAt('run', [], two, []).size).toBe(0);
  });

  it('is on the block outside of which one looks, and on the layer inside of it', () => {
    const collapsed = collapse(two, new Set(['cell-a', 'a']), 'Reader');
    if (!collapsed.ok) throw new Error('not collapsed');
    const { document } = collapsed;
    const block = document.nodes.find(({ kind }) => kind === 'block')?.id ?? '';
    const verdicts = healthVerdicts(document, run(forgets(`${block}/a`), forgets('b')));
    expect([...marksAt('run', verdicts, document, []).keys()].sort()).toEqual([block, 'b'].sort());
    expect([...marksAt('run', verdicts, document, [block]).keys()]).toEqual(['a']);
  });
});
