import '../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { startWasm } from '../backends/wasm.tf.ts';
import type { Loss } from '../compile/loss-kind.ts';
import type { Batch } from '../data/dataset.ts';
import { Random } from '../random.ts';
import { batchLoss } from './losses.tf.ts';
import { askTorch, torchMissing } from './torch-expectation.test-support.ts';

beforeAll(async () => {
  await startJavascript();
});

interface Case {
  readonly title: string;
  readonly loss: Loss;
  readonly perStep: boolean;
  readonly timeReduction: 'mean' | 'sum';
  readonly width: number;
  readonly classWeights: number[] | null;
}

const cases: Case[] = [
  {
    title: 'cross entropy per sequence',
    loss: 'cross-entropy',
    perStep: false,
    timeReduction: 'mean',
    width: 3,
    classWeights: null,
  },
  { title: 'cross entropy per step', loss: 'cross-entropy', perStep: true, timeReduction: 'mean', width: 3, classWeights: null },
  {
    title: 'cross entropy summed over time',
    loss: 'cross-entropy',
    perStep: true,
    timeReduction: 'sum',
    width: 3,
    classWeights: null,
  },
  {
    title: 'weighted cross entropy',
    loss: 'cross-entropy',
    perStep: false,
    timeReduction: 'mean',
    width: 3,
    classWeights: [0.5, 2, 1],
  },
  {
    title: 'weighted per step',
    loss: 'cross-entropy',
    perStep: true,
    timeReduction: 'mean',
    width: 3,
    classWeights: [0.5, 2, 1],
  },
  { title: 'binary log loss', loss: 'binary-log-loss', perStep: false, timeReduction: 'mean', width: 1, classWeights: null },
  {
    title: 'binary log loss per step',
    loss: 'binary-log-loss',
    perStep: true,
    timeReduction: 'mean',
    width: 1,
    classWeights: null,
  },
  { title: 'mean squared error', loss: 'mse', perStep: false, timeReduction: 'mean', width: 2, classWeights: null },
  { title: 'root mean squared error', loss: 'rmse', perStep: false, timeReduction: 'mean', width: 2, classWeights: null },
];

const rows = 3;
const lengths = Int32Array.of(4, 2, 1);
const random = new Random(5);

/** Logits and targets of the same examples with T steps; what lies in the padding differs with T. */
function make(c: Case, steps: number): { batch: Batch; logits: number[] } {
  const real = new Random(8, c.title);
  const classes = c.width === 1 ? 2 : c.width;
  const positions = c.perStep ? steps * rows : rows;
  const logits = Array.from({ length: positions * c.width }, () => 50 * random.normal());
  const targets = new Int32Array(positions).map(() => random.below(classes));
  const fill = (at: number): void => {
    for (let k = 0; k < c.width; k++) logits[at * c.width + k] = 4 * real.normal();
    targets[at] = real.below(classes);
  };
  for (let row = 0; row < rows; row++) {
    if (c.perStep) for (let t = 0; t < (lengths[row] ?? 0); t++) fill(t * rows + row);
    else fill(row);
  }
  const numbers = c.loss === 'mse' || c.loss === 'rmse';
  return {
    logits,
    batch: {
      steps,
      rows,
      tokens: null,
      series: null,
      lengths,
      classTargets: !numbers && !c.perStep ? targets : null,
      tagTargets: !numbers && c.perStep ? targets : null,
      numberTargets: numbers ? Float32Array.from({ length: rows * c.width }, () => real.normal()) : null,
      examples: Uint32Array.of(0, 1, 2),
    },
  };
}

function lossAndGradient(c: Case, steps: number): { loss: number; gradient: Float32Array; made: ReturnType<typeof make> } {
  const made = make(c, steps);
  const shape = c.perStep ? [steps, rows, c.width] : [rows, c.width];
  const weights = c.classWeights && Float32Array.from(c.classWeights);
  const run = tf.valueAndGrad((x) => batchLoss(c.loss, x, made.batch, c.timeReduction, weights));
  const { value, grad } = run(tf.tensor(made.logits, shape));
  return { loss: value.dataSync()[0] ?? Number.NaN, gradient: Float32Array.from(grad.dataSync()), made };
}

const script = `
import json, sys, torch
F = torch.nn.functional
answers = []
for c in json.load(sys.stdin):
    x = torch.tensor(c['logits']).reshape(-1, c['width']).requires_grad_()
    if c['loss'] in ('mse', 'rmse'):
        loss = F.mse_loss(x, torch.tensor(c['targets']).reshape(-1, c['width']))
        if c['loss'] == 'rmse': loss = loss.sqrt()
    else:
        y = torch.tensor(c['targets'])
        rows, lengths = len(c['lengths']), c['lengths']
        if c['perStep']: y = torch.where(torch.arange(len(y)) // rows < torch.tensor(lengths)[torch.arange(len(y)) % rows], y, -100)
        if c['loss'] == 'binary-log-loss':
            real = y != -100
            loss = F.binary_cross_entropy_with_logits(x[real, 0], y[real].float())
        else:
            w = torch.tensor(c['classWeights']) if c['classWeights'] else None
            loss = F.cross_entropy(x, y, weight=w, ignore_index=-100, reduction=c['timeReduction'] if c['perStep'] else 'mean')
            if c['perStep'] and c['timeReduction'] == 'sum': loss = loss / rows
    loss.backward()
    answers.append({'loss': float(loss), 'gradient': x.grad.flatten().tolist()})
print(json.dumps(answers))
`;

const missing = torchMissing();
const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? Number.NaN))),
    a.length === b.length ? 0 : 1,
  );

describe.skipIf(missing !== null)('losses and gradients against real PyTorch', () => {
  const ours = (): ReturnType<typeof lossAndGradient>[] => cases.map((c) => lossAndGradient(c, 6));
  it.each(['javascript', 'wasm'] as const)('on %s', async (backend) => {
    await (backend === 'wasm' ? startWasm() : startJavascript());
    const results = ours();
    const questions = results.map(({ made }, i) => ({
      ...cases[i],
      logits: made.logits,
      lengths: [...lengths],
      targets: [...(made.batch.tagTargets ?? made.batch.classTargets ?? made.batch.numberTargets ?? [])],
    }));
    const answers = askTorch(script, questions) as { loss: number; gradient: number[] }[];
    results.forEach(({ loss, gradient }, i) => {
      expect(Math.abs(loss - (answers[i]?.loss ?? Number.NaN)), cases[i]?.title).toBeLessThan(1e-5);
      expect(largest(answers[i]?.gradient ?? [], gradient), cases[i]?.title).toBeLessThan(2e-6);
    });
    await startJavascript();
  });
});

describe('padding', () => {
  it.each(cases.filter((c) => c.perStep).map((c) => [c.title, c] as const))('%s: more of it changes nothing', (_title, c) => {
    const [short, long] = [lossAndGradient(c, 4), lossAndGradient(c, 9)];
    expect(long.loss).toBe(short.loss);
    // Adding 0 makes -0 and 0 one.
    expect(long.gradient.subarray(0, short.gradient.length).map((v) => v + 0)).toEqual(short.gradient.map((v) => v + 0));
    expect([...long.gradient.subarray(short.gradient.length)].every((value) => value === 0)).toBe(true);
  });
});

it('stays finite for logits that overflow exp', () => {
  const x = tf.tensor2d([[1e4, -1e4]]);
  const batch = { ...make(cases[0] as Case, 1).batch, rows: 1, classTargets: Int32Array.of(1) };
  expect(batchLoss('cross-entropy', x, batch, 'mean', null).dataSync()[0]).toBe(2e4);
  const logit = tf.tensor2d([[-1e4]]);
  expect(batchLoss('binary-log-loss', logit, batch, 'mean', null).dataSync()[0]).toBe(1e4);
});

it('of a single class is 0, and pulls nowhere', () => {
  const batch = { ...make(cases[0] as Case, 1).batch, rows: 2, classTargets: Int32Array.of(0, 0) };
  const { value, grad } = tf.valueAndGrad((x) => batchLoss('cross-entropy', x, batch, 'mean', null))(tf.tensor2d([[3], [-2]]));
  expect([value.dataSync()[0], ...grad.dataSync()].map((each) => Math.abs(each ?? Number.NaN))).toEqual([0, 0, 0]);
});

it.each(['javascript', 'wasm'] as const)(
  'the root of a mean square of exactly right predictions is 1e-6, and pulls nowhere, on %s',
  async (backend) => {
    await (backend === 'wasm' ? startWasm() : startJavascript());
    const batch = { ...make(cases[8] as Case, 1).batch, rows: 2, numberTargets: Float32Array.of(1, -2, 0.5, 0) };
    const run = tf.valueAndGrad((x) => batchLoss('rmse', x, batch, 'mean', null));
    const exact = run(tf.tensor2d([1, -2, 0.5, 0], [2, 2]));
    expect(exact.value.dataSync()[0]).toBeCloseTo(1e-6, 12);
    expect([...exact.grad.dataSync()].map(Math.abs)).toEqual([0, 0, 0, 0]);
    // A thousand times the smallest error that can be told from none, and the root's own term does not show.
    const near = run(tf.tensor2d([1.0009765625, -2.0009765625, 0.5009765625, -0.0009765625], [2, 2]));
    expect(near.value.dataSync()[0]).toBeCloseTo(2 ** -10, 8);
    await startJavascript();
  },
);
