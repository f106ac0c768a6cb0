import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { type CellProgram, cellProgram } from '../cells/cell-program.ts';
import { storedWeights } from '../cells/parameters.ts';
import { isAccelerated } from '../cells/registry.ts';
import { type BidirectionalOutput, type BothWays, bidirectional } from '../kernels/bidirectional.tf.ts';
import { cellWeights } from '../kernels/cell-weights.tf.ts';
import { derivedBothWays, derivedRecurrence } from '../kernels/derived.tf.ts';
import { type CellWeights, type RecurrenceOutput, recurrence, type StateParts } from '../kernels/recurrence.tf.ts';
import type { RecurrenceProblem } from '../kernels/recurrence.ts';
import type { CellDescription } from '../shapes/value-type.ts';
import type { TimeAxis } from './batch-tensors.tf.ts';
import type { BuildContext } from './builder.tf.ts';
import { only } from './ports.ts';

/** Kinds that run a wired cell over time. */
export type UnrollingKind = 'recurrent' | 'bidirectional' | 'decoder' | 'pyramid';

interface CellRun {
  /** Which set of the node's weights: layer and direction, e.g. `_l0` or `_l1_reverse`. */
  readonly suffix: string;
  readonly reverse: boolean;
  readonly initial: StateParts | null;
  /** `[T, B, I]` */
  readonly input: { readonly tensor: Tensor3D; readonly time: TimeAxis; readonly differentiable: boolean };
  readonly want: { readonly sequence: boolean; readonly final: boolean };
}

/** Runs the cell that is wired to a wrapper over a sequence, with one layer and direction of the wrapper's weights. */
export function runCell(
  context: BuildContext<UnrollingKind>,
  { suffix, reverse, initial, input, want }: CellRun,
): RecurrenceOutput {
  const { cell, ...run } = problemOf(context, input);
  if (isAccelerated(cell)) return recurrence({ ...run, cell, reverse }, input.tensor, weightsOf(context, suffix), initial, want);
  const weights = ownWeights(context, cell, suffix);
  return derivedRecurrence({ ...run, program: programOf(cell), reverse }, input.tensor, weights, initial, want);
}

interface BothWaysRun extends Pick<CellRun, 'input' | 'want'> {
  /** Sets of weights forwards and backwards. */
  readonly suffixes: BothWays<string>;
  readonly initial: BothWays<StateParts> | null;
}

/** The same in both directions, whose outputs are side by side. */
export function runCellBothWays(
  context: BuildContext<UnrollingKind>,
  { suffixes, initial, input, want }: BothWaysRun,
): BidirectionalOutput {
  const [ahead, back] = suffixes;
  const { cell, ...run } = problemOf(context, input);
  if (isAccelerated(cell)) {
    const weights = [weightsOf(context, ahead), weightsOf(context, back)] as const;
    return bidirectional({ ...run, cell, reverse: false }, input.tensor, weights, initial, want);
  }
  const weights = [ownWeights(context, cell, ahead), ownWeights(context, cell, back)] as const;
  return derivedBothWays({ ...run, program: programOf(cell) }, input.tensor, weights, initial, want);
}

function problemOf(
  { module }: BuildContext<UnrollingKind>,
  { time, differentiable }: CellRun['input'],
): Omit<RecurrenceProblem, 'reverse' | 'cell'> & { readonly cell: CellDescription } {
  const { cell } = only(module.inputTypes, 'cell', 'cell');
  return { cell, steps: time.steps, rows: time.rows, lengths: time.rowLengths, inputGradient: differentiable };
}

function weightsOf({ module, parameter }: BuildContext<UnrollingKind>, suffix: string): CellWeights {
  return cellWeights((name) =>
    module.parameters.some((spec) => spec.name === `${name}${suffix}`) ? parameter(`${name}${suffix}`) : null,
  );
}

const programOf = ({ equations, hidden }: CellDescription): CellProgram => cellProgram(equations, hidden);

/** What a cell's equations learn, in their order. */
const ownWeights = ({ parameter }: BuildContext<UnrollingKind>, cell: CellDescription, suffix: string): readonly Tensor[] =>
  programOf(cell).parameters.map(({ name }) => parameter(`${name}${suffix}`));

/** Weights of one layer and direction as they are stored, by their names without its suffix. */
export function storedWeightsOf({ module, parameter }: BuildContext<UnrollingKind>, suffix: string): ReadonlyMap<string, Tensor> {
  const { cell } = only(module.inputTypes, 'cell', 'cell');
  return new Map(storedWeights(cell).map(({ name }) => [name, parameter(`${name}${suffix}`)]));
}
