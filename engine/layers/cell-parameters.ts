import { type CellDescription, outputWidth, type StateType } from '../shapes/value-type.ts';
import type { Initializer, ParameterSpec } from './layer.ts';

/** Rows of the stacked gate matrices, in order, by cell. The lectures' GRUs store u = G_u where PyTorch has z = 1 - G_u. */
export function gateNames(cell: CellDescription): readonly string[] {
  switch (cell.kind) {
    case 'rnn-cell':
      return ['h'];
    case 'gru-cell':
      return { 'reset-after': ['r', 'z', 'n'], 'relevance-before': ['r', 'u', 'n'], simplified: ['u', 'n'] }[cell.form];
    case 'lstm-cell':
      return cell.coupled ? ['f', 'g', 'o'] : ['i', 'f', 'g', 'o'];
  }
}

/** Parts of the recurrent state. */
export const stateParts = (cell: CellDescription): readonly ('h' | 'c')[] => (cell.kind === 'lstm-cell' ? ['h', 'c'] : ['h']);

/** Width of each part of the state, in the order of `stateParts`. */
export const stateWidths = (cell: CellDescription): readonly number[] =>
  cell.kind === 'lstm-cell' ? [outputWidth(cell), cell.hidden] : [cell.hidden];

/** The state of a stack of so many layers of a cell. */
export function stateType(cell: CellDescription, layers: number): StateType {
  return { type: 'state', parts: stateParts(cell), features: outputWidth(cell), cellFeatures: cell.hidden, layers };
}

/** Gates that see the cell state through peepholes, in the order of the blocks of `weight_ch`. */
export const peepholeGates = (cell: CellDescription): readonly string[] =>
  cell.kind === 'lstm-cell' && cell.peepholes ? gateNames(cell).filter((gate) => gate !== 'g') : [];

/**
 * Weights of one direction of a cell, named, shaped and started as in `torch.nn.RNN/GRU/LSTM`:
 * `weight_ih [G·H, I]`, `weight_hh [G·H, P]`, `bias_ih [G·H]`, `bias_hh [G·H]`, uniform within 1/√H, with P the width of h (H unless
 * projected). The lectures' GRUs have one bias. A projected LSTM has `weight_hr [P, H]`, one with peepholes `weight_ch [N·H]` (one
 * number per gate and unit; N gates see c). An LSTM's forget block of `bias_ih` starts at the chosen forget bias, that of `bias_hh` at 0.
 *
 * @param suffix layer and direction, e.g. `_l0` or `_l1_reverse`
 */
export function cellParameters(cell: CellDescription, inputWidth: number, suffix: string): readonly ParameterSpec[] {
  const gates = gateNames(cell);
  const rows = gates.length * cell.hidden;
  const uniform: Initializer = { kind: 'uniform', bound: 1 / Math.sqrt(cell.hidden) };
  const parameter = (name: string, shape: readonly number[], initializer: Initializer = uniform): ParameterSpec => ({
    name: `${name}${suffix}`,
    shape,
    initializer,
    decay: name.startsWith('weight'),
    trainable: true,
  });
  const bias = (forget: number): Initializer =>
    cell.kind === 'lstm-cell'
      ? { kind: 'blocks', blocks: gates.map((gate) => (gate === 'f' ? { kind: 'constant', value: forget } : uniform)) }
      : uniform;
  const twoBiases = cell.kind !== 'gru-cell' || cell.form === 'reset-after';
  const peepholes = peepholeGates(cell).length;
  const projected = outputWidth(cell) !== cell.hidden;
  return [
    parameter('weight_ih', [rows, inputWidth]),
    parameter('weight_hh', [rows, outputWidth(cell)]),
    parameter('bias_ih', [rows], bias(cell.kind === 'lstm-cell' ? cell.forgetBias : 0)),
    ...(twoBiases ? [parameter('bias_hh', [rows], bias(0))] : []),
    ...(projected ? [parameter('weight_hr', [outputWidth(cell), cell.hidden])] : []),
    ...(peepholes > 0 ? [parameter('weight_ch', [peepholes * cell.hidden])] : []),
  ];
}
