import type { TrainingSettings } from '../document/training-settings.ts';
import type { Predictor } from '../predict/predictor.ts';
import type { InspectedWeights } from '../protocol/inspect.ts';

/** A model that is looked at. It keeps its weights, and lives, while its traces do. */
export interface Subject extends Predictor {
  readonly run: string;
  readonly weights: InspectedWeights;
  /** Of the weights. */
  readonly step: number;
  readonly training: Pick<TrainingSettings, 'loss' | 'timeReduction'>;
}
