import * as tf from '@tensorflow/tfjs-core';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { withComposedOnly } from '../kernels/composed-only.ts';
import { areChainsTrusted, trustChains } from '../kernels/native/chain-op.tf.ts';
import { Random } from '../random.ts';
import { checkBatch, smallPlan } from './check-network.ts';
import { asItIs, type Form } from './kernel-check.tf.ts';
import { largestError, type Reading } from './self-check.tf.ts';

/** Largest error that a network as one op may show, relative to the largest entry of the same tensor. */
const limit = 1e-3;

/** A small network in a line, and how it is trained. Each kind of layer that can be lowered, and each loss, is in one of them. */
interface ChainCase {
  readonly name: string;
  readonly plan: () => Plan;
  readonly loss: 'cross-entropy' | 'binary-log-loss' | 'mse' | 'rmse';
}

const tokens = { vocabulary: 11, features: null, targets: null };

/** Two states of different widths, a vector that is the sum of two, one that multiplies, and a product of what was computed in the step. */
const equations = `width m = 4
f = sigmoid(W_f x + b_xf + U_f h + b_hf)
m' = tanh(V_m (f * h) + p_m * m)
h' = (1 - f) * h + f * tanh(W_n x + V_n m' + b_n)`;

const cases: readonly ChainCase[] = [
  {
    name: 'both directions, maximum, classes',
    loss: 'cross-entropy',
    plan: () =>
      smallPlan(
        [
          ['tokens', 'token-input', {}],
          ['embedding', 'embedding', { width: 5 }],
          ['dropout', 'dropout', { rate: 0.3 }],
          ['cell', 'gru-cell', { hidden: 7 }],
          ['both', 'bidirectional', { output: 'max' }],
          ['head', 'dense-softmax', {}],
        ],
        [
          ['tokens.tokens', 'embedding.tokens'],
          ['embedding.sequence', 'dropout.input'],
          ['dropout.output', 'both.sequence'],
          ['cell.cell', 'both.cell'],
          ['both.output', 'head.input'],
        ],
        'sequence-classification',
        { ...tokens, classes: 3 },
      ),
  },
  {
    name: 'two layers, every step, two classes',
    loss: 'binary-log-loss',
    plan: () =>
      smallPlan(
        [
          ['tokens', 'token-input', {}],
          ['embedding', 'embedding', { width: 5, frozen: true }],
          ['cell', 'lstm-cell', { hidden: 6, projection: 4, peepholes: true }],
          ['run', 'recurrent', { direction: 'backward', layers: 2, dropout: 0.4, output: 'every-step' }],
          ['dense', 'dense', { units: 9, activation: 'identity' }],
          ['head', 'dense-sigmoid', {}],
        ],
        [
          ['tokens.tokens', 'embedding.tokens'],
          ['embedding.sequence', 'run.sequence'],
          ['cell.cell', 'run.cell'],
          ['run.output', 'dense.input'],
          ['dense.output', 'head.input'],
        ],
        'step-tagging',
        { ...tokens, classes: 2 },
      ),
  },
  {
    name: 'a cell out of its equations, two layers of both directions, last state',
    loss: 'cross-entropy',
    plan: () =>
      smallPlan(
        [
          ['tokens', 'token-input', {}],
          ['embedding', 'embedding', { width: 5 }],
          ['cell', 'custom-cell', { hidden: 6, equations }],
          ['both', 'bidirectional', { layers: 2, dropout: 0.2, output: 'last' }],
          ['head', 'dense-softmax', {}],
        ],
        [
          ['tokens.tokens', 'embedding.tokens'],
          ['embedding.sequence', 'both.sequence'],
          ['cell.cell', 'both.cell'],
          ['both.output', 'head.input'],
        ],
        'sequence-classification',
        { ...tokens, classes: 3 },
      ),
  },
  ...(
    [
      ['mse', 'last'],
      ['rmse', 'mean'],
    ] as const
  ).map(
    ([loss, output]): ChainCase => ({
      name: `numbers, ${output} of both directions`,
      loss,
      plan: () =>
        smallPlan(
          [
            ['series', 'series-input', {}],
            ['cell', 'lstm-cell', { hidden: 6 }],
            ['both', 'bidirectional', { output }],
            ['head', 'linear-regression', {}],
          ],
          [
            ['series.sequence', 'both.sequence'],
            ['cell.cell', 'both.cell'],
            ['both.output', 'head.input'],
          ],
          'sequence-regression',
          { vocabulary: null, classes: null, features: 4, targets: 2 },
        ),
    }),
  ),
];

export interface ChainCheck {
  readonly name: string;
  /** Largest error of an output, the loss, a gradient or a weight after a step. */
  readonly error: number;
  readonly worst: string;
}

/**
 * Puts networks in one op into use on the active backend, if they give the numbers of the composed form there.
 *
 * @returns why they are not used; `null` where they are, or where the backend has none
 */
export async function startChains(): Promise<string | null> {
  trustChains(true);
  if (!areChainsTrusted()) return null;
  const reason = await checkChains().then(
    (found) => {
      const bad = found.find(({ error }) => !(error <= limit));
      return bad === undefined ? null : `differs by ${bad.error.toPrecision(2)} (limit ${limit}; ${bad.name}: ${bad.worst})`;
    },
    (error: unknown) => `failed: ${error instanceof Error ? error.message : String(error)}`,
  );
  trustChains(reason === null);
  return reason;
}

/** What the device's description says of it. */
export const describeChains = (reason: string | null): string =>
  reason === null ? '' : ` · steps as one op ${reason}; they run layer by layer`;

/**
 * @param form in which the op runs
 * @throws what an op throws.
 */
export async function checkChains(form: Form = asItIs): Promise<ChainCheck[]> {
  const checks: ChainCheck[] = [];
  for (const one of cases) {
    const plan = one.plan();
    const [found, expected] = [
      await readings(one, plan, (problem) => form(() => trained(problem))),
      await readings(one, plan, composed),
    ];
    let worst = { error: 0, worst: '' };
    expected.forEach((reading, index) => {
      const error = largestError([reading], [found[index] ?? { name: '', values: new Float32Array() }]);
      if (error > worst.error) worst = { error, worst: reading.name };
    });
    checks.push({ name: one.name, ...worst });
  }
  return checks;
}

interface Problem {
  readonly model: Model;
  readonly batch: ReturnType<typeof toTensors>;
  readonly loss: ChainCase['loss'];
  /** Classes of all rows, or steps and rows. */
  readonly classes: Int32Array;
  /** Their weights, or numbers. */
  readonly numbers: Float32Array;
}

type Way = (problem: Problem) => { readonly value: tf.Tensor; readonly figures: tf.Tensor; readonly gradient: tf.Tensor };

/** Settings of an update that is nearly linear in the gradient. */
const adam = { rate: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 1 } as const;

async function readings({ loss }: ChainCase, plan: Plan, way: Way): Promise<Reading[]> {
  const random = new Random(23, 'chain');
  const model = new Model(plan, initializeParameters(plan, 7));
  const perStep = plan.task === 'step-tagging';
  const count = perStep ? checkBatch.steps * checkBatch.rows : checkBatch.rows;
  const regression = loss === 'mse' || loss === 'rmse';
  const classes = Int32Array.from({ length: count }, () => random.below(plan.facts.classes ?? 2));
  const numbers = Float32Array.from({ length: regression ? count * (plan.facts.targets ?? 1) : count }, (_, i) => {
    const padding = perStep && Math.floor(i / checkBatch.rows) >= (checkBatch.lengths[i % checkBatch.rows] ?? 0);
    const drawn = random.normal();
    return regression ? drawn : padding ? 0 : Math.abs(drawn);
  });
  const features = plan.facts.features;
  const series =
    features === null
      ? null
      : Float32Array.from({ length: checkBatch.steps * checkBatch.rows * features }, () => random.normal());
  const read = tf.tidy(() => {
    const batch = toTensors({ ...checkBatch, tokens: series === null ? checkBatch.tokens : null, series });
    const { value, figures, gradient } = way({ model, batch, loss, classes, numbers });
    const weights = [...model.variables].map(([name, variable]) => ({ name, tensor: variable.clone() }));
    const named = [
      { name: 'output', tensor: value },
      { name: 'figures', tensor: figures },
      { name: 'gradient', tensor: gradient },
    ];
    return [...named, ...weights].map(({ name, tensor }) => ({ name, values: Float32Array.from(tensor.dataSync()) }));
  });
  model.dispose();
  // What stands at padding is arbitrary.
  return read.map(({ name, values }) =>
    name === 'output' && perStep
      ? { name, values: values.map((v, i) => (numbers[Math.floor((i * count) / values.length)] === 0 ? 0 : v)) }
      : { name, values },
  );
}

const dropout = (): Random => new Random(3, 'chain');

/** As one op. */
const trained: Way = ({ model, batch, loss, classes, numbers }) => {
  const { chain } = model;
  if (chain === null) throw new Error('the network is no line');
  const parameters = trainable(model);
  const value = chain.forward(batch);
  const size = parameters.reduce((sum, variable) => sum + variable.size, 0);
  const averages = [tf.zeros([size]), tf.zeros([size])].map((zeros) => tf.add(zeros, 0));
  const { rate, beta1, beta2, epsilon } = adam;
  const each = parameters.map(() => 0);
  const settings = tf.tensor1d([rate, beta1, beta2, epsilon, 0, 0, ...each, ...each.map(() => 1)]);
  const regression = loss === 'mse' || loss === 'rmse';
  const targets = regression ? null : tf.tensor1d(classes, 'int32');
  const step = { loss, averages, settings, targets, numbers: tf.tensor1d(numbers) };
  const figures = chain.train(batch, dropout(), step);
  return { value, figures, gradient: tf.div(averages[0] ?? figures, 1 - beta1) };
};

const trainable = (model: Model): tf.Variable[] => [...model.variables.values()].filter((variable) => variable.trainable);

/** Layer by layer, of TensorFlow's own operations. */
const composed: Way = ({ model, batch, loss, classes, numbers }) =>
  withComposedOnly(() => {
    const value = model.forward(batch, { dropout: null });
    const parameters = trainable(model);
    const kept: tf.Tensor[] = [];
    const { value: found, grads } = tf.variableGrads(() => {
      const logits = model.forward(batch, { dropout: dropout() });
      kept.push(tf.keep(logits));
      return lossOf(loss, logits, classes, numbers);
    }, parameters);
    const gradients = parameters.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    const flat = tf.concat(gradients.map((gradient) => gradient.reshape([-1])));
    const { rate, beta1, beta2, epsilon } = adam;
    parameters.forEach((variable, i) => {
      const gradient = gradients[i] ?? variable;
      const mean = tf.mul(gradient, 1 - beta1);
      const square = tf.mul(tf.square(gradient), 1 - beta2);
      variable.assign(tf.sub(variable, tf.mul(rate, tf.div(mean, tf.add(tf.sqrt(square), epsilon)))));
    });
    const correct = countHits(kept[0]?.dataSync() ?? [], classes, numbers, loss);
    tf.dispose(kept);
    return { value, figures: tf.stack([found, tf.scalar(correct), tf.norm(flat)]), gradient: flat };
  });

/** Losses as they are defined, of TensorFlow's own operations. */
function lossOf(loss: ChainCase['loss'], logits: tf.Tensor, classes: Int32Array, numbers: Float32Array): tf.Scalar {
  if (loss === 'mse' || loss === 'rmse') {
    const mean = tf.mean(tf.square(tf.sub(logits.reshape([-1]), tf.tensor1d(numbers)))) as tf.Scalar;
    return loss === 'mse' ? mean : (tf.sqrt(mean) as tf.Scalar);
  }
  const width = logits.shape.at(-1) ?? 1;
  const rows = logits.reshape([-1, width]);
  // Of one logit: that of the first class is 0.
  const all = width === 1 ? tf.concat([tf.zerosLike(rows), rows], 1) : rows;
  const chosen = tf.sum(tf.mul(tf.logSoftmax(all), tf.oneHot(tf.tensor1d(classes, 'int32'), Math.max(2, width))), 1);
  return tf.neg(tf.sum(tf.mul(chosen, tf.tensor1d(numbers)))) as tf.Scalar;
}

/** Targets that the most probable class hits; what has no weight here is padding. */
function countHits(logits: ArrayLike<number>, classes: Int32Array, numbers: Float32Array, loss: ChainCase['loss']): number {
  if (loss === 'mse' || loss === 'rmse') return 0;
  const width = logits.length / classes.length;
  return classes.reduce((count, target, row) => {
    const own = Array.from({ length: width }, (_, c) => logits[row * width + c] ?? Number.NaN);
    const best = width === 1 ? Number((own[0] ?? 0) > 0) : own.indexOf(Math.max(...own));
    return count + Number(numbers[row] !== 0 && best === target);
  }, 0);
}
