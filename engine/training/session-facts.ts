import { batchCount } from '../data/batches.ts';
import type { PreparedData } from '../data/dataset.ts';
import type { SplitName } from '../document/split-names.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { headline, judgedSplit } from '../metrics/headline.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RunSummary } from '../protocol/runs.ts';

/** What follows from data and settings before the first step. */
export interface SessionFacts {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** The split that the run is judged on: the training split where there is no other. */
  readonly validationSplit: Extract<SplitName, 'train' | 'validation'>;
  readonly headline: RunSummary['headline'];
}

/** @throws UserError `no-training-data` when the training split is empty. */
export function sessionFacts(data: Pick<PreparedData, 'encoding' | 'splits'>, settings: TrainingSettings): SessionFacts {
  const { train } = data.splits;
  if (train.count === 0) {
    throw new UserError({
      code: 'no-training-data',
      message: 'The training split has no examples.',
      hint: 'Lower the shares of the validation and test splits in the Data panel.',
    });
  }
  const stepsPerEpoch = batchCount(train, settings.batchSize);
  const validationSplit = judgedSplit(data.splits);
  return {
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * settings.epochs,
    validationSplit,
    headline: headline(data, validationSplit),
  };
}
