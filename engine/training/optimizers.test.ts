import '../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { type GradientRule, optimizerSettings } from '../document/training-settings.ts';
import { Random } from '../random.ts';
import { DeviceOptimizer } from './device-optimizer.tf.ts';
import { gradientRule } from './gradient-free/gradient-rule.ts';
import { HostOptimizer } from './host-optimizer.tf.ts';
import type { Optimizer } from './optimizer.tf.ts';
import { askTorch, torchMissing } from './torch-expectation.test-support.ts';

beforeAll(async () => {
  await startJavascript();
});

const shapes = { matrix: [3, 4], bias: [5] } as const;
const steps = 7;
const rate = 0.05;

interface Case {
  readonly title: string;
  readonly optimizer: GradientRule;
  readonly weightDecay?: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
}

const make = (settings: Record<string, unknown>): GradientRule => {
  const rule = gradientRule(optimizerSettings.parse(settings));
  if (rule === null) throw new Error('not a rule');
  return rule;
};
const cases: Case[] = [
  { title: 'sgd', optimizer: make({ kind: 'sgd' }) },
  { title: 'sgd with L2', optimizer: make({ kind: 'sgd' }), weightDecay: 0.1 },
  { title: 'momentum', optimizer: make({ kind: 'momentum' }), weightDecay: 0.1 },
  { title: 'nesterov', optimizer: make({ kind: 'nesterov' }), weightDecay: 0.1 },
  { title: 'adagrad', optimizer: make({ kind: 'adagrad' }), weightDecay: 0.1 },
  { title: 'rmsprop', optimizer: make({ kind: 'rmsprop' }), weightDecay: 0.1 },
  { title: 'rmsprop with momentum', optimizer: make({ kind: 'rmsprop', momentum: 0.8 }) },
  { title: 'adam', optimizer: make({ kind: 'adam' }) },
  { title: 'adam with L2 and large epsilon', optimizer: make({ kind: 'adam', epsilon: 0.1 }), weightDecay: 0.1 },
  { title: 'adamw', optimizer: make({ kind: 'adamw' }), weightDecay: 0.1 },
  { title: 'sgd clipped by norm', optimizer: make({ kind: 'sgd' }), clipNorm: 0.5 },
  { title: 'sgd below the norm', optimizer: make({ kind: 'sgd' }), clipNorm: 100 },
  {
    title: 'sgd clipped by value, then by norm',
    optimizer: make({ kind: 'sgd' }),
    clipValue: 0.4,
    clipNorm: 0.9,
    weightDecay: 0.1,
  },
  { title: 'adamw without decay', optimizer: make({ kind: 'adamw', beta1: 0.5, beta2: 0.9, epsilon: 0.01 }), clipNorm: 1 },
  {
    title: 'rmsprop with all',
    optimizer: make({ kind: 'rmsprop', momentum: 0.5, decay: 0.7, epsilon: 0.1 }),
    weightDecay: 0.2,
    clipNorm: 1,
  },
  { title: 'adam clipped by value', optimizer: make({ kind: 'adam' }), clipValue: 0.2 },
];

const random = new Random(3);
const draw = (shape: readonly number[]): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
const start = { matrix: draw(shapes.matrix), bias: draw(shapes.bias) };
const gradients = Array.from({ length: steps }, () => ({ matrix: draw(shapes.matrix), bias: draw(shapes.bias) }));

const script = `
import json, sys, torch
task = json.load(sys.stdin)
answers = []
for case in task['cases']:
    o = case['optimizer']; k = o['kind']; wd = case.get('weightDecay', 0); lr = task['rate']
    m = torch.nn.Parameter(torch.tensor(task['start']['matrix']).reshape(3, 4))
    b = torch.nn.Parameter(torch.tensor(task['start']['bias']))
    groups = [{'params': [m], 'weight_decay': wd}, {'params': [b], 'weight_decay': 0}]
    optim = torch.optim
    if k == 'sgd': opt = optim.SGD(groups, lr)
    elif k in ('momentum', 'nesterov'): opt = optim.SGD(groups, lr, momentum=o['momentum'], nesterov=k == 'nesterov')
    elif k == 'adagrad': opt = optim.Adagrad(groups, lr, eps=o['epsilon'])
    elif k == 'rmsprop': opt = optim.RMSprop(groups, lr, alpha=o['decay'], eps=o['epsilon'], momentum=o['momentum'])
    elif k == 'adam': opt = optim.Adam(groups, lr, betas=(o['beta1'], o['beta2']), eps=o['epsilon'])
    elif k == 'adamw': opt = optim.AdamW(groups, lr, betas=(o['beta1'], o['beta2']), eps=o['epsilon'])
    norms = []
    for g in task['gradients']:
        m.grad = torch.tensor(g['matrix']).reshape(3, 4); b.grad = torch.tensor(g['bias'])
        if 'clipValue' in case: torch.nn.utils.clip_grad_value_([m, b], case['clipValue'])
        norms.append(float(torch.nn.utils.clip_grad_norm_([m, b], case.get('clipNorm', 1e30))))
        opt.step()
    answers.append({'matrix': m.detach().flatten().tolist(), 'bias': b.detach().tolist(), 'norms': norms})
print(json.dumps(answers))
`;

interface Answer {
  readonly matrix: number[];
  readonly bias: number[];
  readonly norms: number[];
}

const places = { device: DeviceOptimizer, host: HostOptimizer };
type Place = keyof typeof places;

function build(c: Case, place: Place): { optimizer: Optimizer; matrix: tf.Variable; bias: tf.Variable } {
  const matrix = tf.tidy(() => tf.variable(tf.tensor(start.matrix, [...shapes.matrix])));
  const bias = tf.tidy(() => tf.variable(tf.tensor(start.bias, [...shapes.bias])));
  const optimizer = new places[place](
    [
      { name: 'm.matrix', variable: matrix, decay: true },
      { name: 'm.bias', variable: bias, decay: false },
    ],
    { optimizer: c.optimizer, weightDecay: c.weightDecay ?? 0, clipNorm: c.clipNorm ?? null, clipValue: c.clipValue ?? null },
  );
  return { optimizer, matrix, bias };
}

function step(optimizer: Optimizer, index: number): number {
  return tf.tidy(() => {
    const g = gradients[index] ?? { matrix: [], bias: [] };
    const given = { 'm.matrix': tf.tensor(g.matrix, [...shapes.matrix]), 'm.bias': tf.tensor(g.bias, [...shapes.bias]) };
    return optimizer.apply(given, rate).dataSync()[0] ?? Number.NaN;
  });
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? Number.NaN))),
    a.length === b.length ? 0 : 1,
  );

const missing = torchMissing();

describe.skipIf(missing !== null).each<Place>(['device', 'host'])('update rules on the %s against real PyTorch', (place) => {
  const answers = (missing === null ? askTorch(script, { cases, start, gradients, rate }) : []) as Answer[];
  it.each(cases.map((c, i) => [c.title, c, answers[i]] as const))('%s', (_title, c, answer) => {
    const { optimizer, matrix, bias } = build(c, place);
    const norms = gradients.map((_gradient, i) => step(optimizer, i));
    expect(largest(answer?.matrix ?? [], matrix.dataSync())).toBeLessThan(2e-6);
    expect(largest(answer?.bias ?? [], bias.dataSync())).toBeLessThan(2e-6);
    expect(largest(answer?.norms ?? [], norms)).toBeLessThan(1e-5);
  });
});

describe.each<Place>(['device', 'host'])('optimizer state on the %s', (place) => {
  it.each(cases.map((c) => [c.title, c] as const))('%s continues bit for bit from saved slots', async (_title, c) => {
    const whole = build(c, place);
    gradients.forEach((_gradient, i) => {
      step(whole.optimizer, i);
    });
    const first = build(c, place);
    for (let i = 0; i < 3; i++) step(first.optimizer, i);
    const second = build(c, place);
    second.matrix.assign(first.matrix);
    second.bias.assign(first.bias);
    second.optimizer.load(await first.optimizer.read(), first.optimizer.steps);
    for (let i = 3; i < steps; i++) step(second.optimizer, i);
    expect(second.matrix.dataSync()).toEqual(whole.matrix.dataSync());
    expect(second.bias.dataSync()).toEqual(whole.bias.dataSync());
  });

  it('keeps the number of tensors flat', () => {
    const { optimizer } = build(cases[7] as Case, place);
    step(optimizer, 0);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) step(optimizer, i % steps);
    expect(tf.memory().numTensors).toBe(before);
    optimizer.dispose();
  });

  it('takes a missing gradient for zeros: what remains is decay', () => {
    const { optimizer, matrix, bias } = build({ title: '', optimizer: make({ kind: 'sgd' }), weightDecay: 0.1 }, place);
    const before = [...matrix.dataSync()];
    const norm = tf.tidy(() => optimizer.apply({ 'm.bias': tf.tensor([3, 0, 0, 0, 4]) }, rate).dataSync()[0]);
    expect(norm).toBe(5);
    expect(
      largest(
        matrix.dataSync(),
        before.map((weight) => weight - rate * 0.1 * weight),
      ),
    ).toBeLessThan(1e-6);
    expect(
      largest(
        bias.dataSync(),
        start.bias.map((weight, i) => weight - rate * ([3, 0, 0, 0, 4][i] ?? 0)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('saves its averages by PyTorch’s names, in each parameter’s shape', async () => {
    const { optimizer } = build(cases[7] as Case, place);
    step(optimizer, 0);
    const saved = await optimizer.read();
    expect([...saved].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['optimizer.exp_avg.m.matrix', 'F32', [3, 4]],
      ['optimizer.exp_avg.m.bias', 'F32', [5]],
      ['optimizer.exp_avg_sq.m.matrix', 'F32', [3, 4]],
      ['optimizer.exp_avg_sq.m.bias', 'F32', [5]],
    ]);
    const g = gradients[0] ?? { matrix: [], bias: [] };
    const data = (name: string): ArrayLike<number> => saved.get(`optimizer.${name}`)?.data ?? [];
    expect(
      largest(
        data('exp_avg.m.bias'),
        g.bias.map((value) => 0.1 * value),
      ),
    ).toBeLessThan(1e-6);
    expect(
      largest(
        data('exp_avg_sq.m.matrix'),
        g.matrix.map((value) => 0.001 * value ** 2),
      ),
    ).toBeLessThan(1e-6);
    optimizer.load(saved, 41);
    expect(optimizer.steps).toBe(41);
  });

  it('frees what it holds', () => {
    const before = tf.memory().numTensors;
    const { optimizer, matrix, bias } = build(cases[7] as Case, place);
    step(optimizer, 0);
    optimizer.dispose();
    matrix.dispose();
    bias.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a slot of another size', () => {
    const { optimizer } = build(cases[3] as Case, place);
    const slot = { dtype: 'F32' as const, shape: [11], data: new Float32Array(11) };
    const saved = new Map([['optimizer.momentum_buffer.m.matrix', slot]]);
    expect(() => optimizer.load(saved, 1)).toThrow('optimizer.momentum_buffer.m.matrix: expected 12 numbers, found 11');
  });

  it('names the slot that a checkpoint lacks', () => {
    const { optimizer } = build(cases[7] as Case, place);
    expect(() => optimizer.load(new Map(), 1)).toThrow('optimizer.exp_avg.m.matrix: expected 12 numbers, found none');
  });
});
