import '../../../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../files/safetensors.ts';
import { MemorySink } from '../../../training/memory-sink.test-support.ts';
import { TrainingSession } from '../../../training/session.tf.ts';
import { stateDict } from '../state-dict.ts';
import { exportUntrained, python, type TrainCase, trainCases, trainMissing } from './train-cases.ts';

function named(file: string): TrainCase {
  const found = trainCases.find((one) => one.file === file);
  if (found === undefined) throw new Error(`no case ${file}`);
  return found;
}

const parted = {
  ...named('mails.csv'),
  file: 'parted.csv',
  content: [
    'text,label,part',
    ...['hello Kate,greeting', 'the news,news', 'hello again,greeting', 'old news,news'].map((row) => `${row},train`),
    ...['hello you,greeting', 'the end,news', 'hello Kate again,news'].map((row) => `${row},dev`),
    'never read,greeting,test',
  ].join('\n'),
};
const sentences = (count: number, from: number): string =>
  Array.from(
    { length: count },
    (_, i) => `say ${(i + from) % 7} or ${(i * 3 + from) % 5},dis ${(i + from) % 7} "${(i * 3) % 5}"`,
  ).join('\n');
const pairs: TrainCase = {
  file: 'pairs.csv',
  content: `source,target\n${sentences(12, 0)}\n`,
  validation: `source,target\n${sentences(5, 3)}\n`,
  task: 'sequence-to-sequence',
  reader: { format: 'delimited', quotes: 'none', inputColumns: ['source'], targetColumns: ['target'] },
};
const verse: TrainCase = {
  file: 'verse.txt',
  content: 'the cat sat on a mat and\nthe dog sat on a log and\n\nthe frog sat on the dog\n'.repeat(3),
  validation: 'the dog sat on a mat\nand the cat\n'.repeat(4),
  task: 'language-model',
  reader: { format: 'text', inputColumns: ['text'], targetColumns: [] },
};

const stretches: TrainCase = {
  ...named('weather.csv'),
  file: 'stretches.csv',
  content: named('weather.csv')
    .content.split('\n')
    .map((line, i) =>
      line === '' ? '' : `${line},${i === 0 ? 'part' : i < 14 ? 'train' : i < 22 ? 'dev' : i < 24 ? 'test' : 'train'}`,
    )
    .join('\n'),
};

/** Settings unlike the defaults; every example in each batch, so that the order of examples does not matter, or a running text. */
const runs: readonly (readonly [title: string, of: TrainCase, settings: object])[] = [
  [
    'Nesterov, steps down, balanced classes',
    named('mails.csv'),
    { optimizer: { kind: 'nesterov' }, schedule: { kind: 'step', every: 2, factor: 0.3 }, classWeights: 'balanced' },
  ],
  [
    'AdamW, sum over time',
    named('names.conll'),
    { optimizer: { kind: 'adamw', beta1: 0.8 }, weightDecay: 0.3, timeReduction: 'sum', clipNorm: 0.2 },
  ],
  [
    'Adagrad, plateau, balanced tags',
    named('names.csv'),
    { optimizer: { kind: 'adagrad' }, schedule: { kind: 'plateau', patience: 1 }, learningRate: 0.3, classWeights: 'balanced' },
  ],
  [
    'RMSProp, root mean squared error',
    named('weather.csv'),
    { loss: 'rmse', optimizer: { kind: 'rmsprop', momentum: 0.5 }, clipNorm: null, clipValue: 0.01, learningRate: 0.005 },
  ],
  [
    'SGD, cosine after a warm-up',
    named('sums.csv'),
    { schedule: { kind: 'cosine', floor: 0.1 }, warmupSteps: 2, optimizer: { kind: 'sgd' }, weightDecay: 0.1 },
  ],
  [
    'validation rows by a column, early stopping',
    { ...parted, reader: { ...parted.reader, splitColumn: 'part' } },
    {
      epochs: 40,
      earlyStoppingPatience: 3,
      learningRate: 0.1,
      schedule: { kind: 'plateau', patience: 1 },
      classWeights: 'balanced',
    },
  ],
  ['validation stretches of a series', { ...stretches, reader: { ...stretches.reader, splitColumn: 'part' } }, { epochs: 12 }],
  [
    'an encoder–decoder with its own tokens',
    pairs,
    { epochs: 2, scheduledSampling: 1, learningRate: 0.1, optimizer: { kind: 'sgd' }, clipNorm: null },
  ],
  ['an encoder–decoder, by token error rate', pairs, { epochs: 25, learningRate: 0.03 }],
  [
    'a running text, its state carried on',
    verse,
    { epochs: 8, batchSize: 4, learningRate: 0.05, checkpointEverySteps: 2, earlyStoppingPatience: 2 },
  ],
  ['a running text without state', verse, { epochs: 4, batchSize: 4, carryState: false }],
];

describe.skipIf(trainMissing())('train.py ends with the weights that the app would keep', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-as-the-app-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(runs)('%s', async (title, one, given) => {
    const file = `${title.replace(/\W+/g, '-')}-${one.file}`;
    const trained = { epochs: 6, batchSize: 64, learningRate: 0.05, ...given };
    const { path, other, directory, data, plan, parameters, settings } = await exportUntrained(root, { ...one, file }, trained);
    const sink = new MemorySink();
    const session = new TrainingSession({ plan, data, settings, sink });
    expect(await session.run()).toBe('done');
    const { best, epoch } = session.state;
    session.dispose();
    if (best === null || sink.bestWeights === null) throw new Error('nothing was kept');
    expect(epoch < settings.epochs).toBe(settings.earlyStoppingPatience !== null);

    const { stdout, stderr } = await python(
      directory,
      'train.py',
      path,
      ...(one.validation === undefined ? [] : ['--validation', other]),
    );
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines.filter((line) => line.startsWith('epoch '))).toHaveLength(epoch);
    expect(lines.some((line) => line.startsWith('stopped early'))).toBe(epoch < settings.epochs);
    expect(lines.at(-1)).toBe(
      `kept: the weights after step ${best.step}, ${lines.at(-1)?.split(' ').at(-2)} ${best.value.toFixed(4)}`,
    );
    const { tensors } = decodeSafetensors(readFileSync(join(directory, 'trained.safetensors')));
    const before = stateDict(plan, parameters);
    let moved = 0;
    for (const [name, { data: expected }] of stateDict(plan, sink.bestWeights)) {
      expected.forEach((value, i) => {
        expect(tensors.get(name)?.data[i], name).toBeCloseTo(value, 4);
        moved = Math.max(moved, Math.abs(value - (before.get(name)?.data[i] ?? 0)));
      });
    }
    expect(moved).toBeGreaterThan(0.005);
  });
});
