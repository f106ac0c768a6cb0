import { expect, it } from 'vitest';
import { node } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { type SweepSettings, sweepSettings, type VariedSetting } from '../document/sweep-settings.ts';
import { sweepFindings, sweepProblems } from './sweep-findings.ts';

function varying(vary: readonly VariedSetting[], sweep: Partial<SweepSettings> = {}): UnrollDocument {
  const nodes = [node('cell', 'lstm-cell', { hidden: 8 }), node('drop', 'dropout', {})];
  return { ...emptyDocument(), nodes, sweep: { ...sweepSettings.parse({}), vary: [...vary], ...sweep } };
}
const hidden = (range: VariedSetting['range']): VariedSetting => ({ node: 'cell', field: 'hidden', range });
const found = (vary: readonly VariedSetting[], sweep?: Partial<SweepSettings>) =>
  sweepFindings(varying(vary, sweep)).map(({ node: id, message, fix }) => ({ node: id, text: `${message} ${fix}` }));

it('has nothing against what can be tried, and against a document that varies nothing', () => {
  expect(sweepFindings(emptyDocument())).toEqual([]);
  const rate: VariedSetting = { node: null, field: 'learningRate', range: { kind: 'log', from: 1e-4, to: 1e-1 } };
  const clip: VariedSetting = { node: null, field: 'clipNorm', range: { kind: 'choices', values: [null, 1, 5] } };
  expect(found([hidden({ kind: 'log', from: 8, to: 8192, step: 2 }), rate, clip])).toEqual([]);
});

it('names the node and the field of a value that the field does not take', () => {
  expect(found([hidden({ kind: 'linear', from: 8, to: 20_000 })])).toEqual([
    { node: 'cell', text: expect.stringMatching(/LSTM cell · .*20000 is no value.*8192/) },
  ]);
  expect(found([hidden({ kind: 'choices', values: [8, 'wide'] })])[0]?.text).toContain('"wide"');
  expect(found([hidden({ kind: 'linear', from: 8.5, to: 20 })])[0]?.text).toContain('8.5');
  expect(found([{ node: 'cell', field: 'kind', range: { kind: 'choices', values: ['lstm-cell', 'dense'] } }])[0]?.text).toContain(
    '"dense"',
  );
  const rate: VariedSetting = { node: null, field: 'learningRate', range: { kind: 'linear', from: 0, to: 1 } };
  expect(found([rate])).toEqual([{ node: null, text: expect.stringContaining('learning rate: 0 is no value') }]);
});

it('looks between the ends, too', () => {
  const population: VariedSetting = { node: null, field: 'optimizer.population', range: { kind: 'linear', from: 2, to: 8 } };
  const document = varying([population]);
  const training = {
    ...document.training,
    optimizer: { kind: 'evolution-strategy', population: 4, sigma: 0.1, sigmaDecay: 1 },
  } as const;
  expect(sweepFindings({ ...document, training })[0]?.message).toContain('3 is no value');
  const even = { ...population, range: { kind: 'linear', from: 2, to: 8, step: 2 } } as const;
  expect(sweepFindings({ ...varying([even]), training })).toEqual([]);
});

it('tells of unknown nodes and fields, of a setting varied twice, of ends the wrong way round and of a choice named twice', () => {
  const range = { kind: 'linear', from: 1, to: 4 } as const;
  expect(found([{ node: 'gone', field: 'hidden', range }])).toEqual([
    { node: null, text: expect.stringContaining('no node “gone”') },
  ]);
  expect(found([{ node: 'drop', field: 'wet', range }])).toEqual([{ node: 'drop', text: expect.stringContaining('“wet”') }]);
  const twice = { node: 'cell', text: expect.stringContaining('twice') };
  expect(found([hidden(range), hidden(range)])).toEqual([twice, twice]);
  expect(found([hidden({ kind: 'linear', from: 9, to: 4 })])[0]?.text).toContain('from 9 down to 4');
  expect(found([hidden({ kind: 'choices', values: [4, 4] })])[0]?.text).toContain('twice');
});

it('a grid has steps, and no more combinations than the budget', () => {
  const rate: VariedSetting = { node: null, field: 'learningRate', range: { kind: 'log', from: 1e-4, to: 1e-1 } };
  expect(found([rate], { method: 'grid' })[0]?.text).toContain('needs steps');
  const five = hidden({ kind: 'linear', from: 4, to: 8 });
  const steps = { ...rate, range: { kind: 'log', from: 1e-4, to: 1e-1, step: 10 } } as const;
  expect(found([five, steps], { method: 'grid', trials: 20 })).toEqual([]);
  expect(found([five, steps], { method: 'grid', trials: 19 })).toEqual([
    { node: null, text: expect.stringMatching(/20 combinations.*19 trials.*Raise the trials to 20/) },
  ]);
  expect(found([five, steps], { method: 'random', trials: 19 })).toEqual([]);
});

it('tells what is wrong with a setting apart from what is wrong with all of them together, whatever their names say', () => {
  const told = (range: VariedSetting['range']) => {
    const nodes = [{ ...node('cell', 'lstm-cell', { hidden: 8 }), label: 'combinations' }];
    const { settings, together } = sweepProblems({ ...varying([hidden(range)], { method: 'grid', trials: 4 }), nodes });
    return [settings.map(({ message }) => message), together.map(({ message }) => message)];
  };
  expect(told({ kind: 'linear', from: 4, to: 1 })).toEqual([[expect.stringContaining('combinations')], []]);
  expect(told({ kind: 'linear', from: 4, to: 8 })).toEqual([[], [expect.stringContaining('5 combinations')]]);
  expect(told({ kind: 'linear', from: 4, to: 7 })).toEqual([[], []]);
});
