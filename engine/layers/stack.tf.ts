import { add, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import type { StateParts } from '../kernels/recurrence.tf.ts';
import { type BuildContext, valueAt } from './builder.tf.ts';
import { runCell, runCellBothWays, storedWeightsOf, type UnrollingKind } from './cell-run.tf.ts';
import { invertedDropout } from './inverted-dropout.tf.ts';
import { only } from './ports.ts';
import { addsInputs, layerSuffix, type Stack } from './stack.ts';
import type { WatchedRun } from './watch.tf.ts';

interface StackRun {
  readonly stack: Stack;
  /** Whether each direction runs backwards in time; the weights of the second of two are PyTorch's `_reverse`. */
  readonly reverse: readonly boolean[];
  /** State before the first step of each layer and direction, as in a state value; `null` starts from zeros. */
  readonly initial: readonly StateParts[] | null;
  /** One sequence out of two directions that lie side by side `[T, B, 2P]`; not called for one direction. */
  readonly merge?: (sideBySide: Tensor3D) => Tensor3D;
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
    const run = runLayer(context, {
      layer,
      reverse,
      initial: initial?.slice(layer * reverse.length, (layer + 1) * reverse.length) ?? null,
      input: { ...input, time },
      want: { sequence: !top || want.sequence, final: want.states || (top && want.last) },
    });
    states.push(...run.final);
    if (run.sequence === null) break; // only the state of the last layer was wanted
    const merged = merge === undefined ? run.sequence : merge(run.sequence);
    const tensor = addsInputs(stack) && layer > 0 ? add<Tensor3D>(merged, input.tensor) : merged;
    input = { tensor: top ? tensor : invertedDropout(tensor, stack.dropout, context.mode), differentiable: true };
  }
  return {
    sequence: want.sequence ? input.tensor : null,
    last: want.last ? states.slice(-reverse.length).flatMap(([h]) => h ?? []) : null,
    states: want.states ? states : null,
  };
}

interface LayerRun extends Pick<StackRun, 'reverse' | 'initial'> {
  readonly layer: number;
  readonly input: Parameters<typeof runCell>[1]['input'];
  readonly want: Parameters<typeof runCell>[1]['want'];
}

/** One layer: its directions' outputs side by side, and the final state of each that was wanted. */
export function runLayer(
  context: BuildContext<UnrollingKind>,
  run: LayerRun,
): { readonly sequence: Tensor3D | null; readonly final: readonly StateParts[] } {
  const { watch } = context.mode;
  const kernels = (want: LayerRun['want']): ReturnType<typeof runLayer> => runDirections(context, { ...run, want });
  return watch === undefined ? kernels(run.want) : watch.recurrence(watchedRun(context, run), run.want, kernels);
}

function runDirections(
  context: BuildContext<UnrollingKind>,
  { layer, reverse, initial, input, want }: LayerRun,
): ReturnType<typeof runLayer> {
  const [first, second] = initial ?? [];
  const suffix = layerSuffix(layer, false);
  if (reverse.length === 2) {
    const start = first && second ? ([first, second] as const) : null;
    const suffixes = [suffix, layerSuffix(layer, true)] as const;
    const { sequence, final } = runCellBothWays(context, { suffixes, initial: start, input, want });
    return { sequence, final: final ?? [] };
  }
  const { sequence, final } = runCell(context, { suffix, reverse: reverse[0] === true, initial: first ?? null, input, want });
  return { sequence, final: final === null ? [] : [final] };
}

/** What is told to whoever watches. */
function watchedRun(context: BuildContext<UnrollingKind>, { layer, reverse, initial, input }: LayerRun): WatchedRun {
  const { module } = context;
  return {
    module: module.id,
    layer,
    cell: only(module.inputTypes, 'cell', 'cell').cell,
    input: input.tensor,
    time: input.time,
    directions: reverse.map((backwards, index) => ({
      reverse: backwards,
      weights: storedWeightsOf(context, layerSuffix(layer, index === 1)),
      initial: initial?.[index] ?? null,
    })),
  };
}
