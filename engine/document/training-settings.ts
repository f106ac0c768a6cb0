import { z } from 'zod';

const rate = z.number().positive().max(100);
const momentumBeta = z.number().min(0).max(0.9999);

export const optimizerSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd') }),
  z.strictObject({ kind: z.literal('momentum'), momentum: momentumBeta.default(0.9) }),
  z.strictObject({ kind: z.literal('nesterov'), momentum: momentumBeta.default(0.9) }),
  z.strictObject({ kind: z.literal('adagrad'), epsilon: z.number().positive().default(1e-10) }),
  z.strictObject({
    kind: z.literal('rmsprop'),
    decay: momentumBeta.default(0.99),
    momentum: momentumBeta.default(0),
    epsilon: z.number().positive().default(1e-8),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: momentumBeta.default(0.9),
    beta2: momentumBeta.default(0.999),
    epsilon: z.number().positive().default(1e-8),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: momentumBeta.default(0.9),
    beta2: momentumBeta.default(0.999),
    epsilon: z.number().positive().default(1e-8),
  }),
  /** Gradient-free: a cloud of random changes round the weights tells which way is down (row L19). */
  z.strictObject({
    kind: z.literal('evolution-strategy'),
    /** Candidates per step; they come in mirrored pairs. */
    population: z.number().int().min(2).max(1000).multipleOf(2).default(64),
    /** Standard deviation of the changes at the start. */
    sigma: z.number().positive().max(10).default(0.1),
    /** What a step leaves of it. */
    sigmaDecay: z.number().min(0.9).max(1).default(1),
  }),
  /** Gradient-free: a swarm searches together (row L19). Accelerations are those of the constriction factor. */
  z.strictObject({
    kind: z.literal('particle-swarm'),
    particles: z.number().int().min(2).max(500).default(40),
    /** Less than the constriction's 0.7298: batch by batch another leader may be ahead, and the swarm must settle all the same. */
    inertia: z.number().min(0).max(1).default(0.5),
    cognitive: z.number().min(0).max(4).default(1.49618),
    social: z.number().min(0).max(4).default(1.49618),
    /** Standard deviation of the particles round the starting weights. */
    spread: z.number().positive().max(10).default(0.5),
  }),
]);

export const scheduleSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  /** Multiply by `factor` every `every` epochs. */
  z.strictObject({
    kind: z.literal('step'),
    every: z.number().int().min(1).default(1),
    factor: z.number().positive().max(1).default(0.5),
  }),
  /** Half a cosine from the rate down to `floor` times it over the whole training. */
  z.strictObject({ kind: z.literal('cosine'), floor: z.number().min(0).max(1).default(0) }),
  /** Multiply by `factor` when the validation loss has not improved for `patience` epochs. */
  z.strictObject({
    kind: z.literal('plateau'),
    patience: z.number().int().min(1).default(2),
    factor: z.number().positive().max(1).default(0.5),
  }),
]);

export const lossKind = z.enum(['auto', 'cross-entropy', 'binary-log-loss', 'mse', 'rmse']);

/** Everything about training that is not the graph. Optimizers by gradient follow PyTorch's update rules and defaults. */
export const trainingSettings = z.strictObject({
  epochs: z.number().int().min(1).max(100_000).default(5),
  batchSize: z.number().int().min(1).max(65_536).default(32),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  /** 'auto' takes what fits the head and the task. */
  loss: lossKind.default('auto'),
  /** Over time steps of a per-step target: the mean over real steps, or the sum (row L15). */
  timeReduction: z.enum(['mean', 'sum']).default('mean'),
  /** Truncated back-propagation: a running text's chunks start from the state that the chunk before them left (row L16). */
  carryState: z.boolean().default(true),
  /** Share of a decoder's previous tokens that the model chooses itself at the end of training, rising linearly from 0. */
  scheduledSampling: z.number().min(0).max(1).default(0),
  classWeights: z.enum(['none', 'balanced']).default('none'),
  optimizer: optimizerSettings.prefault({ kind: 'adam' }),
  learningRate: rate.default(0.002),
  schedule: scheduleSettings.prefault({ kind: 'constant' }),
  /** Steps over which the rate rises linearly from 0 before the schedule starts; 0 is none. */
  warmupSteps: z.number().int().min(0).max(1_000_000).default(0),
  weightDecay: z.number().min(0).max(10).default(0),
  /** Global-norm clip; `null` is off. */
  clipNorm: z.number().positive().nullable().default(5),
  /** Element-wise clip to ±value; `null` is off. */
  clipValue: z.number().positive().nullable().default(null),
  /** Stop when the watched validation loss has not improved for this many epochs; `null` is never. */
  earlyStoppingPatience: z.number().int().min(1).nullable().default(null),
  /** Also validate and checkpoint every this many steps; `null` is at epoch ends only. */
  checkpointEverySteps: z.number().int().min(1).nullable().default(null),
  /** Looks at gates, gradients and updates of some steps as training goes on; costs less than a twentieth of its time. */
  health: z.boolean().default(true),
  device: z.enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'javascript']).default('auto'),
});

export type OptimizerSettings = z.infer<typeof optimizerSettings>;
/** What updates the weights from a gradient. */
export type GradientRule = Exclude<OptimizerSettings, { kind: 'evolution-strategy' | 'particle-swarm' }>;
export type ScheduleSettings = z.infer<typeof scheduleSettings>;
export type TrainingSettings = z.infer<typeof trainingSettings>;

/** As papers name them. */
export const optimizerNames: Readonly<Record<OptimizerSettings['kind'], string>> = {
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  nesterov: 'Nesterov',
  adagrad: 'Adagrad',
  rmsprop: 'RMSProp',
  adam: 'Adam',
  adamw: 'AdamW',
  'evolution-strategy': 'Evolution strategy',
  'particle-swarm': 'Particle swarm',
};
