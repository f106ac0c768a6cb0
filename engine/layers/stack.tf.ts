import { add, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import type { StateParts } from '../kernels/recurrence.tf.ts';
import { type BuildContext, valueAt } from './builder.tf.ts';
import { runCell, type UnrollingKind } from './cell-run.tf.ts';
import { invertedDropout } from './inverted-dropout.tf.ts';
import { addsInputs, layerSuffix, type Stack } from './stack.ts';

interface StackRun {
  readonly stack: Stack;
  /** Whether each direction runs backwards in time; the weights of the second of two are PyTorch's `_reverse`. */
  readonly reverse: readonly boolean[];
  /** State before the first step of each layer and direction, as in a state value; `null` starts from zeros. */
  readonly initial: readonly StateParts[] | null;
  /** One sequence out of each direction's `[T, B, P]`. */
  merge(directions: readonly Tensor3D[]): Tensor3D;
  readonly want: { readonly sequence: boolean; readonly last: boolean; readonly states: boolean };
}

/** What was not wanted may be `null`. */
interface StackOutput {
  /** Outputs of the last layer `[T, B, F]`. */
  readonly sequence: Tensor3D | null;
  /** h of the last layer after each direction's last step, `[B, P]` each. */
  readonly last: readonly Tensor2D[] | null;
  /** Final state of each layer, and of each direction in it. */
  readonly states: readonly StateParts[] | null;
}

/**
 * The wired cell over the sequence, and again over its outputs (row L10): layer k reads x_k and gives y_k = cell_k(x_k), plus x_k where
 * inputs are added; x_{k+1} is y_k after dropout.
 */
export function runStack(context: BuildContext<UnrollingKind>, { reverse, stack, initial, merge, want }: StackRun): StackOutput {
  const { time, ...sequence } = valueAt(context.inputs, 'sequence', 'sequence');
  const states: StateParts[] = [];
  let input = { tensor: sequence.tensor, differentiable: sequence.differentiable };
  for (let layer = 0; layer < stack.layers; layer++) {
    const top = layer === stack.layers - 1;
    const runs = reverse.map((backwards, direction) =>
      runCell(context, {
        suffix: layerSuffix(layer, direction === 1),
        reverse: backwards,
        initial: initial?.[layer * reverse.length + direction] ?? null,
        input: { ...input, time },
        want: { sequence: !top || want.sequence, final: want.states || (top && want.last) },
      }),
    );
    for (const { final } of runs) if (final !== null) states.push(final);
    const outputs = runs.flatMap((run) => run.sequence ?? []);
    if (outputs.length < runs.length) break; // only the state of the last layer was wanted
    const merged = merge(outputs);
    const tensor = addsInputs(stack) && layer > 0 ? add<Tensor3D>(merged, input.tensor) : merged;
    input = { tensor: top ? tensor : invertedDropout(tensor, stack.dropout, context.mode), differentiable: true };
  }
  return {
    sequence: want.sequence ? input.tensor : null,
    last: want.last ? states.slice(-reverse.length).flatMap(([h]) => h ?? []) : null,
    states: want.states ? states : null,
  };
}
