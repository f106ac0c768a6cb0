import { expect, it } from 'vitest';
import { cellParameters } from '../cell-parameters.ts';
import { lstmCell } from './definition.ts';

const noFacts = { vocabulary: null, classes: null, features: null, targets: null };
const cellOf = (settings: object) => lstmCell.shape(lstmCell.config.parse(settings), {}, noFacts);
const shapesOf = (settings: object) => {
  const result = cellOf(settings);
  const cell = result.ok ? result.outputs['cell'] : undefined;
  if (cell?.type !== 'cell') throw new Error('expected a cell');
  return Object.fromEntries(cellParameters(cell.cell, 3, '_l0').map((spec) => [spec.name, spec.shape]));
};

it('refuses a projection that is not narrower than the cell state, with the fix', () => {
  expect(cellOf({ hidden: 8, projection: 7 }).ok).toBe(true);
  const refused = cellOf({ hidden: 8, projection: 8 });
  expect(refused).toMatchObject({ ok: false, fix: 'Lower Projection, or set it to 0 for none.' });
  expect(!refused.ok && refused.message).toContain('h 8 wide');
});

it('gives each option its own weights', () => {
  const plain = { weight_ih_l0: [32, 3], weight_hh_l0: [32, 8], bias_ih_l0: [32], bias_hh_l0: [32] };
  expect(shapesOf({ hidden: 8 })).toEqual(plain);
  expect(shapesOf({ hidden: 8, projection: 2 })).toEqual({ ...plain, weight_hh_l0: [32, 2], weight_hr_l0: [2, 8] });
  expect(shapesOf({ hidden: 8, peepholes: true })).toEqual({ ...plain, weight_ch_l0: [24] });
  const coupled = { weight_ih_l0: [24, 3], weight_hh_l0: [24, 8], bias_ih_l0: [24], bias_hh_l0: [24] };
  expect(shapesOf({ hidden: 8, coupled: true })).toEqual(coupled);
  expect(shapesOf({ hidden: 8, coupled: true, peepholes: true })).toEqual({ ...coupled, weight_ch_l0: [16] });
});

it('starts the forget gate at its bias wherever the block lies', () => {
  const forgetBlock = (settings: object): unknown => {
    const result = cellOf({ hidden: 2, forgetBias: 3, ...settings });
    const cell = result.ok ? result.outputs['cell'] : undefined;
    if (cell?.type !== 'cell') throw new Error('expected a cell');
    const spec = cellParameters(cell.cell, 1, '').find(({ name }) => name === 'bias_ih');
    return spec?.initializer.kind === 'blocks' ? spec.initializer.blocks.map((block) => block.kind) : null;
  };
  expect(forgetBlock({})).toEqual(['uniform', 'constant', 'uniform', 'uniform']);
  expect(forgetBlock({ coupled: true })).toEqual(['constant', 'uniform', 'uniform']);
});

it('says its options on the card', () => {
  const subtitle = (settings: object) => lstmCell.subtitle(lstmCell.config.parse(settings), noFacts);
  expect(subtitle({})).toBe('128 wide');
  expect(subtitle({ projection: 32, peepholes: true, coupled: true })).toBe('128 → 32 wide · peepholes · coupled');
});
