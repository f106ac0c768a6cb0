import { cellProgram } from '../cells/cell-program.ts';
import type { CellParameter } from '../cells/language/check.ts';
import { type CellDescription, cellStates, outputWidth, type StateType, type StockCell } from '../shapes/value-type.ts';
import type { Initializer, ParameterSpec } from './layer.ts';

/** Rows of the stacked gate matrices, in order, by cell. The lectures' GRUs store u = G_u where PyTorch has z = 1 - G_u. */
export function gateNames(cell: StockCell): readonly string[] {
  switch (cell.kind) {
    case 'rnn-cell':
      return ['h'];
    case 'gru-cell':
      return { 'reset-after': ['r', 'z', 'n'], 'relevance-before': ['r', 'u', 'n'], simplified: ['u', 'n'] }[cell.form];
    case 'lstm-cell':
      return cell.coupled ? ['f', 'g', 'o'] : ['i', 'f', 'g', 'o'];
  }
}

/** Width of each part of the state. */
export const stateWidths = (cell: CellDescription): readonly number[] => cellStates(cell).map(({ width }) => width);

/** The state of a stack of so many layers of a cell. */
export const stateType = (cell: CellDescription, layers: number): StateType => ({
  type: 'state',
  parts: cellStates(cell),
  layers,
});

/** Gates that see the cell state through peepholes, in the order of the blocks of `weight_ch`. */
export const peepholeGates = (cell: StockCell): readonly string[] =>
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
  if (cell.kind === 'custom-cell')
    return cellProgram(cell.equations, cell.hidden).parameters.map((one) => ownParameter(one, cell.hidden, inputWidth, suffix));
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

/** What a cell's equations learn: started uniform within 1/√H unless they say otherwise, as PyTorch's recurrent layers. */
function ownParameter(one: CellParameter, hidden: number, inputWidth: number, suffix: string): ParameterSpec {
  const { name, role, shape, start } = one;
  return {
    name: `${name}${suffix}`,
    shape: shape.map((width) => (width === 'input' ? inputWidth : width)),
    initializer: start === null ? { kind: 'uniform', bound: 1 / Math.sqrt(hidden) } : { kind: 'constant', value: start },
    decay: role === 'matrix' || role === 'vector',
    trainable: true,
  };
}
