import type { Loss } from '../../compile/loss-kind.ts';
import type { Model } from '../../compile/materialize.tf.ts';
import type { TrainingSettings } from '../../document/training-settings.ts';
import { TrainStep, type UpdateStep } from '../train-step.tf.ts';
import { Candidates } from './candidates.tf.ts';
import { EvolutionStrategy } from './evolution-strategy.tf.ts';
import { ParticleSwarm } from './particle-swarm.tf.ts';

/** The update that the settings ask for: by the gradient, or by trying weights out. */
export function createUpdateStep(
  model: Model,
  loss: Loss,
  settings: TrainingSettings,
  classWeights: Float32Array | null,
): UpdateStep {
  const { optimizer } = settings;
  const candidates = (): Candidates => new Candidates(model, loss, settings, classWeights);
  switch (optimizer.kind) {
    case 'evolution-strategy':
      return new EvolutionStrategy(candidates(), settings, optimizer);
    case 'particle-swarm':
      return new ParticleSwarm(candidates(), settings.seed, optimizer);
    default:
      return new TrainStep(model, loss, settings, classWeights);
  }
}
