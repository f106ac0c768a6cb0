import type { Initializer, ParameterSpec } from '../shapes/parameter.ts';
import type { CellDescription } from '../shapes/value-type.ts';
import { cellProgram } from './cell-program.ts';
import type { CellParameter } from './language/check.ts';
import { orthogonalMatrices } from './recurrent-initializer.ts';

/**
 * PyTorch's stacked weights, and how the equations of a cell with kernels call a gate's block of each: W_g and U_g are the rows of gate g
 * in `weight_ih` and `weight_hh`, b_xg and b_hg in the biases, p_g its block of `weight_ch` (where the gate sees c), V is `weight_hr`.
 */
const stacks: readonly (readonly [stacked: string, block: (gate: string) => string])[] = [
  ['weight_ih', (gate) => `W_${gate}`],
  ['weight_hh', (gate) => `U_${gate}`],
  ['bias_ih', (gate) => `b_x${gate}`],
  ['bias_hh', (gate) => `b_h${gate}`],
  ['weight_hr', () => 'V'],
  ['weight_ch', (gate) => `p_${gate}`],
];

/** A weight as it is stored, and the names of what the equations learn that lie in it, in order. */
export interface StoredWeight {
  readonly name: string;
  readonly blocks: readonly string[];
}

/** How what a cell's equations learn is stored: stacked as PyTorch's for a cell with kernels, otherwise each alone under its own name. */
export function storedWeights(cell: CellDescription): readonly StoredWeight[] {
  const { parameters } = cellProgram(cell.equations, cell.hidden);
  const { kernel } = cell;
  if (kernel === null) return parameters.map(({ name }) => ({ name, blocks: [name] }));
  const learned = new Set(parameters.map(({ name }) => name));
  return stacks.flatMap(([name, block]) => {
    const blocks = [...new Set(kernel.gates.map(block))].filter((one) => learned.has(one));
    return blocks.length === 0 ? [] : [{ name, blocks }];
  });
}

/** One thing that the equations learn, and where it is stored: rows `from` up to `to` of a weight. */
export interface StoredParameter {
  /** In the equations. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly weight: string;
  readonly from: number;
  readonly to: number;
}

/** What a cell's equations learn, in their order, with its place in the weights as they are named without layer and direction. */
export function storedParameters(cell: CellDescription, inputWidth: number): readonly StoredParameter[] {
  const places = new Map(
    storedWeights(cell).flatMap(({ name, blocks }) => blocks.map((block, index) => [block, { weight: name, index }] as const)),
  );
  return cellProgram(cell.equations, cell.hidden).parameters.flatMap(({ name, shape }) => {
    const place = places.get(name);
    if (place === undefined) return [];
    const widths = shape.map((width) => (width === 'input' ? inputWidth : width));
    const rows = widths[0] ?? 1;
    return { name, shape: widths, weight: place.weight, from: place.index * rows, to: (place.index + 1) * rows };
  });
}

/**
 * Weights of one direction of a cell. Those with kernels are named, shaped and started as in `torch.nn.RNN/GRU/LSTM`: `weight_ih [G·H, I]`,
 * `weight_hh [G·H, P]`, `bias_ih [G·H]`, `bias_hh [G·H]`, uniform within 1/√H, with P the width of h (H unless projected), where the
 * equations have them; `weight_hr [P, H]` of a projection, `weight_ch [N·H]` of peepholes (N gates see c). All others have the names,
 * shapes and starts of the equations. Matrices that multiply the state start orthogonal where the cell is set so, a gate each.
 *
 * @param suffix layer and direction, e.g. `_l0` or `_l1_reverse`
 */
export function cellParameters(cell: CellDescription, inputWidth: number, suffix: string): readonly ParameterSpec[] {
  const { parameters } = cellProgram(cell.equations, cell.hidden);
  const byName = new Map(parameters.map((one) => [one.name, one]));
  const orthogonal = orthogonalMatrices(cell);
  return storedWeights(cell).map(({ name, blocks }) => {
    const parts = blocks.flatMap((block) => byName.get(block) ?? []);
    const [first] = parts;
    if (first === undefined) throw new Error(`${cell.kind}: nothing is learned of ${name}`);
    const [rows = 1, ...rest] = first.shape.map((width) => (width === 'input' ? inputWidth : width));
    return {
      name: `${name}${suffix}`,
      shape: [rows * parts.length, ...rest],
      initializer: startOf(parts, cell.hidden, orthogonal),
      decay: first.role === 'matrix' || first.role === 'vector',
      trainable: true,
    };
  });
}

/** Uniform within 1/√H where the equations state no number and nothing else is asked for, as PyTorch's recurrent layers. */
function startOf(parts: readonly CellParameter[], hidden: number, orthogonal: ReadonlySet<string>): Initializer {
  const uniform: Initializer = { kind: 'uniform', bound: 1 / Math.sqrt(hidden) };
  const blocks = parts.map(({ name, start }): Initializer => {
    if (start !== null) return { kind: 'constant', value: start };
    return orthogonal.has(name) ? { kind: 'orthogonal' } : uniform;
  });
  if (blocks.every((block) => block === uniform)) return uniform;
  const [only] = blocks;
  return blocks.length === 1 && only !== undefined ? only : { kind: 'blocks', blocks };
}
