import { findCell } from '../cells/registry.ts';
import { type OptimizerSettings, optimizerNames, type TrainingSettings } from '../document/training-settings.ts';
import type { Remedy, Rule } from './finding.ts';
import { warning } from './finding.ts';

interface Limits {
  /** Above this most networks diverge. */
  readonly any: number;
  /** The same where nothing bounds the state. */
  readonly unbounded: number;
  /** A rate that usually works. */
  readonly usual: number;
}

const adaptive: Limits = { any: 0.05, unbounded: 0.005, usual: 0.002 };

/** By the size of a step at the same rate: the adaptive ones divide by the gradient's size. Gradient-free methods have no such limit. */
const limits: Readonly<Record<OptimizerSettings['kind'], Limits | null>> = {
  sgd: { any: 2, unbounded: 0.05, usual: 0.1 },
  momentum: { any: 0.5, unbounded: 0.01, usual: 0.02 },
  nesterov: { any: 0.5, unbounded: 0.01, usual: 0.02 },
  adagrad: { any: 0.5, unbounded: 0.05, usual: 0.01 },
  rmsprop: adaptive,
  adam: adaptive,
  adamw: adaptive,
  'evolution-strategy': null,
  'particle-swarm': null,
};

const setting = (label: string, patch: Partial<TrainingSettings>): Remedy => ({
  label,
  apply: (document) => ({ ...document, training: { ...document.training, ...patch } }),
});

/** Settings with which weights, states or gradients are likely to grow without bound (row L22). */
export const explodingSettings: Rule = ({ document, inferred }) => {
  const { learningRate, optimizer, clipNorm, clipValue } = document.training;
  const limit = limits[optimizer.kind];
  if (limit === null) return [];
  const ungated = document.nodes.find(({ kind }) => findCell(kind)?.ungated === true);
  const unbounded = document.nodes.find(({ id, kind }) => {
    const config = inferred.configs.get(id);
    return config !== undefined && findCell(kind)?.unbounded?.(config) === true;
  });
  const rate = setting(`Set it to ${limit.usual}`, { learningRate: limit.usual });
  const unclipped = clipNorm === null && clipValue === null;
  return [
    ...(learningRate > limit.any
      ? [
          warning(
            null,
            `the learning rate ${learningRate} is far above what works with ${optimizerNames[optimizer.kind]}`,
            `Set it below ${limit.any}; ${limit.usual} is a usual one.`,
            rate,
          ),
        ]
      : unbounded && learningRate > limit.unbounded
        ? [
            warning(
              unbounded.id,
              `a state without bounds is trained at the large rate ${learningRate}`,
              `Set the learning rate to ${limit.unbounded} or below, or the activation to tanh.`,
              setting(`Set the rate to ${limit.unbounded}`, { learningRate: limit.unbounded }),
            ),
          ]
        : []),
    ...(unclipped && ungated
      ? [
          warning(
            (unbounded ?? ungated).id,
            'gradients of a vanilla RNN may explode, and nothing clips them',
            'Clip their norm, e.g. at 1.',
            setting('Clip the norm at 1', { clipNorm: 1 }),
          ),
        ]
      : []),
  ];
};
