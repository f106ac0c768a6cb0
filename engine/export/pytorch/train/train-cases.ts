import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { z } from 'zod';
import { compilePlan } from '../../../compile/compile-plan.ts';
import { initializeParameters } from '../../../compile/initialize.ts';
import { Model } from '../../../compile/materialize.tf.ts';
import { prepareData } from '../../../data/prepare.ts';
import { type DataBinding, dataBinding } from '../../../document/data-binding.ts';
import { trainingSettings } from '../../../document/training-settings.ts';
import { warmPython } from '../../warm-python.test-support.ts';
import { writeFolder } from '../../write-folder.ts';
import { exportPytorch } from '../export.ts';
import { findTorch } from '../find-torch.ts';
import { computeGoldens } from '../goldens.tf.ts';
import type { ParityCase } from '../parity-cases.ts';
import { smallNetwork } from '../small-network.ts';

const torch = findTorch();
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';

/** Whether train.py cannot be run here; says so. */
export function trainMissing(): boolean {
  if ('reason' in torch) console.warn(`train.py is not run: ${torch.reason}`);
  return 'reason' in torch && !required;
}

/** The Python that runs it. */
export const trainPython = (): string => ('reason' in torch ? 'python3' : torch.python);

const warm = warmPython(trainPython(), ['torch']);

/** Runs Python in a folder; warnings are errors. */
export const python = (folder: string, ...args: readonly string[]) => warm.run({ folder, arguments: args, input: '' });

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
/** A table of so many days. */
export const weather = (days: number): string =>
  `day,rain,temperature\n${Array.from({ length: days }, (_, i) => `${i},${(i * 7) % 5},${10 + 5 * Math.sin(i / 3)}`).join('\n')}\n`;
const steps = 'a;b;c;sum\n1;2;3;6\n4;5;6.5;15.5\n-1;0;1;0\n2;2;2;6\n';

/** As pandas writes rows that were shuffled. */
const columnsJson =
  '{"text":{"10":"Hello, Kate","3":"the \\"News\\"","7":"a line","-1":"hello"},"label":{"10":"greeting","3":"news","7":"news","-1":"greeting"}}';
const splitJson =
  '{"columns":["text","label"],"index":[10,3,7],"data":[["Hello, Kate","greeting"],["the {News","news"],[["a","line"],"news"]]}';
const underJson = JSON.stringify(
  {
    schema: [{ name: 'text' }],
    data: [
      { text: 'Hello, Kate', label: 'greeting' },
      { text: 'the }News', label: 'news' },
    ],
  },
  null,
  1,
);

type Reader = Extract<DataBinding['source'], { kind: 'file' }>['reader'];
export interface TrainCase {
  readonly file: string;
  readonly content: string;
  readonly task: DataBinding['task'];
  /** A file for validation of its own. */
  readonly validation?: string;
  readonly reader: Partial<Reader> & Pick<Reader, 'format' | 'inputColumns' | 'targetColumns'>;
  /** Settings of the data beside them; nothing is held out where they do not say it. */
  readonly data?: Partial<z.input<typeof dataBinding>>;
  /** Another network than the small one. */
  readonly network?: ParityCase;
}

const text = { inputColumns: ['text'], targetColumns: ['label'] };
export const trainCases: readonly TrainCase[] = [
  { file: 'mails.csv', content: csv, task: 'sequence-classification', reader: { format: 'delimited', ...text } },
  { file: 'mails.tsv', content: tsv, task: 'sequence-classification', reader: { format: 'delimited', ...text } },
  { file: 'mails.jsonl', content: jsonl, task: 'sequence-classification', reader: { format: 'jsonl', ...text } },
  { file: 'mails.jsonl.gz', content: jsonl, task: 'sequence-classification', reader: { format: 'jsonl', ...text } },
  { file: 'columns.json', content: columnsJson, task: 'sequence-classification', reader: { format: 'jsonl', ...text } },
  { file: 'split.json', content: splitJson, task: 'sequence-classification', reader: { format: 'jsonl', ...text } },
  { file: 'under.json', content: underJson, task: 'sequence-classification', reader: { format: 'jsonl', ...text } },
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
    content: weather(30),
    task: 'forecasting',
    reader: { format: 'series', inputColumns: ['rain', 'temperature'], targetColumns: ['temperature'] },
  },
  // Columns that nobody chose: the app finds them.
  {
    file: 'found.csv',
    content:
      'id,words,kind\n1,hello you there,yes\n2,the news of today,no\n3,hello Kate and Jon,yes\n4,more news of the day,no\n',
    task: 'sequence-classification',
    reader: { format: 'delimited', inputColumns: [], targetColumns: [] },
  },
  {
    file: 'found-series.csv',
    content: `when${weather(30)
      .slice(3)
      .replaceAll(/^(\d+),/gm, (_row, day) => `${new Date(Date.UTC(2024, 0, 1 + Number(day))).toISOString().slice(0, 10)},`)}`,
    task: 'forecasting',
    reader: { format: 'delimited', inputColumns: [], targetColumns: [] },
  },
  {
    file: 'parts.csv',
    // Every second row first: the file's order is not that of time.
    content: `year,month,day,hour,v\n${[
      ...Array.from({ length: 15 }, (_, i) => 2 * i),
      ...Array.from({ length: 15 }, (_, i) => 2 * i + 1),
    ]
      .map((i) => ({ at: new Date(Date.UTC(2019, 11, 30, 12 * i)), value: 10 + 5 * Math.sin(i / 3) }))
      .map(({ at, value }) => [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), value].join(','))
      .join('\n')}\n`,
    task: 'forecasting',
    reader: { format: 'series', inputColumns: ['v'], targetColumns: ['v'] },
  },
  {
    file: 'sums.csv',
    content: steps,
    task: 'sequence-regression',
    reader: { format: 'delimited', inputColumns: ['a', 'b', 'c'], targetColumns: ['sum'] },
  },
];

/** The export of an untrained network on the file's data, packed where its name ends so. @param given settings of training */
export async function exportUntrained(root: string, one: TrainCase, given: object = {}) {
  const { file, content, task, reader, validation, network } = one;
  const path = join(root, file);
  const other = join(root, `validation-${file}`);
  const bytesOf = (text: string): string | Buffer => (file.endsWith('.gz') ? gzipSync(text) : text);
  writeFileSync(path, bytesOf(content));
  if (validation !== undefined) writeFileSync(other, bytesOf(validation));
  const binding = dataBinding.parse({
    source: { kind: 'file', path, reader, ...(validation === undefined ? {} : { splitFiles: { validation: other } }) },
    task,
    split: { validation: 0, test: 0 },
    window: { length: 5, horizon: 2, stride: 3 },
    languageModel: { chunk: 6 },
    ...one.data,
  });
  const data = await prepareData(binding);
  const { encoding } = data;
  const training = trainingSettings.parse(given);
  const graph = network ? { ...network.document, data: binding } : smallNetwork(binding, encoding.facts.features !== null);
  const document = { ...graph, training };
  const compiled = compilePlan(document, encoding.facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { plan } = compiled;
  const parameters = initializeParameters(plan, training.seed);
  const model = new Model(plan, parameters);
  const goldens = await computeGoldens(model, encoding);
  model.dispose();
  const files = exportPytorch({ document, plan, encoding, parameters, goldens });
  const { directory } = await writeFolder(join(root, `${file}-export`), files, { overwrite: false });
  return { path, other, directory, encoding, data, plan, parameters, settings: training };
}
