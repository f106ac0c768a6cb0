import '../../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compilePlan } from '../../compile/compile-plan.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model } from '../../compile/materialize.tf.ts';
import { makeBatch } from '../../data/batches.ts';
import { prepareData } from '../../data/prepare.ts';
import { type DataBinding, dataBinding } from '../../document/data-binding.ts';
import { node, wire } from '../../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../../document/schema.ts';
import { type TrainingSettings, trainingSettings } from '../../document/training-settings.ts';
import { Random } from '../../random.ts';
import { decodeSafetensors } from '../../runs/safetensors.ts';
import { chooseLoss } from '../../training/loss-kind.ts';
import { afterValidation, initialSchedule, learningRate } from '../../training/schedules.ts';
import { balancedWeights } from '../../training/target-weights.ts';
import { TrainStep } from '../../training/train-step.tf.ts';
import { writeFolder } from '../write-folder.ts';
import { exportPytorch } from './export.ts';
import { findTorch } from './find-torch.ts';
import { computeGoldens } from './goldens.tf.ts';
import { stateDict } from './state-dict.ts';

const torch = findTorch();
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
if ('reason' in torch) console.warn(`train.py is not run: ${torch.reason}`);

const csv = [
  'text,label',
  '"Hello, Kate",greeting',
  '"She said ""deep learning"" and\nleft",news',
  'Schöne Grüße aus Köln,greeting',
  '"[1] is no list",news',
  'the news,news',
  'hello again,greeting',
].join('\n');
const tsv = 'label\ttext\ngreeting\tHello, "Kate"\nnews\tthe news\ngreeting\thello you\n';
const jsonl = [
  { text: 'Hello, Kate', label: 'greeting' },
  { text: ['the', 'News'], label: 'news' },
  { text: 'a line\u2028separator', label: 'news' },
]
  .map((row) => JSON.stringify(row))
  .join('\n');
const conll =
  '# sent_id = 1\nKate\tNNP\tB\nteaches\tVBZ\tO\n\n-DOCSTART- -X- O\n\nJon\tNNP\tB\nand\tCC\tO\nKate\tNNP\tB\n.\t.\tO\n';
const taggedCsv = 'words,tags\nKate teaches,B O\n"[""Jon"",""sings""]",B O\n';
const series = `day,rain,temperature\n${Array.from({ length: 30 }, (_, i) => `${i},${(i * 7) % 5},${10 + 5 * Math.sin(i / 3)}`).join('\n')}\n`;
const steps = 'a;b;c;sum\n1;2;3;6\n4;5;6.5;15.5\n-1;0;1;0\n2;2;2;6\n';

type Reader = Extract<DataBinding['source'], { kind: 'file' }>['reader'];
interface Case {
  readonly file: string;
  readonly content: string;
  readonly task: DataBinding['task'];
  readonly reader: Partial<Reader> & Pick<Reader, 'format' | 'inputColumns' | 'targetColumns'>;
}

const text = { inputColumns: ['text'], targetColumns: ['label'] };
const cases: readonly Case[] = [
  { file: 'mails.csv', content: csv, task: 'sequence-classification', reader: { format: 'delimited', ...text } },
  { file: 'mails.tsv', content: tsv, task: 'sequence-classification', reader: { format: 'delimited', ...text } },
  { file: 'mails.jsonl', content: jsonl, task: 'sequence-classification', reader: { format: 'jsonl', ...text } },
  {
    file: 'headless.csv',
    content: 'yes,hello you\nno,the news\nyes,hello Kate\n',
    task: 'sequence-classification',
    reader: { format: 'delimited', header: false, inputColumns: ['#1'], targetColumns: ['#0'] },
  },
  {
    file: 'names.conll',
    content: conll,
    task: 'step-tagging',
    reader: { format: 'conll', inputColumns: ['#0'], targetColumns: ['#2'] },
  },
  {
    file: 'names.csv',
    content: taggedCsv,
    task: 'step-tagging',
    reader: { format: 'delimited', inputColumns: ['words'], targetColumns: ['tags'] },
  },
  {
    file: 'weather.csv',
    content: series,
    task: 'forecasting',
    reader: { format: 'series', inputColumns: ['rain', 'temperature'], targetColumns: ['temperature'] },
  },
  {
    file: 'sums.csv',
    content: steps,
    task: 'sequence-regression',
    reader: { format: 'delimited', inputColumns: ['a', 'b', 'c'], targetColumns: ['sum'] },
  },
];

function documentOf(data: DataBinding, numeric: boolean): UnrollDocument {
  const regression = data.task === 'forecasting' || data.task === 'sequence-regression';
  return {
    ...emptyDocument('Trained elsewhere'),
    nodes: [
      ...(numeric ? [node('in', 'series-input')] : [node('in', 'token-input'), node('embed', 'embedding', { width: 6 })]),
      node('cell', 'gru-cell', { hidden: 8 }),
      node('rnn', 'recurrent', { output: data.task === 'step-tagging' ? 'every-step' : 'last' }),
      node('head', regression ? 'linear-regression' : 'dense-softmax'),
    ],
    edges: [
      ...(numeric ? ['in.sequence > rnn.sequence'] : ['in.tokens > embed.tokens', 'embed.sequence > rnn.sequence']),
      'cell.cell > rnn.cell',
      'rnn.output > head.input',
    ].map(wire),
    data,
  };
}

/** What train.py makes of a file, as JSON: `[input, target]` of each example. */
const printExamples = `
import json, sys
from argparse import Namespace
import predict, train
_, vocabulary = predict.load()
options = Namespace(format=None, input=None, target=None, no_header=False)
print(json.dumps([[x.tolist(), y.tolist()] for x, y in train.read_examples(sys.argv[1], vocabulary, options)]))`;

describe.skipIf('reason' in torch && !required)('train.py reads what the app reads', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-train-script-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  const python = (folder: string, ...args: readonly string[]) =>
    spawnSync('reason' in torch ? 'python3' : torch.python, ['-W', 'error', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });

  /** The export of an untrained network on the file's data. */
  async function exported({ file, content, task, reader }: Case, training: Partial<TrainingSettings> = {}) {
    const path = join(root, file);
    writeFileSync(path, content);
    const binding = dataBinding.parse({
      source: { kind: 'file', path, reader },
      task,
      split: { validation: 0, test: 0 },
      window: { length: 5, horizon: 2, stride: 3 },
    });
    const { encoding, splits } = await prepareData(binding);
    const base = documentOf(binding, encoding.facts.features !== null);
    const document = { ...base, training: { ...base.training, ...training } };
    const compiled = compilePlan(document, encoding.facts);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const { plan } = compiled;
    const parameters = initializeParameters(plan, 3);
    const model = new Model(plan, parameters);
    const goldens = await computeGoldens(model, encoding);
    model.dispose();
    const files = exportPytorch({ document, plan, encoding, parameters, goldens });
    const { directory } = await writeFolder(join(root, `${file}-export`), files, { overwrite: false });
    return { path, directory, encoding, split: splits.train, plan, parameters };
  }

  it.each(cases)('$file: the same inputs and targets, and it learns them', async (one) => {
    const { path, directory, encoding, split } = await exported(one);
    const { stdout, stderr } = python(directory, '-c', printExamples, path);
    expect(stderr).toBe('');
    const examples = JSON.parse(stdout) as [unknown, unknown][];
    const order = Array.from({ length: split.count }, (_, i) => i).sort((a, b) => (split.lines[a] ?? 0) - (split.lines[b] ?? 0));
    expect(examples).toHaveLength(order.length);
    order.forEach((example, at) => {
      const batch = makeBatch(split, Uint32Array.of(example), encoding.facts.features);
      const width = encoding.facts.features ?? 0;
      const input = batch.tokens ?? batch.series ?? [];
      const [x, y] = examples[at] ?? [];
      const flat = [x].flat(3) as number[];
      expect(flat).toHaveLength(batch.steps * Math.max(1, width));
      flat.forEach((value, i) => {
        expect(value).toBeCloseTo(input[i] ?? Number.NaN, 5);
      });
      const targets = [y].flat() as number[];
      const expected = Array.from(batch.tagTargets ?? batch.classTargets ?? batch.numberTargets ?? []);
      expect(targets).toHaveLength(expected.length);
      targets.forEach((value, k) => {
        expect(value).toBeCloseTo(expected[k] ?? Number.NaN, 5);
      });
    });
    const trained = python(directory, 'train.py', path, '--epochs', '60', '--learning-rate', '0.02');
    expect(trained.stderr).toBe('');
    const losses = [...trained.stdout.matchAll(/loss ([\d.]+)/g)].map((match) => Number(match[1]));
    expect(losses).toHaveLength(60);
    expect(losses[59]).toBeLessThan((losses[0] ?? 0) / 3);
  });

  /** Settings unlike the defaults; every example in each batch, so that the order of examples does not matter. */
  const runs: readonly (readonly [file: string, settings: Parameters<typeof trainingSettings.parse>[0]])[] = [
    [
      'mails.csv',
      { optimizer: { kind: 'nesterov' }, schedule: { kind: 'step', every: 2, factor: 0.3 }, classWeights: 'balanced' },
    ],
    ['names.conll', { optimizer: { kind: 'adamw', beta1: 0.8 }, weightDecay: 0.3, timeReduction: 'sum', clipNorm: 0.2 }],
    [
      'names.csv',
      { optimizer: { kind: 'adagrad' }, schedule: { kind: 'plateau', patience: 1 }, learningRate: 0.3, classWeights: 'balanced' },
    ],
    [
      'weather.csv',
      { loss: 'rmse', optimizer: { kind: 'rmsprop', momentum: 0.5 }, clipNorm: null, clipValue: 0.01, learningRate: 0.005 },
    ],
    ['sums.csv', { schedule: { kind: 'cosine', floor: 0.1 }, warmupSteps: 2, optimizer: { kind: 'sgd' }, weightDecay: 0.1 }],
  ];

  it.each(runs)('%s: goes on as the app would, with the settings of the run', async (file, given) => {
    const one = cases.find((each) => each.file === file);
    if (one === undefined) throw new Error(`no case ${file}`);
    const settings = trainingSettings.parse({ epochs: 6, batchSize: 64, learningRate: 0.05, ...(given as object) });
    const { path, directory, encoding, split, plan, parameters } = await exported({ ...one, file: `settings-${file}` }, settings);
    const classes = encoding.facts.classes ?? 0;
    const weights = settings.classWeights === 'balanced' ? balancedWeights(split, classes) : null;
    const model = new Model(plan, parameters);
    const step = new TrainStep(model, chooseLoss(plan, settings.loss), settings, weights);
    let state = initialSchedule;
    const batch = makeBatch(
      split,
      Uint32Array.from({ length: split.count }, (_, i) => i),
      encoding.facts.features,
    );
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      const figures = step.run(batch, learningRate(settings, state, epoch, epoch, settings.epochs), new Random(1));
      state = afterValidation(settings, state, figures.dataSync()[0] ?? 0);
    }
    const variables = [...model.variables].map(([name, variable]) => {
      const data = Float32Array.from(variable.dataSync());
      return [name, { dtype: 'F32', shape: variable.shape, data }] as const;
    });
    const expected = stateDict(plan, new Map(variables));
    const { stderr } = python(directory, 'train.py', path);
    expect(stderr).toBe('');
    const { tensors } = decodeSafetensors(readFileSync(join(directory, 'trained.safetensors')));
    const before = stateDict(plan, parameters);
    let moved = 0;
    for (const [name, { data }] of expected) {
      data.forEach((value, i) => {
        expect(tensors.get(name)?.data[i], name).toBeCloseTo(value, 4);
        moved = Math.max(moved, Math.abs(value - (before.get(name)?.data[i] ?? 0)));
      });
    }
    expect(moved).toBeGreaterThan(0.005);
  });

  it('takes columns by other names, and says what is wrong with a file', async () => {
    const { directory } = await exported({ ...(cases[0] as Case), file: 'named.csv' });
    const other = 'id;words;kind\n1;hello Kate;greeting\n';
    const asked: readonly (readonly [file: string, content: string, ...options: string[]])[] = [
      ['other.csv', other, '--input', 'words', '--target', 'kind'],
      ['other.csv', other],
      ['class.csv', 'text,label\nhello,poem\n'],
      ['ragged.csv', 'text,label\nhello\n'],
      ['broken.jsonl', '{"text": "hello", "label": "greeting"}\n{"text":'],
      ['examples.xyz', 'hello'],
      ['empty.csv', 'text,label\n'],
    ];
    for (const [name, content] of asked) writeFileSync(join(directory, name), content);
    // All in one process: loading torch takes longer than the rest.
    const program = `
import json, sys, train
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["train.py", *arguments]
    try:
        train.main()
    except SystemExit as error:
        print(error)`;
    const calls = asked.map(([name, _content, ...options]) => [name, '--epochs', '1', ...options]);
    const { stdout, stderr } = python(directory, '-c', program, JSON.stringify(calls));
    expect(stderr).toMatch(/^left out: line 2: no JSON.*\n$/);
    const said = stdout.trim().split('\n');
    const expected = [
      /^epoch 1 {2}loss [\d.]+$/,
      /no input column \['text'\]; there are: id, words, kind\. Name one with --input/,
      /line 2: not an example of this model: unknown class 'poem'/,
      /no examples; line 2: expected 2 cells, found 1/,
      /^epoch 1 {2}loss [\d.]+$/,
      /expected a file that ends in \.jsonl/,
      /no examples/,
    ];
    expect(said).toHaveLength(expected.length);
    expected.forEach((words, i) => {
      expect(said[i]).toMatch(words);
    });
  });
});
