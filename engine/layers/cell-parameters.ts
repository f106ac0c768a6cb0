import type { CellDescription } from '../shapes/value-type.ts';
import type { Initializer, ParameterSpec } from './layer.ts';

/** Rows of the stacked gate matrices, in order, by cell. The lectures' GRU stores u = G_u where PyTorch has z = 1 - G_u. */
export function gateNames(cell: CellDescription): readonly string[] {
  switch (cell.kind) {
    case 'rnn-cell':
      return ['h'];
    case 'gru-cell':
      return cell.form === 'reset-after' ? ['r', 'z', 'n'] : ['r', 'u', 'n'];
    case 'lstm-cell':
      return ['i', 'f', 'g', 'o'];
  }
}

/** Parts of the recurrent state. */
export const stateParts = (cell: CellDescription): readonly ('h' | 'c')[] => (cell.kind === 'lstm-cell' ? ['h', 'c'] : ['h']);

/**
 * Weights of one direction of a cell, named, shaped and started as in `torch.nn.RNN/GRU/LSTM`:
 * `weight_ih_l0 [G·H, I]`, `weight_hh_l0 [G·H, H]`, `bias_ih_l0 [G·H]`, `bias_hh_l0 [G·H]`, uniform within 1/√H.
 * The relevance-before GRU has one bias; an LSTM's forget block of `bias_ih` starts at the chosen forget bias and that of `bias_hh` at 0.
 */
export function cellParameters(cell: CellDescription, inputWidth: number, suffix: '' | '_reverse'): readonly ParameterSpec[] {
  const gates = gateNames(cell).length;
  const rows = gates * cell.hidden;
  const uniform: Initializer = { kind: 'uniform', bound: 1 / Math.sqrt(cell.hidden) };
  const bias = (name: string, initializer: Initializer): ParameterSpec => ({
    name: `${name}_l0${suffix}`,
    shape: [rows],
    initializer,
    decay: false,
    trainable: true,
  });
  const matrix = (name: string, columns: number): ParameterSpec => ({
    name: `${name}_l0${suffix}`,
    shape: [rows, columns],
    initializer: uniform,
    decay: true,
    trainable: true,
  });
  const forget = (value: number): Initializer => ({
    kind: 'blocks',
    blocks: [uniform, { kind: 'constant', value }, uniform, uniform],
  });
  const inputBias = cell.kind === 'lstm-cell' ? forget(cell.forgetBias) : uniform;
  const hiddenBias = cell.kind === 'lstm-cell' ? forget(0) : uniform;
  const parameters = [matrix('weight_ih', inputWidth), matrix('weight_hh', cell.hidden), bias('bias_ih', inputBias)];
  const oneBias = cell.kind === 'gru-cell' && cell.form === 'relevance-before';
  return oneBias ? parameters : [...parameters, bias('bias_hh', hiddenBias)];
}
