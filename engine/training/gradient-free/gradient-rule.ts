import type { GradientRule, OptimizerSettings } from '../../document/training-settings.ts';

/** As in Salimans et al.: the estimated gradient is followed by Adam. */
const adam: GradientRule = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** What updates the weights from a gradient, a true one or an estimate; `null` where none is used. */
export function gradientRule(optimizer: OptimizerSettings): GradientRule | null {
  if (optimizer.kind === 'particle-swarm') return null;
  return optimizer.kind === 'evolution-strategy' ? adam : optimizer;
}
