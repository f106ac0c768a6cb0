import { namedCase } from '../named-case.ts';
import { type TrainCase, trainCases, weather } from './train-cases.ts';

/** A training that must be the same in the app and in `train.py`. */
export interface EqualityCase extends TrainCase {
  readonly title: string;
  /** Of training, unlike the defaults. */
  readonly settings: object;
}

function known(file: string): TrainCase {
  const found = trainCases.find((one) => one.file === file);
  if (found === undefined) throw new Error(`no case ${file}`);
  return found;
}

const lines = (count: number, line: (i: number) => string): string =>
  `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`;
const word = (i: number): string => ['the', 'news', 'of', 'Kate', 'and', 'old', 'say', 'end', 'you'][i % 9] ?? '';
/** From one word to nine, in no order. */
const ragged = (i: number): string =>
  Array.from({ length: 1 + ((i * 5) % 9) }, (_, k) => word(i * 3 + k * (1 + (i % 2)))).join(' ');

const texts: Omit<TrainCase, 'file' | 'content'> = {
  task: 'sequence-classification',
  reader: { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] },
};
const verse = 'the cat sat on a mat and\nthe dog sat on a log and\n\nthe frog sat on the dog\n';
const sentences = (count: number, from: number): string =>
  lines(
    count,
    (i) =>
      `say ${(i + from) % 7} or ${(i * 3 + from) % 5}${i % 3 ? '' : ` and ${i % 4} again`},dis ${(i + from) % 7} "${(i * 3) % 5}"`,
  );

const pairs: TrainCase = {
  file: 'pairs.csv',
  content: `source,target\n${sentences(12, 0)}`,
  validation: `source,target\n${sentences(5, 3)}`,
  task: 'sequence-to-sequence',
  reader: { format: 'delimited', quotes: 'none', inputColumns: ['source'], targetColumns: ['target'] },
};
const parted = {
  ...known('mails.csv'),
  file: 'parted.csv',
  content: [
    'text,label,part',
    ...['hello Kate,greeting', 'the news,news', 'hello again,greeting', 'old news,news'].map((row) => `${row},train`),
    ...['hello you,greeting', 'the end,news', 'hello Kate again,news'].map((row) => `${row},dev`),
    'the news again,greeting,test',
  ].join('\n'),
};
const stretches = {
  ...known('weather.csv'),
  file: 'stretches.csv',
  content: known('weather.csv')
    .content.split('\n')
    .map((line, i) =>
      line === '' ? '' : `${line},${i === 0 ? 'part' : i < 14 ? 'train' : i < 22 ? 'dev' : i < 24 ? 'test' : 'train'}`,
    )
    .join('\n'),
};
const running: TrainCase = {
  file: 'verse.txt',
  content: verse.repeat(3),
  validation: 'the dog sat on a mat\nand the cat\n'.repeat(4),
  task: 'language-model',
  reader: { format: 'text', inputColumns: ['text'], targetColumns: [] },
};

/** Every example in each batch: every kind of setting. */
const wholeBatches: readonly EqualityCase[] = [
  {
    ...known('mails.csv'),
    title: 'Nesterov, steps down, balanced classes',
    settings: { optimizer: { kind: 'nesterov' }, schedule: { kind: 'step', every: 2, factor: 0.3 }, classWeights: 'balanced' },
  },
  {
    ...known('names.conll'),
    title: 'AdamW, sum over time',
    settings: { optimizer: { kind: 'adamw', beta1: 0.8 }, weightDecay: 0.3, timeReduction: 'sum', clipNorm: 0.2 },
  },
  {
    ...known('names.csv'),
    title: 'Adagrad, plateau, balanced tags',
    settings: {
      optimizer: { kind: 'adagrad' },
      schedule: { kind: 'plateau', patience: 1 },
      learningRate: 0.3,
      classWeights: 'balanced',
    },
  },
  {
    ...known('weather.csv'),
    title: 'RMSProp, root mean squared error',
    settings: {
      loss: 'rmse',
      optimizer: { kind: 'rmsprop', momentum: 0.5 },
      clipNorm: null,
      clipValue: 0.01,
      learningRate: 0.005,
    },
  },
  {
    ...known('sums.csv'),
    title: 'SGD, cosine after a warm-up',
    settings: { schedule: { kind: 'cosine', floor: 0.1 }, warmupSteps: 2, optimizer: { kind: 'sgd' }, weightDecay: 0.1 },
  },
  {
    ...parted,
    title: 'validation and test rows by a column, early stopping',
    reader: { ...parted.reader, splitColumn: 'part' },
    settings: {
      epochs: 40,
      earlyStoppingPatience: 5,
      learningRate: 0.1,
      schedule: { kind: 'plateau', patience: 1 },
      classWeights: 'balanced',
    },
  },
  {
    ...stretches,
    title: 'validation stretches of a series',
    reader: { ...stretches.reader, splitColumn: 'part' },
    settings: { epochs: 12 },
  },
  { ...pairs, title: 'an encoder–decoder, by token error rate', settings: { epochs: 25, learningRate: 0.03 } },
];

/** Batches of some examples, ragged, in the app's order; splits cut by the app; an epoch has more than five of them. */
const smallBatches: readonly EqualityCase[] = [
  {
    ...texts,
    file: 'ragged.csv',
    title: 'classes, the last batch of one row, stratified splits',
    // 81 are for training: the last batch has one row, so the second process has none.
    content: `text,label\n${lines(101, (i) => `${ragged(i)},${i % 3 === 0 ? 'yes' : 'no'}`)}`,
    data: { split: { validation: 0.1, test: 0.1, seed: 4 } },
    settings: { epochs: 2, batchSize: 8, classWeights: 'balanced' },
  },
  {
    ...texts,
    file: 'kept-together.csv',
    title: 'a sigmoid, groups kept together, a limit',
    content: `text,label,who\n${lines(120, (i) => `${ragged(i)},${i % 3 === 0 ? 'yes' : 'no'},p${(i * 7) % 23}`)}`,
    reader: { ...texts.reader, groupColumn: 'who' },
    data: { split: { validation: 0.2, test: 0.15 }, limit: 90 },
    network: namedCase('sigmoid head per example'),
    settings: { epochs: 2, batchSize: 9, optimizer: { kind: 'momentum' }, learningRate: 0.05 },
  },
  {
    file: 'lines.txt',
    title: 'lines of a language model of two layers, a cell given by its equations',
    content: lines(60, ragged),
    task: 'language-model',
    reader: { format: 'text', inputColumns: ['text'], targetColumns: [] },
    data: { split: { validation: 0.1, test: 0.1 }, languageModel: { unit: 'line' } },
    network: namedCase('language model · every role'),
    settings: { epochs: 2, batchSize: 7 },
  },
  {
    file: 'tags.csv',
    title: 'tags by a bidirectional LSTM of two layers, summed over time',
    content: `words,tags\n${lines(60, (i) => `${ragged(i)},${ragged(i).replaceAll(/\w+/g, (one) => (one.length > 3 ? 'B' : 'O'))}`)}`,
    task: 'step-tagging',
    reader: { format: 'delimited', inputColumns: ['words'], targetColumns: ['tags'] },
    data: { split: { validation: 0.15, test: 0.1 } },
    network: namedCase('lstm · concat · depth 2 · every-step'),
    settings: { epochs: 2, batchSize: 7, timeReduction: 'sum', classWeights: 'balanced', learningRate: 0.01 },
  },
  {
    ...known('weather.csv'),
    file: 'held-out.csv',
    content: weather(70),
    title: 'windows of a series, its end held out, root mean squared error',
    data: { split: { validation: 0.2, test: 0.2 }, window: { length: 5, horizon: 2 } },
    settings: { epochs: 2, batchSize: 4, loss: 'rmse' },
  },
  {
    ...pairs,
    file: 'own-tokens.csv',
    content: `source,target\n${sentences(40, 0)}`,
    title: 'an encoder–decoder with attention and its own tokens',
    network: namedCase('decoder · lstm · additive'),
    settings: { epochs: 2, batchSize: 6, scheduledSampling: 0.8, learningRate: 0.02, clipNorm: 0.5 },
  },
  {
    ...running,
    file: 'carried.txt.gz',
    title: 'a running text, its state carried on, rows that end before others',
    content: verse.repeat(13),
    network: namedCase('language model · lstm'),
    settings: { epochs: 2, batchSize: 8, learningRate: 0.05 },
  },
  {
    file: 'cut.txt',
    task: 'language-model',
    reader: running.reader,
    title: 'a running text without state, its end held out',
    content: lines(40, ragged),
    data: { split: { validation: 0.2, test: 0.1 }, languageModel: { chunk: 6 } },
    settings: { epochs: 2, batchSize: 4, carryState: false },
  },
];

export const equalityCases: readonly EqualityCase[] = [
  ...wholeBatches.map((one) => ({ ...one, settings: { epochs: 6, batchSize: 64, learningRate: 0.05, ...one.settings } })),
  ...smallBatches.map((one) => ({ ...one, settings: { checkpointEverySteps: 5, ...one.settings } })),
];
