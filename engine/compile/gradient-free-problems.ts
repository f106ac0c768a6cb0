import type { OptimizerSettings } from '../document/training-settings.ts';
import type { PlanModule } from '../layers/plan-module.ts';
import type { Problem } from '../shapes/problem.ts';

/** Largest number of trained weights that a method without gradient is let loose on, and why there is a limit. */
const limits = {
  'evolution-strategy': {
    title: 'an evolution strategy',
    weights: 20_000,
    reason: 'its estimate of the gradient gets worse with every weight that it changes at random',
  },
  'particle-swarm': {
    title: 'a particle swarm',
    weights: 2_000,
    reason: 'so few particles lose their way in so many dimensions',
  },
} as const;

/** Refuses a method without gradient on a network that it cannot train in any sensible time (row L19). */
export function gradientFreeProblems(modules: readonly PlanModule[], { kind }: OptimizerSettings): Problem[] {
  if (kind !== 'evolution-strategy' && kind !== 'particle-swarm') return [];
  const { title, weights, reason } = limits[kind];
  const trained = modules
    .flatMap((module) => module.parameters)
    .filter((spec) => spec.trainable)
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  if (trained <= weights) return [];
  const number = (value: number): string => value.toLocaleString('en');
  return [
    {
      severity: 'error',
      node: null,
      edge: null,
      message: `${title} trains up to ${number(weights)} weights, and this network has ${number(trained)}: ${reason}`,
      fix: 'Choose Adam in the training settings, or make the layers smaller.',
    },
  ];
}
