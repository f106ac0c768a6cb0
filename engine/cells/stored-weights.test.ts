import { expect, it } from 'vitest';
import { cellParameters } from './parameters.ts';
import { type CellKind, cellOf } from './registry.ts';

/** As version 0.2.0 stored them, before they followed from equations: its documents, runs and exports open unchanged. */
const stored: readonly (readonly [kind: CellKind, settings: Readonly<Record<string, unknown>>, weights: string])[] = [
  ['rnn-cell', { hidden: 4, activation: 'tanh' }, 'weight_ih 4×3, weight_hh 4×4, bias_ih 4, bias_hh 4'],
  ['rnn-cell', { hidden: 4, activation: 'sigmoid' }, 'weight_ih 4×3, weight_hh 4×4, bias_ih 4, bias_hh 4'],
  ['rnn-cell', { hidden: 4, activation: 'relu' }, 'weight_ih 4×3, weight_hh 4×4, bias_ih 4, bias_hh 4'],
  ['rnn-cell', { hidden: 4, activation: 'identity' }, 'weight_ih 4×3, weight_hh 4×4, bias_ih 4, bias_hh 4'],
  ['gru-cell', { hidden: 4, form: 'reset-after' }, 'weight_ih 12×3, weight_hh 12×4, bias_ih 12, bias_hh 12'],
  ['gru-cell', { hidden: 4, form: 'relevance-before' }, 'weight_ih 12×3, weight_hh 12×4, bias_ih 12'],
  ['gru-cell', { hidden: 4, form: 'simplified' }, 'weight_ih 8×3, weight_hh 8×4, bias_ih 8'],
  [
    'lstm-cell',
    { hidden: 4, forgetBias: 1.5 },
    'weight_ih 16×3, weight_hh 16×4, bias_ih 16 (uniform 1.5 uniform uniform), bias_hh 16 (uniform 0 uniform uniform)',
  ],
  [
    'lstm-cell',
    { hidden: 4, forgetBias: 1.5, coupled: true },
    'weight_ih 12×3, weight_hh 12×4, bias_ih 12 (1.5 uniform uniform), bias_hh 12 (0 uniform uniform)',
  ],
  [
    'lstm-cell',
    { hidden: 4, forgetBias: 1.5, peepholes: true },
    'weight_ih 16×3, weight_hh 16×4, bias_ih 16 (uniform 1.5 uniform uniform), bias_hh 16 (uniform 0 uniform uniform), weight_ch 12',
  ],
  [
    'lstm-cell',
    { hidden: 4, forgetBias: 1.5, peepholes: true, coupled: true },
    'weight_ih 12×3, weight_hh 12×4, bias_ih 12 (1.5 uniform uniform), bias_hh 12 (0 uniform uniform), weight_ch 8',
  ],
  [
    'lstm-cell',
    { hidden: 4, forgetBias: 1.5, projection: 2 },
    'weight_ih 16×3, weight_hh 16×2, bias_ih 16 (uniform 1.5 uniform uniform), bias_hh 16 (uniform 0 uniform uniform), weight_hr 2×4',
  ],
  [
    'lstm-cell',
    { hidden: 4, forgetBias: 1.5, coupled: true, projection: 2 },
    'weight_ih 12×3, weight_hh 12×2, bias_ih 12 (1.5 uniform uniform), bias_hh 12 (0 uniform uniform), weight_hr 2×4',
  ],
  [
    'lstm-cell',
    { hidden: 4, forgetBias: 1.5, peepholes: true, projection: 2 },
    'weight_ih 16×3, weight_hh 16×2, bias_ih 16 (uniform 1.5 uniform uniform), bias_hh 16 (uniform 0 uniform uniform), weight_hr 2×4, weight_ch 12',
  ],
  [
    'lstm-cell',
    { hidden: 4, forgetBias: 1.5, peepholes: true, coupled: true, projection: 2 },
    'weight_ih 12×3, weight_hh 12×2, bias_ih 12 (1.5 uniform uniform), bias_hh 12 (0 uniform uniform), weight_hr 2×4, weight_ch 8',
  ],
];

it.each(stored)('%s %j has the weights of saved runs, started alike', (kind, settings, weights) => {
  const found = cellParameters(cellOf(kind, settings), 3, '_l0').map(({ name, shape, initializer, decay }) => {
    expect(name.endsWith('_l0')).toBe(true);
    expect(decay).toBe(name.startsWith('weight'));
    const starts = initializer.kind === 'blocks' ? initializer.blocks : [initializer];
    const words = starts.map((one) =>
      one.kind === 'constant' ? one.value : one.kind === 'uniform' ? `±${one.bound}` : one.kind,
    );
    return `${name.slice(0, -3)} ${shape.join('×')}${starts.length === 1 ? '' : ` (${words.join(' ')})`}`.replaceAll(
      '±0.5',
      'uniform',
    );
  });
  expect(found.join(', ')).toBe(weights);
});
