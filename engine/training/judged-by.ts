import { chooseLoss, type HeadKind, headKind, type Loss } from '../compile/loss-kind.ts';
import type { Plan } from '../compile/plan.ts';
import type { PreparedData } from '../data/dataset.ts';
import { balancedWeights } from '../data/target-weights.ts';
import type { TrainingSettings } from '../document/training-settings.ts';

/** How a model is judged, while it trains and afterwards: the same everywhere, or figures could not be compared. */
export interface JudgedBy {
  readonly data: Pick<PreparedData, 'encoding' | 'splits'>;
  readonly head: HeadKind;
  readonly loss: Loss;
  readonly timeReduction: TrainingSettings['timeReduction'];
  /** Per class, from the training split; `null` where all count the same. */
  readonly classWeights: Float32Array | null;
  readonly batchSize: number;
  /** Whether a running text's states go on from chunk to chunk. */
  readonly carryState: boolean;
}

/** @throws UserError `loss-does-not-fit` the head. */
export function judgedBy(plan: Plan, data: JudgedBy['data'], settings: TrainingSettings): JudgedBy {
  const classes = data.encoding.classes?.length ?? 0;
  const balanced = settings.classWeights === 'balanced' && classes > 0;
  return {
    data,
    head: headKind(plan),
    loss: chooseLoss(plan, settings.loss),
    timeReduction: settings.timeReduction,
    classWeights: balanced ? balancedWeights(data.splits.train, classes) : null,
    batchSize: settings.batchSize,
    carryState: settings.carryState,
  };
}
