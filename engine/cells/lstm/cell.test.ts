import { expect, it } from 'vitest';
import { cellParameters } from '../parameters.ts';
import { cellOf } from '../registry.ts';
import { lstmCell } from './cell.ts';

const shapesOf = (settings: object) =>
  Object.fromEntries(cellParameters(cellOf('lstm-cell', { ...settings }), 3, '_l0').map((spec) => [spec.name, spec.shape]));

it('refuses a projection that is not narrower than the cell state, with the fix', () => {
  const refused = (settings: object) => lstmCell.refuse?.(lstmCell.config.parse(settings));
  expect(refused({ hidden: 8, projection: 7 })).toBeNull();
  expect(refused({ hidden: 8, projection: 8 })).toMatchObject({ fix: 'Lower Projection, or set it to 0 for none.' });
  expect(refused({ hidden: 8, projection: 8 })?.message).toContain('h 8 wide');
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
    const spec = cellParameters(cellOf('lstm-cell', { hidden: 2, forgetBias: 3, ...settings }), 1, '').find(
      ({ name }) => name === 'bias_ih',
    );
    return spec?.initializer.kind === 'blocks' ? spec.initializer.blocks.map((block) => block.kind) : null;
  };
  expect(forgetBlock({})).toEqual(['uniform', 'constant', 'uniform', 'uniform']);
  expect(forgetBlock({ coupled: true })).toEqual(['constant', 'uniform', 'uniform']);
});

it('says its options on the card', () => {
  const subtitle = (settings: object) => lstmCell.subtitle(lstmCell.config.parse(settings));
  expect(subtitle({})).toBe('128 wide');
  expect(subtitle({ projection: 32, peepholes: true, coupled: true })).toBe('128 → 32 wide · peepholes · coupled');
});
