import * as tf from '@tensorflow/tfjs-core';
import { stateWidths } from '../shapes/value-type.ts';
import { sequenceOpFor } from './implementations.tf.ts';
import { listValues, opOfSeveralValues, unlistValues } from './op-value.tf.ts';
import { type CellWeights, recurrence, type StateParts } from './recurrence.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';
import { mayBeDifferentiated } from './sequence-op.tf.ts';

/** One value for each direction: forwards, backwards. */
export type BothWays<T> = readonly [T, T];

export interface BidirectionalOutput {
  /** h of both directions side by side `[T, B, 2P]`, zero at padding steps; `null` when only the final state was asked for. */
  readonly sequence: tf.Tensor3D | null;
  readonly final: BothWays<StateParts> | null;
}

/**
 * A cell with two sets of weights over one sequence, forwards and backwards: on native TensorFlow one op of ours or of cuDNN
 * that runs both at the same time, elsewhere two recurrences.
 *
 * @param problem its `reverse` is ignored
 * @param initial `null` starts from zeros
 */
export function bidirectional(
  problem: RecurrenceProblem,
  x: tf.Tensor3D,
  weights: BothWays<CellWeights>,
  initial: BothWays<StateParts> | null,
  want: { readonly sequence: boolean; readonly final: boolean },
): BidirectionalOutput {
  const together = sequenceOpFor(problem);
  if (together === null) {
    const [ahead, back] = [false, true].map((reverse, index) =>
      recurrence({ ...problem, reverse }, x, weights[index === 0 ? 0 : 1], initial?.[index === 0 ? 0 : 1] ?? null, want),
    );
    return {
      sequence: ahead?.sequence && back?.sequence ? tf.concat3d([ahead.sequence, back.sequence], 2) : null,
      final: ahead?.final && back?.final ? [ahead.final, back.final] : null,
    };
  }
  const forwards = { ...problem, reverse: false };
  const { rows, cell } = problem;
  const widths = stateWidths(cell);
  const zeros = together.startsFromZeros ? [] : [...widths, ...widths];
  const start = initial?.flat() ?? zeros.map((width) => tf.zeros<tf.Rank.R2>([rows, width]));
  const tensors = [x, ...weights.flatMap(present), ...start];
  const values = opOfSeveralValues(tensors, (save) => {
    const result = together.forward(forwards, x, weights, start, mayBeDifferentiated());
    save([...tensors, ...result.saved]);
    return {
      values: listValues(want.sequence ? result.sequence : null, want.final ? result.final() : null),
      gradients(dValues, saved) {
        const again = unpack(saved.slice(0, tensors.length), weights);
        const [dSequence, dFinal] = unlistValues(dValues, want);
        const saves = saved.slice(tensors.length);
        const d = together.backward(forwards, again.x, again.weights, again.initial, saves, dSequence, dFinal);
        return [d[0]?.x ?? tf.zerosLike(again.x), ...d.flatMap(present), ...d.flatMap((direction) => direction.initial)];
      },
    };
  });
  const [sequence, final] = unlistValues(values, want);
  return { sequence, final: final && [final.slice(0, widths.length), final.slice(widths.length)] };
}

/** The weights that a cell has, in a fixed order. */
const present = (weights: CellWeights): tf.Tensor[] =>
  [
    weights.inputWeight,
    weights.hiddenWeight,
    weights.inputBias,
    weights.hiddenBias,
    weights.projection,
    weights.peepholes,
  ].filter((w) => w !== null);

/** Takes the op's flat arguments apart again; `like` says which weights there are. */
function unpack(
  tensors: readonly tf.Tensor[],
  like: BothWays<CellWeights>,
): { x: tf.Tensor3D; weights: CellWeights[]; initial: StateParts } {
  const rest = [...tensors];
  const next = (): tf.Tensor => {
    const tensor = rest.shift();
    if (tensor === undefined) throw new Error('bidirectional: an argument is missing');
    return tensor;
  };
  const x = next() as tf.Tensor3D;
  const weights = like.map((direction) => ({
    inputWeight: next() as tf.Tensor2D,
    hiddenWeight: next() as tf.Tensor2D,
    inputBias: next() as tf.Tensor1D,
    hiddenBias: direction.hiddenBias === null ? null : (next() as tf.Tensor1D),
    projection: direction.projection === null ? null : (next() as tf.Tensor2D),
    peepholes: direction.peepholes === null ? null : (next() as tf.Tensor1D),
  }));
  return { x, weights, initial: rest as tf.Tensor2D[] };
}
